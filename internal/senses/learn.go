package senses

import (
	"math"
	"slices"

	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/lexicon/sense"
)

// seed is how the draws begin.
const seed = 1

// misheardShares are those of the characters of each copy of an example that are misheard.
var misheardShares = []float64{0.1, 0.25}

// Learn makes a model of examples, each as it was written and misheard, with the phrases that the word lists find.
func Learn(lex *lexicon.Set, examples []sense.Example) *sense.Model {
	hear := NewMishearing(examples, seed)
	all := slices.Clone(examples)
	for _, e := range examples {
		for _, share := range misheardShares {
			all = append(all, hear.Hear(e, share))
		}
	}
	for i := range all {
		for _, text := range all[i].Texts {
			all[i].Marks = append(all[i].Marks, sense.Marks(lex.Find(text)))
		}
	}
	return sense.Learn(Acts(), all, seed)
}

// Figures are how well a model tells an act in examples.
type Figures struct {
	Act       string
	Done, All int
	// Ordered is the chance that of an example that does it and one that does not the first speaks more for it (the area
	// under the receiver operating characteristic).
	Ordered float64
	// Recall and Precision at odds of 1:1.
	Recall, Precision float64
}

// Measure says how well m tells each act in examples that it was not learnt from.
func Measure(m *sense.Model, lex *lexicon.Set, examples []sense.Example) []Figures {
	var figures []Figures
	for _, act := range m.Acts() {
		var done, others []float64
		for _, e := range examples {
			label, known := e.Labels[act]
			switch odds := oddsOf(m, lex, act, e); {
			case !known:
			case label.Done:
				done = append(done, odds)
			default:
				others = append(others, odds)
			}
		}
		figures = append(figures, figuresOf(act, done, others))
	}
	return figures
}

func oddsOf(m *sense.Model, lex *lexicon.Set, act string, e sense.Example) float64 {
	odds := math.Inf(-1)
	for _, text := range e.Texts {
		odds = max(odds, m.Read(text, sense.Marks(lex.Find(text))).Most(act, 0, len([]rune(text))).Odds)
	}
	return odds
}

func figuresOf(act string, done, others []float64) Figures {
	f := Figures{Act: act, Done: len(done), All: len(done) + len(others)}
	for _, d := range done {
		for _, o := range others {
			switch {
			case d > o:
				f.Ordered++
			case d == o:
				f.Ordered += 0.5
			}
		}
	}
	above := func(all []float64) (n float64) {
		for _, odds := range all {
			if odds >= 0 {
				n++
			}
		}
		return n
	}
	f.Ordered /= max(1, float64(len(done)*len(others)))
	f.Recall, f.Precision = above(done)/max(1, float64(len(done))), above(done)/max(1, above(done)+above(others))
	return f
}
