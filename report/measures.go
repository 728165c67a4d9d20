package report

import (
	"maps"
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// item is a sentence with what belongs under it.
type item struct {
	Text  string
	Items []string
}

// measures says the figures of a call in sentences.
func (w words) measures(m score.Measures) []item {
	items := []item{}
	say := func(key string, args ...any) { items = append(items, item{Text: w.t(key, args...)}) }
	if talk := byRole(w, m.TalkMS, "explain.talk.role", func(t call.Millis) []any { return []any{clock(t)} }); talk != "" {
		say("explain.talk", talk)
	}
	if m.AgentTalkRatio != nil {
		say("explain.ratio", w.percent(m.AgentTalkRatio))
	}
	if m.OverlapMS != nil && m.NonTalkMS != nil {
		say("explain.overlap", w.seconds(*m.OverlapMS), clock(*m.NonTalkMS))
	}
	if rates := byRole(w, m.CharsPerMinute, "explain.rate.role", func(rate float64) []any { return []any{rate} }); rates != "" {
		say("explain.rate", rates)
	}
	items = append(items, w.voice(m)...)
	items = append(items, w.exchange(m)...)
	if line := w.line(m); line != "" {
		say("explain.line", line)
	}
	return append(items, w.withheldMeasures(telling(m.Withheld))...)
}

// voice says how loud the parties are.
func (w words) voice(m score.Measures) []item {
	items := []item{}
	if louder, known := m.LoudnessDB[call.RoleAgent]; known {
		items = append(items, item{Text: w.t("explain.loudness", m.LevelDB[call.RoleAgent], m.LevelDB[call.RoleCustomer], louder)})
	}
	if len(m.Shouts) == 0 {
		return items
	}
	shouts := item{Text: w.t("explain.shouts", len(m.Shouts))}
	for _, s := range m.Shouts {
		text := w.t("explain.shout", span(s.Span), w.role(s.Role), s.AboveDB)
		if s.Text != "" {
			text += w.t("clause") + w.t("explain.quote", s.Text)
		}
		shouts.Items = append(shouts.Items, text)
	}
	return append(items, shouts)
}

// line says what the telephone system knows.
func (w words) line(m score.Measures) string {
	parts := []string{}
	if m.AnswerDelayMS != nil {
		parts = append(parts, w.t("explain.answer", w.seconds(*m.AnswerDelayMS)))
	}
	if m.Rings != nil {
		parts = append(parts, w.t("explain.rings", *m.Rings))
	}
	if m.HungUpBy != nil {
		parts = append(parts, w.t("explain.hung_up", w.role(*m.HungUpBy)))
	}
	return w.list(parts)
}

// telling drops what is withheld but worth no line to people: what only the metadata of some centres carry,
// figures of single utterances, whose measure of the whole call is named, and turns too few to count.
func telling(withheld map[string]string) map[string]string {
	told := make(map[string]string)
	for measure, reason := range withheld {
		name, _, _ := strings.Cut(measure, ".")
		switch {
		case reason == "no_metadata", strings.HasPrefix(name, "utterance_"), name == "level_db", name == "long_monologues":
		case reason == "too_short" && (name == "response_ms" || name == "longest_monologue" || name == "shouts"):
		default:
			told[measure] = reason
		}
	}
	return told
}

// withheldMeasures says what could not be measured, by reason.
func (w words) withheldMeasures(withheld map[string]string) []item {
	byReason := make(map[string]map[string]string)
	for measure, reason := range withheld {
		if byReason[reason] == nil {
			byReason[reason] = make(map[string]string)
		}
		byReason[reason][measure] = reason
	}
	items := []item{}
	for _, reason := range slices.Sorted(maps.Keys(byReason)) {
		items = append(items, item{Text: w.t("explain.withheld", w.known("cause", reason), w.missing(byReason[reason]))})
	}
	return items
}

// byRole says a figure of each role that has one.
func byRole[T any](w words, figures map[call.Role]T, key string, args func(T) []any) string {
	items := []string{}
	for _, role := range []call.Role{call.RoleAgent, call.RoleCustomer, call.RoleUnknown} {
		if figure, ok := figures[role]; ok {
			items = append(items, w.t(key, append([]any{w.role(role)}, args(figure)...)...))
		}
	}
	return w.list(items)
}

// health says how a channel is.
func (w words) health(h call.ChannelHealth) string {
	state := w.known("status", string(h.Status))
	for _, reason := range h.Reasons {
		state += w.t("comma") + w.known("cause", reason)
	}
	return w.t("explain.channel", h.Channel, w.role(h.Role), state)
}
