package report

import (
	"maps"
	"slices"

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
	if agent, ok := m.TalkMS[call.RoleAgent]; ok {
		say("explain.talk", clock(agent), clock(m.TalkMS[call.RoleCustomer]))
	}
	if m.AgentTalkRatio != nil {
		say("explain.ratio", w.percent(m.AgentTalkRatio))
	}
	if m.OverlapMS != nil && m.NonTalkMS != nil {
		say("explain.overlap", w.seconds(*m.OverlapMS), clock(*m.NonTalkMS))
	}
	if rates := w.rates(m.CharsPerMinute); rates != "" {
		say("explain.rate", rates)
	}
	if _, withheld := m.Withheld["interruptions"]; !withheld {
		items = append(items, w.interruptions(m.Interruptions))
	}
	if _, withheld := m.Withheld["silences"]; !withheld {
		items = append(items, w.silences(m.Silences))
	}
	return append(items, w.withheldMeasures(m.Withheld)...)
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

func (w words) rates(perMinute map[call.Role]float64) string {
	items := []string{}
	for _, role := range []call.Role{call.RoleAgent, call.RoleCustomer, call.RoleUnknown} {
		if rate, ok := perMinute[role]; ok {
			items = append(items, w.t("explain.rate.role", w.role(role), rate))
		}
	}
	return w.list(items)
}

func (w words) interruptions(all []score.Interruption) item {
	list := item{Text: w.t("explain.interrupts", len(all))}
	for _, i := range all {
		list.Items = append(list.Items, w.interruption(i))
	}
	return list
}

func (w words) silences(all []score.Silence) item {
	list := item{Text: w.t("explain.silences", len(all))}
	for _, s := range all {
		announced := map[bool]string{true: "explain.announced", false: "explain.unannounced"}[s.Announced]
		list.Items = append(list.Items, span(s.Span)+" "+w.t(announced))
	}
	return list
}

func (w words) interruption(i score.Interruption) string {
	end := map[bool]string{true: "explain.yielded", false: "explain.not_yielded"}[i.Yielded]
	if i.Uncertain {
		end = "explain.uncertain"
	}
	text := w.t("explain.interrupt", clock(i.Start), w.role(i.By), w.seconds(i.OverlapMS), w.t(end))
	if i.Text != "" {
		text += w.t("clause") + w.t("explain.quote", i.Text)
	}
	return text
}

// health says how a channel is.
func (w words) health(h call.ChannelHealth) string {
	state := w.known("status", string(h.Status))
	for _, reason := range h.Reasons {
		state += w.t("comma") + w.known("cause", reason)
	}
	return w.t("explain.channel", h.Channel, w.role(h.Role), state)
}
