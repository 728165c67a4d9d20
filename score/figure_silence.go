package score

import (
	"fmt"

	"github.com/zhijian-qa/zhijian/call"
)

// silenceTally sorts the silences that a rule looks at.
type silenceTally struct {
	figure
	unannounced, outstayed, theirs int // theirs: the other party should have spoken
}

// silenceFigure counts the silences above the rule's limit that nobody announced, and the waits that the
// rule's role outstays by as much. Where the other party should have spoken a person decides.
func (v *view) silenceFigure(r *rule) figure {
	if reason := v.measures.Withheld[measureSilences]; reason != "" {
		return figure{withheld: reason}
	}
	var t silenceTally
	for _, s := range v.measures.Silences {
		over := s.overrun(r.role)
		if s.Length() < r.measure.limit || s.Announced && (over == 0 || over < r.measure.limit) {
			continue
		}
		t.add(v, r, s)
	}
	t.value = float64(t.unannounced + t.outstayed)
	if t.value == 0 {
		t.evidence = []Evidence{v.counted(r.role, 0)}
	}
	t.tell(r)
	return t.figure
}

// add counts s as what it is.
func (t *silenceTally) add(v *view, r *rule, s Silence) {
	length := s.Length().Seconds()
	e := Evidence{Role: r.role, Span: s.Span, Measure: &length}
	t.worst++
	switch {
	case s.WaitingFor == r.role.Other():
		t.theirs++
		t.doubtful = append(t.doubtful, e)
	case s.Announced:
		t.outstayed++
		t.evidence = append(t.evidence, e, s.Hold.evidence(listHold))
	case v.nearlyAnnounced(r, s, &e):
		t.doubtful = append(t.doubtful, e)
	default:
		t.unannounced++
		t.evidence = append(t.evidence, e)
	}
}

// nearlyAnnounced looks for words that come near to hold language before s, and notes them in e.
func (v *view) nearlyAnnounced(r *rule, s Silence, e *Evidence) bool {
	miss, ok := v.maybeAnnounced(r.role, s.Span)
	if ok {
		e.List, e.Nearest, e.Quote, e.Distance = listHold, miss.Term, miss.Text, miss.Distance
	}
	return ok
}

// tell says in a sentence what was counted.
func (t *silenceTally) tell(r *rule) {
	limit := r.measure.limit.Seconds()
	t.note = text{
		zh: fmt.Sprintf("%d 次超过 %.0f 秒的静音没有事先说明", t.unannounced, limit),
		en: fmt.Sprintf("%d unannounced silences of more than %.0f s", t.unannounced, limit),
	}
	over := text{zh: fmt.Sprintf("%d 次等待超出说好的时间", t.outstayed), en: fmt.Sprintf("%d waits longer than promised", t.outstayed)}
	switch {
	case t.outstayed > 0 && t.unannounced > 0:
		t.note = text{zh: t.note.zh + "，" + over.zh, en: t.note.en + ", " + over.en}
	case t.outstayed > 0:
		t.note = over
	}
	if t.theirs > 0 {
		t.note = t.note.theirs(r, t.theirs)
	}
}

// theirs adds that the other party should have spoken in n silences.
func (t text) theirs(r *rule, n int) text {
	zh, en := "客户", "customer"
	if r.role.Other() == call.RoleAgent {
		zh, en = "坐席", "agent"
	}
	return text{
		zh: t.zh + fmt.Sprintf("；有 %d 次应由%s说话", n, zh), en: t.en + fmt.Sprintf("; in %d the %s should have spoken", n, en),
	}
}

// longestFigure judges the longest silence that nobody announced, in seconds. Where the other party should
// have spoken a person decides.
func (v *view) longestFigure(r *rule) figure {
	if reason := v.measures.Withheld[measureSilences]; reason != "" {
		return figure{withheld: reason}
	}
	f, theirs := figure{evidence: []Evidence{v.counted(r.role, 0)}}, 0
	for _, s := range v.measures.Silences {
		length := s.Length().Seconds()
		if s.Announced || length <= f.value {
			continue
		}
		e := Evidence{Role: r.role, Span: s.Span, Measure: &length}
		f.worst = max(f.worst, length)
		switch {
		case s.WaitingFor == r.role.Other():
			theirs++
			f.doubtful = append(f.doubtful, e)
		case v.nearlyAnnounced(r, s, &e):
			f.doubtful = append(f.doubtful, e)
		default:
			f.value, f.evidence = length, []Evidence{e}
		}
	}
	f.note = text{zh: fmt.Sprintf("最长静音 %.1f 秒", f.worst), en: fmt.Sprintf("the longest silence lasts %.1f s", f.worst)}
	if theirs > 0 && f.worst > f.value {
		f.note = f.note.theirs(r, theirs)
	}
	return f
}
