package senses

import (
	"math/rand/v2"
	"strings"

	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/lexicon/sense"
)

// How a recogniser mishears: most of what it mishears keeps its sound, or nearly; the rest is other or lost.
const (
	shareAlike = 0.75
	shareOther = 0.15
)

// Mishearing puts other characters for some: those that stand in the same examples. The recognisers that the rules are
// held against (score, confusion_test.go) are others on purpose: nothing is learnt from those.
type Mishearing struct {
	bySound map[uint16][]rune
	all     []rune
	random  *rand.Rand
}

// NewMishearing returns a recogniser that knows the characters of examples.
func NewMishearing(examples []sense.Example, seed uint64) *Mishearing {
	m := &Mishearing{bySound: map[uint16][]rune{}, random: rand.New(rand.NewPCG(seed, 2))}
	for _, e := range examples {
		for _, text := range e.Texts {
			sounds, at := lexicon.AppendSounds(nil, text), 0
			for _, r := range text {
				if sounds[at] != lexicon.Unheard {
					m.bySound[sounds[at]], m.all = append(m.bySound[sounds[at]], r), append(m.all, r)
				}
				at++
			}
		}
	}
	return m
}

// Hear returns what becomes of an example of which a share of the characters is misheard.
func (m *Mishearing) Hear(e sense.Example, share float64) sense.Example {
	heard := sense.Example{Labels: e.Labels}
	for _, text := range e.Texts {
		heard.Texts = append(heard.Texts, m.text(text, share))
	}
	return heard
}

func (m *Mishearing) text(text string, share float64) string {
	var b strings.Builder
	sounds, at := lexicon.AppendSounds(nil, text), 0
	for _, r := range text {
		sound, draw := sounds[at], m.random.Float64()
		at++
		switch {
		case len(m.bySound[sound]) == 0, draw >= share:
			b.WriteRune(r)
		case draw < share*shareAlike:
			alike := m.bySound[sound]
			b.WriteRune(alike[m.random.IntN(len(alike))])
		case draw < share*(shareAlike+shareOther):
			b.WriteRune(m.all[m.random.IntN(len(m.all))])
		}
	}
	return b.String()
}
