package score

import "github.com/zhijian-qa/zhijian/call"

// where is the part of a call in which a rule looks: all of it, or its start or end. Seconds and turns
// count from the first, or back from the last, speech of the rule's role, and the longer of the two holds.
type where struct {
	first, last *reach
}

type reach struct {
	length call.Millis
	turns  int
}

// span returns the window on the call's clock.
func (w where) span(v *view, role call.Role) call.Span {
	whole := call.Span{End: v.rec.Duration}
	spoken := v.speech.byRole[role]
	if len(spoken) == 0 {
		return whole
	}
	turns := v.turnsOf(role)
	switch {
	case w.first != nil:
		window := call.Span{End: spoken[0].Start + w.first.length}
		if n := min(w.first.turns, len(turns)); n > 0 {
			window.End = max(window.End, turns[n-1].End)
		}
		return window.Intersect(whole)
	case w.last != nil:
		window := call.Span{Start: max(0, spoken[len(spoken)-1].End-w.last.length), End: whole.End}
		if n := min(w.last.turns, len(turns)); n > 0 {
			window.Start = min(window.Start, turns[len(turns)-n].Start)
		}
		return window.Intersect(whole)
	}
	return whole
}

func (v *view) turnsOf(role call.Role) []call.Turn {
	var own []call.Turn
	for _, t := range v.turns {
		if t.Role == role {
			own = append(own, t)
		}
	}
	return own
}
