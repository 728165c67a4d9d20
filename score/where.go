package score

import (
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// where is the part of a call in which a rule looks: all of it, its start or end, or what lies around
// something that was said. Seconds and turns count from the first, or back from the last, speech of the
// rule's role, or from the anchor; the longest of them holds.
type where struct {
	first, last *reach
	anchor      *anchor
}

type reach struct {
	length call.Millis
	turns  int
	share  float64 // of the whole call
}

// side says on which side of an anchor a window lies.
type side string

const (
	sideBefore side = "before"
	sideAfter  side = "after"
	sideAround side = "around"
)

// anchor is the nth hit of another rule, or of lists, and how far a window reaches from it.
type anchor struct {
	side  side
	rule  string
	lists []string
	role  call.Role
	nth   int
	reach reach
}

// window returns the window on the call's clock, and how surely it is there: without a certain anchor
// it is not, or only perhaps.
func (w where) window(t *trial, role call.Role) (call.Span, holding) {
	whole := call.Span{End: t.rec.Duration}
	if w.anchor != nil {
		at, how := w.anchor.find(t)
		if how == holdsNot {
			return whole, holdsNot
		}
		return w.anchor.span(t, role, at).Intersect(whole), how
	}
	return w.span(t.view, role).Intersect(whole), holdsSurely
}

// span returns the start or the end of a call, or all of it.
func (w where) span(v *view, role call.Role) call.Span {
	whole := call.Span{End: v.rec.Duration}
	spoken := v.speech.byRole[role]
	if len(spoken) == 0 {
		return whole
	}
	turns := v.turnsOf(role)
	switch {
	case w.first != nil:
		window := call.Span{End: max(spoken[0].Start+w.first.length, part(v, w.first.share))}
		if n := min(w.first.turns, len(turns)); n > 0 {
			window.End = max(window.End, turns[n-1].End)
		}
		return window
	case w.last != nil:
		window := call.Span{Start: max(0, spoken[len(spoken)-1].End-w.last.length), End: whole.End}
		if w.last.share > 0 {
			window.Start = min(window.Start, whole.End-part(v, w.last.share))
		}
		if n := min(w.last.turns, len(turns)); n > 0 {
			window.Start = min(window.Start, turns[len(turns)-n].Start)
		}
		return window
	}
	return whole
}

func part(v *view, share float64) call.Millis { return call.Millis(share * float64(v.rec.Duration)) }

// find returns where the anchor stands. One that rests on hits that could take no point stands there
// perhaps: what is then missing around it costs nothing by itself.
func (a *anchor) find(t *trial) (call.Span, holding) {
	strong, weak := a.hits(t)
	if len(strong) >= a.nth {
		return strong[a.nth-1].at, holdsSurely
	}
	both := slices.Concat(strong, weak)
	if len(both) < a.nth {
		return call.Span{}, holdsNot
	}
	slices.SortStableFunc(both, byTime)
	return both[a.nth-1].at, holdsMaybe
}

func (a *anchor) hits(t *trial) (strong, weak []hit) {
	if r := t.scorer.card.rule(a.rule); r != nil {
		h, _ := r.hear(t, hit.provesFault)
		return h.strong, h.weak
	}
	for _, at := range t.placesOf(nil, a.lists) {
		h := &t.hits[at]
		if h.role != a.role {
			continue
		}
		if h.provesFault() {
			strong = append(strong, *h)
		} else {
			weak = append(weak, *h)
		}
	}
	slices.SortStableFunc(strong, byTime)
	return strong, weak
}

// span returns the window that reaches from at. With no reach it goes to the end, or start, of the call.
func (a *anchor) span(t *trial, role call.Role, at call.Span) call.Span {
	window := at
	if a.side != sideBefore {
		window.End = t.rec.Duration
		if a.reach.length > 0 || a.reach.turns > 0 {
			window.End = at.End + a.reach.length
		}
		turns := slices.DeleteFunc(slices.Clone(t.turnsOf(role)), func(turn call.Turn) bool { return turn.End <= at.End })
		if n := min(a.reach.turns, len(turns)); n > 0 {
			window.End = max(window.End, turns[n-1].End)
		}
	}
	if a.side != sideAfter {
		window.Start = 0
		if a.reach.length > 0 || a.reach.turns > 0 {
			window.Start = max(0, at.Start-a.reach.length)
		}
		turns := slices.DeleteFunc(slices.Clone(t.turnsOf(role)), func(turn call.Turn) bool { return turn.Start >= at.Start })
		if n := min(a.reach.turns, len(turns)); n > 0 {
			window.Start = min(window.Start, turns[len(turns)-n].Start)
		}
	}
	switch a.side {
	case sideAfter:
		window.Start = at.End
	case sideBefore:
		window.End = at.Start
	}
	return window
}

func (v *view) turnsOf(role call.Role) []call.Turn { return v.own[role] }
