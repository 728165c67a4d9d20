package score

import (
	"cmp"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// leastSound is how much of a sound must lie in a silence to be told with it: what only touches its edge
// says nothing about the wait.
const leastSound = call.Millis(500)

// soundsIn returns the kinds of sounds on any channel in a stretch, in the order in which they begin.
func (v *view) soundsIn(at call.Span) []call.SoundKind {
	var inside []call.Sound
	for _, sounds := range v.transcript.Sounds {
		for _, s := range sounds {
			if s.Intersect(at).Length() >= leastSound {
				inside = append(inside, s)
			}
		}
	}
	slices.SortFunc(inside, func(a, b call.Sound) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Kind, b.Kind)) })
	var kinds []call.SoundKind
	for _, s := range inside {
		if !slices.Contains(kinds, s.Kind) {
			kinds = append(kinds, s.Kind)
		}
	}
	return kinds
}
