package score

import (
	"fmt"

	"github.com/zhijian-qa/zhijian/call"
)

// Names of the measures of announced waits.
const (
	figureOverrun  = "hold_overrun"
	figureNoReturn = "waits_without_return"
)

// overrunFigure judges by how many seconds the rule's role outstays the longest of the waits that it asked for.
func (v *view) overrunFigure(r *rule) figure {
	if reason := v.measures.Withheld[measureSilences]; reason != "" {
		return figure{withheld: reason}
	}
	f := figure{evidence: []Evidence{v.counted(r.role, 0)}, note: text{zh: "等待没有超过说好的时间", en: "no wait is longer than was said"}}
	for _, s := range v.measures.Silences {
		over := s.overrun(r.role).Seconds()
		if over <= f.value {
			continue
		}
		f.value, f.worst = over, over
		f.evidence = []Evidence{s.Hold.evidence(listHold), {Role: r.role, Span: s.Span, Measure: &over}}
		f.note = text{
			zh: fmt.Sprintf("说好等 %s，多等了 %.0f 秒", s.Hold.Promise, f.value),
			en: fmt.Sprintf("asked to wait %s, kept waiting %.0f s longer", s.Hold.Promise, f.value),
		}
	}
	return f
}

// overrun is how much longer than promised a wait lasts that role asked for, 0 where it promised nothing.
func (s Silence) overrun(role call.Role) call.Millis {
	if s.Hold == nil || s.Hold.By != role || s.Hold.OverrunMS == nil {
		return 0
	}
	return *s.Hold.OverrunMS
}

// evidence is where the hold language was said.
func (h *Hold) evidence(list string) Evidence {
	return Evidence{Role: h.By, Span: h.Span, Quote: h.Quote, List: list}
}

// returnFigure counts the waits of at least limit_seconds that the rule's role asked for and came back from
// without a word about them. One that was made longer by asking again is no return yet; where the words
// after the wait were not recognised a person decides.
func (v *view) returnFigure(r *rule) figure {
	if reason := v.measures.Withheld[measureSilences]; reason != "" {
		return figure{withheld: reason}
	}
	var f figure
	for _, s := range v.measures.Silences {
		if s.Hold == nil || s.Hold.By != r.role || s.Hold.Return != nil || s.Hold.Renewed || s.Length() < r.measure.limit {
			continue
		}
		after := call.Span{Start: s.End, End: min(v.rec.Duration, s.End+v.limits.ReturnWithin)}
		e := v.searched(r.role, after)
		e.List = listHoldReturn
		miss, near := v.maybeSaid(listHoldReturn, r.role, after)
		if near {
			e = e.near(miss)
		}
		f.worst++
		if near || v.doubt(r.role, after) != "" {
			f.doubtful = append(f.doubtful, s.Hold.evidence(listHold), e)
			continue
		}
		f.value++
		f.evidence = append(f.evidence, s.Hold.evidence(listHold), e)
	}
	if f.value == 0 {
		f.evidence = []Evidence{v.counted(r.role, 0)}
	}
	f.note = text{
		zh: fmt.Sprintf("%.0f 次等待之后没有致谢或说明", f.value), en: fmt.Sprintf("%.0f waits without a word of thanks after them", f.value),
	}
	return f
}
