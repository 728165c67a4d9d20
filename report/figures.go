package report

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// Histogram counts values between 0 and 1 by tenths; 1 itself is in the last.
type Histogram struct {
	Counts []int    `json:"counts"`
	None   int      `json:"none"` // calls without the value
	Mean   *float64 `json:"mean"`
	sum    float64
	n      int
}

func newHistogram() Histogram { return Histogram{Counts: make([]int, 10)} }

func (h *Histogram) add(value *float64) {
	if value == nil {
		h.None++
		return
	}
	// The smallest step keeps a tenth that floating point put just below itself, as 0.7, in its own bin.
	bin := int(math.Floor(*value*10 + 1e-9))
	h.Counts[min(max(bin, 0), 9)]++
	h.sum, h.n = h.sum+*value, h.n+1
	h.Mean = quotient(h.sum, h.n)
}

// Withheld is one reason for which figures are missing, or not to be trusted fully.
type Withheld struct {
	Reason   string   `json:"reason"`
	Calls    int      `json:"calls"`
	Of       int      `json:"of"`
	Measures []string `json:"measures"` // that are missing; empty when the reason is only a warning
}

// reasonConflict names calls of which the sources of metadata say different things.
const reasonConflict = "metadata_conflict"

// withheldTally counts the reasons, each once a call.
type withheldTally struct {
	calls    map[string]int
	measures map[string]map[string]bool
}

func (t *withheldTally) add(rec score.Record) {
	if t.calls == nil {
		t.calls, t.measures = make(map[string]int), make(map[string]map[string]bool)
	}
	seen := make(map[string]bool)
	for measure, reason := range telling(rec.Measures.Withheld) {
		seen[reason] = true
		if t.measures[reason] == nil {
			t.measures[reason] = make(map[string]bool)
		}
		t.measures[reason][measure] = true
	}
	for _, health := range rec.Health {
		for _, reason := range health.Reasons {
			seen[reason] = true
		}
	}
	if len(rec.Recording.MetadataConflict) > 0 {
		seen[reasonConflict] = true
	}
	for reason := range seen {
		t.calls[reason]++
	}
}

// list returns the reasons, those that withhold something first, the most frequent first.
func (t *withheldTally) list(of int) []Withheld {
	list := []Withheld{}
	for _, reason := range slices.Sorted(maps.Keys(t.calls)) {
		list = append(list, Withheld{
			Reason: reason, Calls: t.calls[reason], Of: of,
			Measures: slices.AppendSeq([]string{}, slices.Values(slices.Sorted(maps.Keys(t.measures[reason])))),
		})
	}
	slices.SortStableFunc(list, func(a, b Withheld) int {
		return cmp.Or(cmp.Compare(index(len(a.Measures) == 0), index(len(b.Measures) == 0)), cmp.Compare(b.Calls, a.Calls))
	})
	return list
}

// Norm is a figure that the service norms ask for, over the calls whose metadata tell.
type Norm struct {
	Key    string   `json:"key"`
	Rate   float64  `json:"rate"`
	Target *float64 `json:"target"` // null where the norms name no number
	AtMost bool     `json:"at_most,omitempty"`
	Met    *bool    `json:"met"`
	Calls  int      `json:"calls"` // that the rate is taken over
}

// The targets of the service norms.
const (
	targetSatisfaction = 0.92
	targetComplaints   = 0.03
	targetSettled      = 0.95
	targetResolved     = 0.85
)

// normTally counts the answers in the metadata.
type normTally struct {
	satisfaction, complaint, settled, resolved answers
}

// answers counts what was said and how often it was yes.
type answers struct{ yes, all int }

func (a *answers) add(answer *bool) {
	if answer == nil {
		return
	}
	a.all++
	a.yes += index(*answer)
}

func (t *normTally) add(m call.Metadata) {
	t.satisfaction.add(m.Satisfaction)
	t.complaint.add(m.Complaint)
	t.settled.add(m.Settled)
	t.resolved.add(m.Resolved)
}

// list returns the figures for which there are data. Compliance comes from the scores.
func (t *normTally) list(total tally) []Norm {
	norms := []Norm{}
	if rate := quotient(float64(total.passed), total.decided); rate != nil {
		norms = append(norms, Norm{Key: "compliance", Rate: *rate, Calls: total.decided})
	}
	for _, n := range []struct {
		key    string
		counts answers
		target float64
		atMost bool
	}{
		{"satisfaction", t.satisfaction, targetSatisfaction, false},
		{"complaints", t.complaint, targetComplaints, true},
		{"settled", t.settled, targetSettled, false},
		{"resolved", t.resolved, targetResolved, false},
	} {
		if n.counts.all == 0 {
			continue
		}
		rate := float64(n.counts.yes) / float64(n.counts.all)
		met := rate >= n.target
		if n.atMost {
			met = rate <= n.target
		}
		norms = append(norms, Norm{Key: n.key, Rate: rate, Target: &n.target, AtMost: n.atMost, Met: &met, Calls: n.counts.all})
	}
	return norms
}
