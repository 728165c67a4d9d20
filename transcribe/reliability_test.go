//go:build cgo && !nowhisper

package transcribe_test

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/transcribe"
)

// reliability counts, by confidence, how often what was heard is right.
type reliability struct {
	edges []float64 // upper ends of the bins
	sum   []float64 // of confidences
	right []float64
	n     []float64
}

func newReliability(edges ...float64) *reliability {
	return &reliability{edges: edges, sum: make([]float64, len(edges)), right: make([]float64, len(edges)), n: make([]float64, len(edges))}
}

// add takes something heard with a confidence, of which a share is right.
func (r *reliability) add(confidence, right float64) {
	i := 0
	for i+1 < len(r.edges) && confidence > r.edges[i] {
		i++
	}
	r.sum[i] += confidence
	r.right[i] += right
	r.n[i]++
}

// gap is the expected calibration error: by how much confidence and share of right ones differ, on average.
func (r *reliability) gap() float64 {
	var gap, n float64
	for i := range r.n {
		gap += math.Abs(r.sum[i] - r.right[i])
		n += r.n[i]
	}
	return gap / max(n, 1)
}

func (r *reliability) table(what string) string {
	text := fmt.Sprintf("\n| %s confidence | number | mean confidence | right |\n|---|---|---|---|\n", what)
	low := 0.0
	for i, edge := range r.edges {
		if r.n[i] > 0 {
			text += fmt.Sprintf("| %.2f–%.2f | %.0f | %.3f | %.3f |\n", low, edge, r.n[i], r.sum[i]/r.n[i], r.right[i]/r.n[i])
		}
		low = edge
	}
	return text + fmt.Sprintf("expected calibration error %.3f\n", r.gap())
}

// aligned returns for each character of got whether it stands at its place in want, by the least edits.
func aligned(want, got []rune) []bool {
	cost := make([][]int, len(want)+1)
	for i := range cost {
		cost[i] = make([]int, len(got)+1)
		cost[i][0] = i
	}
	for j := range got {
		cost[0][j+1] = j + 1
	}
	for i, w := range want {
		for j, g := range got {
			swap := cost[i][j]
			if w != g {
				swap++
			}
			cost[i+1][j+1] = min(swap, cost[i][j+1]+1, cost[i+1][j]+1)
		}
	}
	right := make([]bool, len(got))
	for i, j := len(want), len(got); i > 0 && j > 0; {
		switch same := want[i-1] == got[j-1]; {
		case same && cost[i][j] == cost[i-1][j-1]:
			i, j = i-1, j-1
			right[j] = true
		case !same && cost[i][j] == cost[i-1][j-1]+1:
			i, j = i-1, j-1
		case cost[i][j] == cost[i-1][j]+1:
			i--
		default:
			j--
		}
	}
	return right
}

// TestAccuracyOfConfidence prints how far confidences can be believed, of characters and of utterances, on the
// samples and the demo day, of which ZHIJIAN_LONG takes all calls, else three.
func TestAccuracyOfConfidence(t *testing.T) {
	t.Parallel()
	words := newReliability(0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1)
	whole := newReliability(0.5, 0.7, 0.8, 0.9, 0.95, 1)
	take := func(got call.Transcript, role call.Role, want string) {
		var heard []rune
		for _, u := range got.By(role) {
			heard = append(heard, characters(u.Text)...)
		}
		right, at := aligned(characters(want), heard), 0
		for _, u := range got.By(role) {
			var good, all float64
			for _, w := range u.Words {
				for range characters(w.Text) {
					share := 0.0
					if right[at] {
						share = 1
					}
					words.add(w.Confidence, share)
					good, all, at = good+share, all+1, at+1
				}
			}
			whole.add(u.Confidence, good/max(all, 1))
		}
	}
	refs := references(t)
	for _, name := range slices.Sorted(maps.Keys(refs)) {
		got, _ := transcript(t, open(t, filepath.Join("../models/demo/samples", name)), transcribe.Config{})
		take(got, call.RoleAgent, refs[name].Text)
	}
	calls := demoCalls(t)
	if os.Getenv("ZHIJIAN_LONG") == "" {
		calls = calls[:3]
	}
	for _, path := range calls {
		got, _ := transcript(t, open(t, path), transcribe.Config{})
		for _, role := range bothRoles {
			var want string
			for _, s := range truthOf(t, path) {
				if s.Role == role {
					want += s.Text
				}
			}
			take(got, role, want)
		}
	}
	t.Log(words.table("characters'"))
	t.Log(whole.table("utterances'"))
	if words.gap() > 0.06 || whole.gap() > 0.10 {
		t.Errorf("calibration errors %.3f and %.3f, want at most 0.06 and 0.10", words.gap(), whole.gap())
	}
}
