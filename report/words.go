package report

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// words gives the texts of one language.
type words struct{ column int }

func newWords(lang string) words {
	if lang == "en" {
		return words{column: 1}
	}
	return words{column: 0}
}

// lang returns the language's tag.
func (w words) lang() string { return []string{"zh-CN", "en"}[w.column] }

// ofOne is a plural after the number 1.
var ofOne = regexp.MustCompile(`(^|[^.\d])1 (more |unannounced |long )?` +
	`(call|recording|violation|place|interruption|silence|piece|point|time|repetition|ring|shout|monologue|wait)s\b`)

// singular mends the plurals of an English text: 1 calls becomes 1 call.
func singular(text string) string { return ofOne.ReplaceAllString(text, "${1}1 $2$3") }

// t returns the text of key, with args filled in when there are any.
func (w words) t(key string, args ...any) string {
	pair, ok := textOf(key)
	if !ok {
		return key
	}
	if len(args) == 0 {
		return pair[w.column]
	}
	text := fmt.Sprintf(pair[w.column], args...)
	if w.column == 1 {
		return singular(text)
	}
	return text
}

// textOf returns the text of key in both languages.
func textOf(key string) ([2]string, bool) {
	for _, table := range allTexts {
		if pair, ok := table[key]; ok {
			return pair, true
		}
	}
	return [2]string{}, false
}

// known returns the text of prefix.key, or key itself when it has none: lists that others may
// lengthen, as reasons, go through it.
func (w words) known(prefix, key string) string {
	if pair, ok := textOf(prefix + "." + key); ok {
		return pair[w.column]
	}
	return key
}

// RuleName returns the name of c's rule in the language lang, as all outputs show it.
func RuleName(lang string, c score.Criterion) string { return newWords(lang).rule(c) }

// rule returns the name of c's rule.
func (w words) rule(c score.Criterion) string {
	switch {
	case w.column == 1 && c.NameEN != "":
		return c.NameEN
	case c.Name != "":
		return c.Name
	}
	return c.Rule
}

// aCondition is how the note of a rule that is a condition begins.
const aCondition = "条件"

// note returns what was found for c, or the reason why nothing could be said. It is empty where the
// evidence says the same: that something was not said. What a condition came to it never says.
func (w words) note(c score.Criterion) string {
	said := slices.ContainsFunc(c.Evidence, func(e score.Evidence) bool { return !absent(e) })
	if c.Outcome == score.OutcomeFail && len(c.Evidence) > 0 && !said && !strings.HasPrefix(c.Note, aCondition) {
		return w.decided(c)
	}
	return w.join(cmp.Or(w.either(c.Note, c.NoteEN), w.known("cause", c.Reason)), w.decided(c))
}

// decided says what a person decided about c, or had decided before its evidence changed.
func (w words) decided(c score.Criterion) string {
	switch {
	case c.Decision != nil:
		return w.decision(*c.Decision)
	case c.Earlier != nil:
		return w.t("review.outdated", w.decision(*c.Earlier))
	}
	return ""
}

// decision says who decided what when, and why.
func (w words) decision(d score.Decision) string {
	text := w.t("review.decision", w.ruling(d.Ruling), d.By, d.At.Format("2006-01-02 15:04"))
	if d.Appeal {
		text = w.t("review.appeal") + w.t("clause") + text
	}
	return w.join(text, d.Note)
}

func (w words) ruling(r score.Ruling) string { return w.known("ruling", string(r)) }

// join sets one text after another, either of which may be empty.
func (w words) join(first, second string) string {
	if first == "" || second == "" {
		return first + second
	}
	return first + w.t("clause") + second
}

// coaching returns what to do instead.
func (w words) coaching(c score.Criterion) string { return w.either(c.Coaching, c.CoachingEN) }

// either returns the text in the language, or the Chinese one where there is no other.
func (w words) either(zh, en string) string {
	if w.column == 1 && en != "" {
		return singular(en)
	}
	return zh
}

// because says why a verdict is up to a person, "" where the points at risk say it or nothing has to.
func (w words) because(reason score.VerdictReason) string {
	if reason == "" || reason == score.VerdictAtRisk {
		return ""
	}
	return w.known("because", string(reason))
}

func (w words) verdict(v score.Verdict) string { return w.known("verdict", string(v)) }
func (w words) outcome(o score.Outcome) string { return w.known("outcome", string(o)) }
func (w words) role(r call.Role) string        { return w.known("role", string(r)) }
func (w words) scenario(s string) string       { return w.known("scenario", s) }

