package sense

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Example is what one party said, in one or more texts, and which acts are done in them.
type Example struct {
	Texts  []string
	Marks  [][]Mark // of each text, or nil
	Labels map[string]Label
}

// Label says whether an act is done in an example, and how much that counts.
type Label struct {
	Done   bool
	Weight float64
}

// How the model is learnt: AdaGrad (Duchi, Hazan, Singer 2011) on the logistic loss of the stretch that speaks most for
// an act, each act by itself.
const (
	rounds     = 12
	pace       = 0.15
	decay      = 2e-4
	leastSlope = 1e-3
	leastSeen  = 9 // examples that have a feature
)

// sample is an example that was read.
type sample struct {
	texts  [][][]int32 // of each text, of each unit, the rows of its features
	labels []Label     // by act; no weight when nothing is known
}

// learner holds weights while they are learnt.
type learner struct {
	acts           []string
	features       []feature
	weights, seen  []float32 // of each feature, of each zone, of each act; and the squares of the slopes seen
	bias, biasSeen []float32
}

// Learn makes a model of examples. The same examples and seed make the same model.
func Learn(acts []string, examples []Example, seed uint64) *Model {
	features := tellingOf(examples)
	n := len(features) * zones * len(acts)
	l := &learner{
		acts: acts, features: features, weights: make([]float32, n), seen: make([]float32, n),
		bias: make([]float32, len(acts)), biasSeen: make([]float32, len(acts)),
	}
	t := newTable(features)
	samples := make([]sample, len(examples))
	for i := range examples {
		samples[i] = examples[i].sample(acts, &t)
	}
	random := rand.New(rand.NewPCG(seed, 1))
	for range rounds {
		for _, i := range random.Perm(len(samples)) {
			l.take(&samples[i])
		}
	}
	return l.model()
}

// units returns those of text i.
func (e *Example) units(i int) []unit {
	if e.Marks == nil {
		return unitsOf(e.Texts[i], nil)
	}
	return unitsOf(e.Texts[i], e.Marks[i])
}

// tellingOf returns the features that so many of the examples have that they can tell something, the most frequent
// first: what is read often lies together.
func tellingOf(examples []Example) []feature {
	counts := map[feature]int{}
	var all []feature
	for i := range examples {
		all = all[:0]
		for t := range examples[i].Texts {
			units := examples[i].units(t)
			for u := range units {
				all = appendFeatures(all, units, u)
			}
		}
		slices.Sort(all)
		all = slices.Compact(all)
		for _, f := range all {
			counts[f]++
		}
	}
	var telling []feature
	for f, n := range counts {
		if n >= leastSeen {
			telling = append(telling, f)
		}
	}
	slices.SortFunc(telling, func(a, b feature) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	return telling
}

func (e *Example) sample(acts []string, t *table) sample {
	s := sample{labels: make([]Label, len(acts)), texts: make([][][]int32, len(e.Texts))}
	for a, act := range acts {
		s.labels[a] = e.Labels[act]
	}
	var room []feature
	for i := range e.Texts {
		units := e.units(i)
		s.texts[i] = make([][]int32, len(units))
		for u := range units {
			room = appendFeatures(room[:0], units, u)
			for _, f := range room {
				if row := t.row(f); row >= 0 {
					s.texts[i][u] = append(s.texts[i][u], row)
				}
			}
		}
	}
	return s
}

// take learns from one sample.
func (l *learner) take(s *sample) {
	for act, label := range s.labels {
		if label.Weight == 0 || len(s.texts) == 0 {
			continue
		}
		text, at, odds := l.most(s, act)
		wanted := 0.0
		if label.Done {
			wanted = 1
		}
		slope := label.Weight * (1/(1+math.Exp(-odds)) - wanted)
		if math.Abs(slope) < leastSlope {
			continue
		}
		step(&l.bias[act], &l.biasSeen[act], slope)
		l.learn(s.texts[text], at, act, slope)
	}
}

// most returns the stretch of s that speaks most for an act, the text in which it lies, and the odds.
func (l *learner) most(s *sample, act int) (text int, best stretch, odds float64) {
	odds = math.Inf(-1)
	for t, units := range s.texts {
		in, by := l.sums(units, zoneIn, act), l.sums(units, zoneBeside, act)
		for end := min(width, len(units)); end <= len(units); end++ {
			at := stretchTo(end, len(units))
			if sum := in[at.end] - in[at.start] + by[at.start] - by[at.before] + by[at.after] - by[at.end]; sum > odds {
				text, best, odds = t, at, sum
			}
		}
	}
	return text, best, odds + float64(l.bias[act])
}

// sums are those of the weights up to each unit.
func (l *learner) sums(units [][]int32, zone, act int) []float64 {
	sums := make([]float64, len(units)+1)
	for i, rows := range units {
		sums[i+1] = sums[i]
		for _, row := range rows {
			sums[i+1] += float64(l.weights[l.at(row, zone, act)])
		}
	}
	return sums
}

// at is the place of a weight.
func (l *learner) at(row int32, zone, act int) int { return (int(row)*zones+zone)*len(l.acts) + act }

// learn changes the weights of a stretch.
func (l *learner) learn(units [][]int32, at stretch, act int, slope float64) {
	for i := at.before; i < at.after; i++ {
		zone := zoneBeside
		if i >= at.start && i < at.end {
			zone = zoneIn
		}
		for _, row := range units[i] {
			w := l.at(row, zone, act)
			step(&l.weights[w], &l.seen[w], slope+decay*float64(l.weights[w]))
		}
	}
}

func step(weight, seen *float32, slope float64) {
	*seen += float32(slope * slope)
	*weight -= float32(pace * slope / math.Sqrt(float64(*seen)+1e-2))
}

// model rounds what was learnt to 8 bits a weight.
func (l *learner) model() *Model {
	const most = math.MaxInt8
	n := len(l.acts)
	m := &Model{acts: l.acts, features: l.features, weights: make([]int8, len(l.weights)), unit: make([]float32, n), bias: l.bias}
	for act := range n {
		for i := act; i < len(l.weights); i += n {
			m.unit[act] = max(m.unit[act], float32(math.Abs(float64(l.weights[i])))/most)
		}
		for i := act; i < len(l.weights) && m.unit[act] > 0; i += n {
			m.weights[i] = int8(math.Round(float64(l.weights[i] / m.unit[act])))
		}
	}
	m.prepare()
	return m
}
