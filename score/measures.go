package score

import (
	"cmp"
	"slices"
	"unicode"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
)

// The limits of the measures, as the definitions have them.
const (
	joinedPause    = call.Millis(300)  // shorter pauses belong to a party's speech
	shortestGap    = call.Millis(3000) // a longer stretch without anyone's speech is a silence
	holdReach      = call.Millis(10000)
	holdLead       = call.Millis(1000)
	shortestForCPM = call.Millis(5000) // of speech, below it a speech rate says nothing
)

// Names of the measures, as Withheld and the scorecards have them.
const (
	measureTalk          = "talk_ms"
	measureRatio         = "agent_talk_ratio"
	measureOverlap       = "overlap_ms"
	measureNonTalk       = "non_talk_ms"
	measureInterruptions = "interruptions"
	measureSilences      = "silences"
	measureSpeechRate    = "chars_per_minute"
)

// speech is who spoke when: merged spans inside the recording, and their union.
type speech struct {
	byRole map[call.Role][]call.Span
	anyone []call.Span
}

func speechOf(rec call.Recording, tr call.Transcript) speech {
	whole := call.Span{End: rec.Duration}
	s := speech{byRole: map[call.Role][]call.Span{}}
	var all []call.Span
	for role, spans := range tr.Speech {
		s.byRole[role] = call.Merge(call.Clip(spans, whole), joinedPause)
		all = append(all, s.byRole[role]...)
	}
	s.anyone = call.Merge(all, 0)
	return s
}

func (s speech) talk(role call.Role) call.Millis { return call.Total(s.byRole[role]) }

// measure computes the figures of a call.
func (v *view) measure() Measures {
	m := Measures{Withheld: withheld(v.health)}
	has := func(name string) bool { return m.Withheld[name] == "" }
	agent, customer := v.speech.talk(call.RoleAgent), v.speech.talk(call.RoleCustomer)
	if has(measureTalk) {
		m.TalkMS = map[call.Role]call.Millis{call.RoleAgent: agent, call.RoleCustomer: customer}
	}
	if has(measureRatio) && agent+customer > 0 {
		ratio := float64(agent) / float64(agent+customer)
		m.AgentTalkRatio = &ratio
	} else if has(measureRatio) {
		m.Withheld[measureRatio] = reasonNoSpeech
	}
	if has(measureOverlap) {
		overlap := call.Total(call.Intersections(v.speech.byRole[call.RoleAgent], v.speech.byRole[call.RoleCustomer]))
		m.OverlapMS = &overlap
	}
	if has(measureNonTalk) {
		nonTalk := v.rec.Duration - call.Total(v.speech.anyone)
		m.NonTalkMS = &nonTalk
	}
	if has(measureInterruptions) {
		m.Interruptions = v.interruptions()
	}
	if has(measureSilences) {
		m.Silences = v.silences()
	}
	if has(measureSpeechRate) {
		m.CharsPerMinute = v.speechRates()
		for _, role := range []call.Role{call.RoleAgent, call.RoleCustomer} {
			if _, known := m.CharsPerMinute[role]; !known {
				m.Withheld[measureSpeechRate+"."+string(role)] = cmp.Or(roleFault(v.health, role), reasonTooShort)
			}
		}
	}
	return m
}

// silences lists the stretches in which nobody speaks, and whether they were announced.
func (v *view) silences() []Silence {
	silences := []Silence{}
	for _, gap := range call.Gaps(v.speech.anyone) {
		if gap.Length() > shortestGap {
			silences = append(silences, Silence{Span: gap, Announced: v.announced(gap)})
		}
	}
	return silences
}

// announced reports whether somebody asked for patience just before the gap.
func (v *view) announced(gap call.Span) bool {
	return slices.ContainsFunc(v.hits, func(h hit) bool {
		return h.List == listHold && h.provesSaid() && h.at.End >= gap.Start-holdReach && h.at.End <= gap.Start+holdLead
	})
}

// maybeAnnounced looks before a gap that nobody announced for words of role that come near to hold language.
func (v *view) maybeAnnounced(role call.Role, gap call.Span) (miss lexicon.Miss, near bool) {
	before := call.Span{Start: gap.Start - holdReach, End: gap.Start + holdLead}
	miss, ok := v.lexicon.Nearest(listHold, v.textIn(role, before))
	return miss, ok && miss.Near && miss.Length >= shortestAnywhere
}

// speechRates returns the characters per minute of speech of those who spoke long enough.
func (v *view) speechRates() map[call.Role]float64 {
	rates := map[call.Role]float64{}
	for _, role := range []call.Role{call.RoleAgent, call.RoleCustomer} {
		talk := v.speech.talk(role)
		if talk < shortestForCPM {
			continue
		}
		n := 0
		for _, u := range v.transcript.By(role) {
			n += spokenCharacters(u.Text)
		}
		rates[role] = round(float64(n)*60000/float64(talk), 1)
	}
	return rates
}

// spokenCharacters counts Han characters and digits.
func spokenCharacters(text string) int {
	n := 0
	for _, r := range text {
		if unicode.Is(unicode.Han, r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
