package sense

import (
	"math"
	"slices"
)

// How many characters are taken for the place where an act is done, and how many on each side of it tell more.
const (
	width  = 8
	beside = 10
)

// The zones that a feature may stand in, each with weights of its own.
const (
	zoneIn = iota
	zoneBeside
	zones
)

// Model is what was learnt. It does not change and many goroutines may use it.
type Model struct {
	acts     []string
	unit     []float32 // of each act, what a weight of 1 stands for, in nats
	bias     []float32 // of each act, in nats
	features []feature // those that tell something
	weights  []int8    // of each feature, of each zone, of each act
	table    table     // of the features
	lanes    []lanes   // the weights of each feature, side by side
	revision string
	of       string
}

// Acts returns the names of what the model tells, which are those of word lists.
func (m *Model) Acts() []string { return slices.Clone(m.acts) }

// Knows reports whether the model tells the act.
func (m *Model) Knows(act string) bool { return slices.Contains(m.acts, act) }

// Revision names the content of the model.
func (m *Model) Revision() string { return m.revision }

// Of returns m with a name for what it was learnt from.
func (m *Model) Of(name string) *Model {
	named := *m
	named.of = name
	return &named
}

// LearntFrom returns the name of what m was learnt from.
func (m *Model) LearntFrom() string { return m.of }

// prepare makes m ready for reading.
func (m *Model) prepare() { m.table, m.lanes = newTable(m.features), lanesOf(m.weights, len(m.acts)) }

// Reading is a text that was read.
type Reading struct {
	model *Model
	units []unit
	sums  []sums // of each stretch, by where it ends
}

// Read reads a text in which phrases of word lists stand; the marks are in the order of their ends.
func (m *Model) Read(text string, marks []Mark) *Reading {
	r := &Reading{model: m, units: unitsOf(text, marks)}
	own, told := make([]lanes, len(r.units)), make([]int, len(r.units)) // of each unit
	room := make([]feature, 0, mostFeatures)
	for i := range r.units {
		for _, f := range appendFeatures(room, r.units, i) {
			if row := m.table.row(f); row >= 0 {
				own[i].add(&m.lanes[row])
				told[i]++
			}
		}
	}
	r.slide(own, told)
	return r
}

// slide adds up what the units of each stretch tell.
func (r *Reading) slide(own []lanes, told []int) {
	n := len(r.units)
	r.sums = make([]sums, n+1)
	sum, at := sums{}, stretch{}
	for end := min(width, n); end <= n; end++ {
		to := stretchTo(end, n)
		for ; at.after < to.after; at.after++ {
			sum.add(&own[at.after][zoneBeside], told[at.after])
		}
		for ; at.end < to.end; at.end++ {
			sum.drop(&own[at.end][zoneBeside], told[at.end])
			sum.add(&own[at.end][zoneIn], told[at.end])
		}
		for ; at.start < to.start; at.start++ {
			sum.drop(&own[at.start][zoneIn], told[at.start])
			sum.add(&own[at.start][zoneBeside], told[at.start])
		}
		for ; at.before < to.before; at.before++ {
			sum.drop(&own[at.before][zoneBeside], told[at.before])
		}
		r.sums[end] = sum
	}
}

// Sense is where a text speaks most for an act.
type Sense struct {
	Odds       float64 // that it is done there, as a natural logarithm; -Inf for none
	Start, End int     // of the stretch, rune offsets in the text, half-open
}

// Probability that it is done there.
func (s Sense) Probability() float64 { return 1 / (1 + math.Exp(-s.Odds)) }

// Nowhere is the sense of an act that nothing speaks for.
func Nowhere() Sense { return Sense{Odds: math.Inf(-1)} }

// Most returns the stretch that speaks most for an act, among those that share characters with the runes [start, end).
func (r *Reading) Most(act string, start, end int) Sense {
	a := slices.Index(r.model.acts, act)
	first, last := from(r.units, start), from(r.units, end)
	if a < 0 || first >= last {
		return Nowhere()
	}
	most, place := math.MinInt, 0
	for to := max(first+1, min(width, len(r.units))); to <= min(len(r.units), last+width-1); to++ {
		if sum := r.sums[to].of(a); sum > most {
			most, place = sum, to
		}
	}
	return Sense{
		Odds:  float64(most)*float64(r.model.unit[a]) + float64(r.model.bias[a]),
		Start: r.units[max(0, place-width)].at, End: r.units[place-1].at + 1,
	}
}

// stretch is where an act may be done, units [start, end), and what stands beside it, from before to after.
type stretch struct{ before, start, end, after int }

// stretchTo returns the stretch that ends at a unit of n.
func stretchTo(end, n int) stretch {
	start := max(0, end-width)
	return stretch{max(0, start-beside), start, end, min(n, end+beside)}
}
