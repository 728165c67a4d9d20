package callgen

import (
	"errors"
	"fmt"

	"github.com/zhijian-qa/zhijian/call"
)

// The limits by which the truth is told, in milliseconds.
const (
	PauseLimit   = 300  // a party's shorter pauses belong to its speech
	SilenceLimit = 3000 // a silence is longer

	interruptedAfter = 500  // the other has spoken at least so long
	goesOn           = 400  // and goes on at least so long
	overlapLimit     = 400  // and both speak for at least so long
	yieldLimit       = 2000 // giving way within this time is yielding
)

// truth tells what was placed, and fails where the script says something else than what came out.
func (c *composer) truth(duration call.Millis) (*Truth, error) {
	t := &Truth{
		File: c.script.Name + ".wav", Title: c.script.Title, Duration: duration, Metadata: c.script.Metadata,
		Agent: person(c.script.Agent), Customer: person(c.script.Customer), Seed: c.script.Sound.Seed,
		Speech: c.speech(), Passes: c.script.Passes, Vetoed: c.script.Vetoed,
		Interruptions: []Interruption{}, Faults: []Fault{},
	}
	t.Overlaps = call.Intersections(t.Speech[call.RoleAgent], t.Speech[call.RoleCustomer])
	t.Silences = c.silences(t.Speech)
	for _, l := range byStart(c.lines) {
		t.Utterances = append(t.Utterances, Utterance{Role: l.Role, Span: l.Span, Text: l.Text, Backchannel: l.Backchannel})
	}
	err := c.judgeInterruptions(t)
	c.plant(t)
	return t, err
}

func person(p Party) Person {
	return Person{ID: p.ID, Name: p.Name, Team: p.Team, Voice: fmt.Sprintf("%s rate %d pitch %d", p.Voice, p.Rate, p.Pitch)}
}

// speech returns the stretches of sound of each party.
func (c *composer) speech() map[call.Role][]call.Span {
	all := make(map[call.Role][]call.Span)
	for _, l := range c.lines {
		for _, s := range l.sound {
			all[l.Role] = append(all[l.Role], call.Span{Start: l.Start + s.Start, End: l.Start + s.End})
		}
	}
	for role, spans := range all {
		all[role] = call.Merge(spans, PauseLimit)
	}
	return all
}

func (c *composer) silences(speech map[call.Role][]call.Span) []Silence {
	found := []Silence{}
	both := append(append([]call.Span{}, speech[call.RoleAgent]...), speech[call.RoleCustomer]...)
	for _, gap := range call.Gaps(call.Merge(both, 0)) {
		if gap.Length() <= SilenceLimit {
			continue
		}
		announced := false
		for _, g := range c.gaps {
			announced = announced || g.Kind == KindHold && g.Overlaps(gap)
		}
		found = append(found, Silence{Span: gap, Announced: announced})
	}
	return found
}

// judgeInterruptions finds the interruptions by the definition and holds them against the script.
func (c *composer) judgeInterruptions(t *Truth) error {
	var faults []error
	for _, l := range byStart(c.lines) {
		cut, found := interruption(l, t.Speech)
		if found && !l.Backchannel {
			t.Interruptions = append(t.Interruptions, cut)
		}
		if l.Interrupts && !found {
			faults = append(faults, fmt.Errorf("line %d interrupts nobody: the other has to speak %d ms before it and %d ms after", l.Line, interruptedAfter, goesOn))
		}
		if found && !l.Interrupts && !l.Backchannel {
			faults = append(faults, fmt.Errorf("line %d is an interruption and not marked as one", l.Line))
		}
	}
	return errors.Join(faults...)
}

// interruption says whether a line begins while the other party is mid-speech.
func interruption(l placed, speech map[call.Role][]call.Span) (Interruption, bool) {
	own := call.Merge([]call.Span{l.Span}, 0)
	for _, other := range speech[l.Role.Other()] {
		if !other.Contains(l.Start) || l.Start-other.Start < interruptedAfter || other.End-l.Start < goesOn {
			continue
		}
		overlap := call.Total(call.Intersections(own, speech[l.Role.Other()]))
		return Interruption{
			By: l.Role, Start: l.Start, Overlap: overlap, Yielded: other.End-l.Start <= yieldLimit, Text: l.Text,
		}, overlap >= overlapLimit
	}
	return Interruption{}, false
}

// plant lists the faults: those of the lines, then those of the whole call.
func (c *composer) plant(t *Truth) {
	for _, l := range byStart(append(append([]placed{}, c.lines...), c.gaps...)) {
		for _, rule := range l.Faults {
			t.Faults = append(t.Faults, Fault{Rule: rule, Role: call.RoleAgent, Span: l.Span, Text: l.Text})
		}
	}
	for _, rule := range c.script.Faults {
		t.Faults = append(t.Faults, Fault{Rule: rule, Role: call.RoleAgent, Span: call.Span{End: t.Duration}, Whole: true})
	}
}
