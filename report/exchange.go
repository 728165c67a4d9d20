package report

import (
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// exchange says how the parties took turns.
func (w words) exchange(m score.Measures) []item {
	items := []item{}
	if delays := byRole(w, m.ResponseMS, "explain.response.role", func(r score.Response) []any {
		return []any{w.seconds(r.MedianMS), w.seconds(r.P90MS)}
	}); delays != "" {
		items = append(items, item{Text: w.t("explain.response", delays)})
	}
	if longest := byRole(w, m.LongestMonologue, "explain.monologue.role", func(l score.Monologue) []any {
		return []any{w.seconds(l.Length()), span(l.Span)}
	}); longest != "" {
		long := item{Text: w.t("explain.monologue", longest)}
		for _, l := range m.LongMonologues {
			long.Items = append(long.Items, w.t("explain.monologue.long", span(l.Span), w.role(l.Role), w.seconds(l.Length()), l.Text))
		}
		items = append(items, long)
	}
	if _, withheld := m.Withheld["interruptions"]; !withheld {
		items = append(items, w.interruptions(m.Interruptions))
	}
	if _, withheld := m.Withheld["silences"]; !withheld {
		items = append(items, w.silences(m.Silences))
	}
	return items
}

func (w words) interruptions(all []score.Interruption) item {
	list := item{Text: w.t("explain.interrupts", len(all))}
	for _, i := range all {
		list.Items = append(list.Items, w.interruption(i))
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
	if i.OtherText != "" {
		text += w.t("clause") + w.t("explain.interrupted", w.role(i.By.Other()), i.OtherText)
	}
	return text
}

func (w words) silences(all []score.Silence) item {
	list := item{Text: w.t("explain.silences", len(all))}
	for _, s := range all {
		list.Items = append(list.Items, w.silence(s))
	}
	return list
}

func (w words) silence(s score.Silence) string {
	parts := []string{span(s.Span) + " " + w.seconds(s.Length())}
	if len(s.Sounds) > 0 {
		parts = append(parts, w.t("explain.sounds", w.sounds(s.Sounds)))
	}
	if s.Hold == nil {
		parts = append(parts, w.t(map[bool]string{true: "explain.announced", false: "explain.unannounced"}[s.Announced]))
		if s.WaitingFor == call.RoleAgent || s.WaitingFor == call.RoleCustomer {
			parts = append(parts, w.t("explain.waiting_for", w.role(s.WaitingFor)))
		}
		return strings.Join(parts, w.t("clause"))
	}
	parts = append(parts, w.t("explain.announced.by", w.role(s.Hold.By), s.Hold.Quote))
	if s.Hold.PromisedMS != nil {
		parts = append(parts, w.t("explain.promised", s.Hold.Promise))
		if *s.Hold.OverrunMS > 0 {
			parts[len(parts)-1] += w.t("comma") + w.t("explain.overrun", w.seconds(*s.Hold.OverrunMS))
		}
	}
	switch {
	case s.Hold.Return != nil:
		parts = append(parts, w.t("explain.return", clock(s.Hold.Return.Start), s.Hold.Return.Quote))
	case s.Hold.Renewed:
		parts = append(parts, w.t("explain.renewed"))
	default:
		parts = append(parts, w.t("explain.no_return"))
	}
	return strings.Join(parts, w.t("clause"))
}

// sounds names what is heard in a silence.
func (w words) sounds(kinds []call.SoundKind) string {
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = w.t("sound." + string(kind))
	}
	return strings.Join(names, w.t("comma"))
}
