package eval

import "github.com/zhijian-qa/zhijian/call"

// The tolerances of matching.
const (
	sameStart   = call.Millis(500) // an interruption found this close to a true one is that one
	sameSilence = 0.5              // so is a silence that shares this part of the union with a true one
)

// SameStart reports whether two interruptions of one party that begin at a and b are one.
func SameStart(a, b call.Millis) bool { return a-b <= sameStart && b-a <= sameStart }

// SameSilence reports whether two silences are one.
func SameSilence(a, b call.Span) bool {
	return !a.Empty() && float64(a.Intersect(b).Length()) >= sameSilence*float64(a.Union(b).Length())
}

// Match gives every item of want the first of got that is the same and not given to another. It returns,
// for each of want, the index in got, −1 where there is none.
func Match[W, G any](want []W, got []G, same func(W, G) bool) []int {
	taken, given := make([]bool, len(got)), make([]int, len(want))
	for i, w := range want {
		given[i] = -1
		for j, g := range got {
			if !taken[j] && same(w, g) {
				taken[j], given[i] = true, j
				break
			}
		}
	}
	return given
}
