package report

import (
	"maps"
	"slices"

	"github.com/zhijian-qa/zhijian/score"
)

// measures returns a copy of m with what was said in it masked.
func (h hider) measures(m score.Measures) score.Measures {
	m.Interruptions = slices.Clone(m.Interruptions)
	for i := range m.Interruptions {
		h.hide(&m.Interruptions[i].Text, &m.Interruptions[i].OtherText)
	}
	m.Silences = slices.Clone(m.Silences)
	for i := range m.Silences {
		m.Silences[i].Hold = h.hold(m.Silences[i].Hold)
	}
	m.Shouts = slices.Clone(m.Shouts)
	for i := range m.Shouts {
		h.hide(&m.Shouts[i].Text)
	}
	m.LongMonologues = slices.Clone(m.LongMonologues)
	for i := range m.LongMonologues {
		h.hide(&m.LongMonologues[i].Text)
	}
	m.LongestMonologue = maps.Clone(m.LongestMonologue)
	for role, longest := range m.LongestMonologue {
		h.hide(&longest.Text)
		m.LongestMonologue[role] = longest
	}
	return m
}

// hold returns a masked copy of the words that announced a wait and of those that ended it.
func (h hider) hold(hold *score.Hold) *score.Hold {
	if hold == nil {
		return nil
	}
	masked := *hold
	h.hide(&masked.Quote, &masked.Promise)
	if hold.Return != nil {
		said := *hold.Return
		h.hide(&said.Quote)
		masked.Return = &said
	}
	return &masked
}