// section names a section as r's scorecard does, or as the built-in ones do where a result of old tells no name.
func (w words) section(r score.Result, id string) string {
	at := slices.IndexFunc(r.Sections, func(s score.Section) bool { return s.ID == id })
	if at < 0 {
		return w.known("section", id)
	}
	return w.either(r.Sections[at].Name, r.Sections[at].NameEN)
}

// scenarioOf names what a call is about. Where the metadata don't tell, it says how sure its words are of it.
func (w words) scenarioOf(rec score.Record) string {
	if found := rec.Score.Scenario; rec.Recording.Scenario == "" && found != nil {
		return w.t("explain.scenario", w.scenario(found.Name), 100*found.Confidence)
	}
	return w.scenario(rec.Recording.Scenario)
}

func (w words) severity(s score.Severity) string { return w.known("severity", string(s)) }

// list joins items the way the language does.
func (w words) list(items []string) string { return strings.Join(items, w.t("comma")) }

// agent returns an agent's number and name, as far as they are known.
func (w words) agent(id, name string) string {
	switch {
	case id == "" && name == "":
		return w.t("unnamed")
	case id == "" || name == "":
		return id + name
	}
	return id + " " + name
}

// withheld says in a sentence what h means, and what would mend it.
func (w words) withheld(h Withheld) string {
	reason := w.known("reason", h.Reason)
	if len(h.Measures) == 0 {
		return w.t("withheld.warning", h.Of, h.Calls, reason) + w.advice(h.Reason)
	}
	names := make([]string, len(h.Measures))
	for i, m := range h.Measures {
		names[i] = w.known("measure", m)
	}
	text := w.t("withheld.missing", h.Of, h.Calls, reason, w.list(names))
	return text + w.advice(h.Reason)
}

// advice says what would mend the cause of a reason, where there is something to do.
func (w words) advice(reason string) string {
	switch reason {
	case call.ReasonMono, call.ReasonDuplicate:
		return w.t("clause") + w.t("withheld.stereo")
	case call.ReasonSwapped:
		return w.t("clause") + w.t("withheld.swapped")
	case call.ReasonSilent, call.ReasonNoSpeech, call.ReasonTone:
		return w.t("clause") + w.t("withheld.line")
	case reasonConflict:
		return w.t("clause") + w.t("withheld.source")
	case call.ReasonTruncated, call.ReasonShorter:
		return w.t("clause") + w.t("withheld.kept")
	}
	return ""
}

// conflict names the fields of the metadata on which the sources differ, "" for none.
func (w words) conflict(fields []string) string {
	if len(fields) == 0 {
		return ""
	}
	names := make([]string, len(fields))
	for i, field := range fields {
		names[i] = w.known("field", field)
	}
	return w.t("explain.conflict", w.list(names))
}

// fault says in a sentence why a recording could not be worked on.
func (w words) fault(f Failure) string {
	return strings.TrimSpace(call.FaultText([]string{"zh", "en"}[w.column], f.Code, f.Message))
}

// The forms in which figures are shown everywhere.

// score shows a normalised score, times 100.
func (w words) score(normalised *float64) string {
	if normalised == nil {
		return w.t("none")
	}
	return trimZero(fmt.Sprintf("%.1f", *normalised*100))
}

// percent shows a quotient.
func (w words) percent(q *float64) string {
	if q == nil {
		return w.t("none")
	}
	return trimZero(fmt.Sprintf("%.1f", *q*100)) + "%"
}

// points shows points without needless decimals.
func points(p float64) string { return trimZero(fmt.Sprintf("%.1f", p)) }

func trimZero(s string) string { return strings.TrimSuffix(s, ".0") }

// clock shows a length or a time in a call as m:ss, or h:mm:ss.
func clock(m call.Millis) string {
	s := int64(m+500) / 1000
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// hours shows a long length: in hours, below one in minutes.
func (w words) hours(m call.Millis) string {
	if minutes := int(math.Ceil(m.Seconds() / 60)); minutes < 60 {
		return w.t("minutes.n", minutes)
	}
	return w.t("hours.n", fmt.Sprintf("%.1f", m.Seconds()/3600))
}

// seconds shows a short length.
func (w words) seconds(m call.Millis) string {
	return w.t("seconds", trimZero(fmt.Sprintf("%.1f", m.Seconds())))
}
