package score

import (
	"cmp"
	"math"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// held is a stretch of speech with which a party takes the floor.
type held struct {
	call.Span
	role call.Role
}

// floor lists the speech of both parties in order, without what only shows that somebody listens:
// backchannels, and short sounds in which no word was recognised.
func (v *view) floor() []held {
	all := make([]held, 0, len(v.speech.byRole[call.RoleAgent])+len(v.speech.byRole[call.RoleCustomer]))
	for _, role := range parties() {
		for _, span := range v.speech.byRole[role] {
			if !v.listens(role, span) {
				all = append(all, held{Span: span, role: role})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b held) int { return cmp.Compare(a.Start, b.Start) })
	return all
}

// listensWithin is the length up to which speech is looked at for words other than backchannels.
const listensWithin = call.Millis(3000)

// listens reports whether role only shows in span that it listens.
func (v *view) listens(role call.Role, span call.Span) bool {
	if span.Length() > listensWithin {
		return false
	}
	said := v.wordsSaid(role, span)
	return v.substance(said) == 0 && (said != "" || span.Length() < v.limits.BackchannelLength)
}

// responses returns how long each party takes to take the floor after the other has left it, with nobody
// speaking in between but to show that they listen. Announced waits are no responses.
func (v *view) responses(floor []held, silences []Silence) map[call.Role]Response {
	delays := map[call.Role][]call.Millis{}
	end := call.Millis(0)
	for i, next := range floor {
		if i > 0 && floor[i-1].role != next.role && next.Start >= end && !waits(silences, call.Span{Start: end, End: next.Start}) {
			delays[next.role] = append(delays[next.role], next.Start-end)
		}
		end = max(end, next.End)
	}
	found := map[call.Role]Response{}
	for role, all := range delays {
		if len(all) < v.limits.Responses {
			continue
		}
		slices.Sort(all)
		found[role] = Response{MedianMS: quantile(all, 0.5), P90MS: quantile(all, 0.9), Count: len(all)}
	}
	return found
}

func waits(silences []Silence, gap call.Span) bool {
	return slices.ContainsFunc(silences, func(s Silence) bool { return s.Announced && s.Overlaps(gap) })
}

// quantile returns the smallest of the sorted values that the share q of them does not exceed (the
// nearest rank, definition 1 of Hyndman and Fan 1996). values must not be empty.
func quantile[T any](values []T, q float64) T {
	return values[min(len(values)-1, max(0, int(math.Ceil(q*float64(len(values))))-1))]
}

// monologues lists the stretches in which one party alone has the floor, in order: from the first to the
// last of its speech, without a silence in between.
func (v *view) monologues(floor []held) []held {
	var all []held
	for _, next := range floor {
		if last := len(all) - 1; last >= 0 && next.role == all[last].role && next.Start-all[last].End <= v.limits.Silence {
			all[last].End = max(all[last].End, next.End)
		} else {
			all = append(all, next)
		}
	}
	return all
}

// monologue is a stretch as the record has it, with how it begins.
func (v *view) monologue(h held) Monologue {
	return Monologue{Role: h.role, Span: h.Span, Text: firstRunes(v.wordsSaid(h.role, h.Span), longestQuote)}
}
