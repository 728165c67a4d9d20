package report

import (
	"cmp"
	"container/heap"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// detail is what the web page unfolds of a call.
type detail struct {
	Call
	Criteria []score.Criterion
	Measures score.Measures
	Health   []call.ChannelHealth
	Turns    []call.Turn
}

// newDetail keeps of rec what is shown: the words' times go.
func newDetail(rec score.Record, row Call) *detail {
	turns := rec.Transcript.Turns()
	for i := range turns {
		for j := range turns[i].Utterances {
			turns[i].Utterances[j].Words = nil
		}
	}
	return &detail{Call: row, Criteria: rec.Score.Criteria, Measures: rec.Measures, Health: rec.Health, Turns: turns}
}

// worst keeps the limit worst calls: failed before undecided before passed, low scores first.
type worst struct {
	limit int
	heap  detailHeap
}

func (w *worst) add(d *detail) {
	heap.Push(&w.heap, d)
	if len(w.heap) > w.limit {
		heap.Pop(&w.heap)
	}
}

func (w *worst) byID() map[string]*detail {
	byID := make(map[string]*detail, len(w.heap))
	for _, d := range w.heap {
		byID[d.ID] = d
	}
	return byID
}

// badness orders calls: more is worse.
func badness(c Call) (verdict int, lost float64) {
	switch c.Verdict {
	case score.VerdictFail:
		verdict = 2
	case score.VerdictReview:
		verdict = 1
	}
	if c.Normalised != nil {
		lost = 1 - *c.Normalised
	}
	return verdict, lost
}

// compareBadness returns a negative number when a is better than b.
func compareBadness(a, b Call) int {
	verdictA, lostA := badness(a)
	verdictB, lostB := badness(b)
	return cmp.Or(cmp.Compare(verdictA, verdictB), cmp.Compare(lostA, lostB), cmp.Compare(b.ID, a.ID))
}

// detailHeap has its best call on top.
type detailHeap []*detail

var _ heap.Interface = (*detailHeap)(nil)

func (h detailHeap) Len() int           { return len(h) }
func (h detailHeap) Less(i, j int) bool { return compareBadness(h[i].Call, h[j].Call) < 0 }
func (h detailHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push adds x, a *detail.
func (h *detailHeap) Push(x any) { *h = append(*h, x.(*detail)) }

// Pop removes the last element.
func (h *detailHeap) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}
