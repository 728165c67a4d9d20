package score

import (
	"cmp"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// Names of the measures, as Withheld and the scorecards have them.
const (
	measureTalk            = "talk_ms"
	measureRatio           = "agent_talk_ratio"
	measureOverlap         = "overlap_ms"
	measureNonTalk         = "non_talk_ms"
	measureInterruptions   = "interruptions"
	measureSilences        = "silences"
	measureSpeechRate      = "chars_per_minute"
	measureUtteranceRates  = "utterance_chars_per_minute"
	measureResponse        = "response_ms"
	measureMonologue       = "longest_monologue"
	measureLongMonologues  = "long_monologues"
	measureLevel           = "level_db"
	measureUtteranceLevels = "utterance_level_db"
	measureLoudness        = "loudness_db"
	measureShouts          = "shouts"
	measureAnswerDelay     = "answer_delay_ms"
	measureRings           = "rings"
	measureHungUpBy        = "hung_up_by"
)

// parties are the roles that measures are about.
func parties() []call.Role { return []call.Role{call.RoleAgent, call.RoleCustomer} }

// measurer fills in the measures of one call.
type measurer struct {
	*view
	m Measures
}

// measure computes the figures of a call.
func (v *view) measure() Measures {
	m := measurer{view: v, m: Measures{Withheld: withheld(v.health)}}
	m.talk()
	m.exchange()
	m.rates()
	m.loudness()
	m.metadata()
	return m.m
}

// has reports whether nothing withholds the measure.
func (m *measurer) has(name string) bool { return m.m.Withheld[name] == "" }

// withhold notes why a measure of one party is not known.
func (m *measurer) withhold(name string, role call.Role, reason string) {
	m.m.Withheld[name+"."+string(role)] = reason
}

// talk measures who speaks how long.
func (m *measurer) talk() {
	if m.has(measureTalk) {
		m.m.TalkMS = map[call.Role]call.Millis{}
		for _, role := range parties() {
			if fault := m.unmeasured(role); fault != "" {
				m.withhold(measureTalk, role, fault)
				continue
			}
			m.m.TalkMS[role] = m.speech.talk(role)
		}
	}
	agent, customer := m.speech.talk(call.RoleAgent), m.speech.talk(call.RoleCustomer)
	if m.has(measureRatio) && agent+customer > 0 {
		ratio := float64(agent) / float64(agent+customer)
		m.m.AgentTalkRatio = &ratio
	} else if m.has(measureRatio) {
		m.m.Withheld[measureRatio] = reasonNoSpeech
	}
	if m.has(measureOverlap) {
		overlap := call.Total(m.speech.overlaps())
		m.m.OverlapMS = &overlap
	}
	if m.has(measureNonTalk) {
		nonTalk := m.speech.nonTalk(knownParties(m.health))
		m.m.NonTalkMS = &nonTalk
	}
}

// unmeasured returns why nothing is known of how long role speaks: its channel can't be heard, or ends early.
func (m *measurer) unmeasured(role call.Role) string {
	return cmp.Or(roleFault(m.health, role), partly(m.health, role))
}

// exchange measures how the parties take turns.
func (m *measurer) exchange() {
	if m.has(measureInterruptions) {
		m.m.Interruptions = m.interruptions()
	}
	if m.has(measureSilences) {
		m.m.Silences = m.silences()
	}
	if !m.has(measureResponse) || !m.has(measureMonologue) {
		return
	}
	floor := m.floor()
	m.m.ResponseMS = m.responses(floor, m.m.Silences)
	m.monologues(floor)
	for _, role := range parties() {
		if _, known := m.m.ResponseMS[role]; !known {
			m.withhold(measureResponse, role, reasonTooShort)
		}
		if _, known := m.m.LongestMonologue[role]; !known {
			m.withhold(measureMonologue, role, reasonTooShort)
		}
	}
}

// monologues keeps the longest of each party and those that are long.
func (m *measurer) monologues(floor []held) {
	m.m.LongestMonologue, m.m.LongMonologues = map[call.Role]Monologue{}, []Monologue{}
	for _, h := range m.view.monologues(floor) {
		long := h.Length() >= m.limits.Monologue
		if longest, known := m.m.LongestMonologue[h.role]; long || !known || h.Length() > longest.Length() {
			monologue := m.monologue(h)
			if !known || h.Length() > longest.Length() {
				m.m.LongestMonologue[h.role] = monologue
			}
			if long {
				m.m.LongMonologues = append(m.m.LongMonologues, monologue)
			}
		}
	}
}

// rates measures how fast the parties speak.
func (m *measurer) rates() {
	if m.has(measureUtteranceRates) {
		m.m.UtteranceRates = m.utteranceRates()
	}
	if !m.has(measureSpeechRate) {
		return
	}
	m.m.CharsPerMinute = m.speechRates()
	for _, role := range parties() {
		if _, known := m.m.CharsPerMinute[role]; !known {
			m.withhold(measureSpeechRate, role, cmp.Or(roleFault(m.health, role), reasonTooShort))
		}
	}
}

// loudness measures how loud the parties are, against themselves and each other.
func (m *measurer) loudness() {
	if m.has(measureLevel) {
		m.m.LevelDB = map[call.Role]float64{}
		for _, role := range parties() {
			level, reason := m.level(role)
			if reason != "" {
				m.withhold(measureLevel, role, reason)
				continue
			}
			m.m.LevelDB[role] = level
		}
	}
	m.against()
	if len(m.transcript.Levels) == 0 {
		m.withholdLevels()
		return
	}
	if m.has(measureUtteranceLevels) {
		m.m.UtteranceLevels = m.utteranceLevels()
	}
	if !m.has(measureShouts) {
		return
	}
	m.m.Shouts = []Shout{}
	for _, role := range parties() {
		median, known := m.m.LevelDB[role]
		if !known {
			m.withhold(measureShouts, role, m.m.Withheld[measureLevel+"."+string(role)])
			continue
		}
		m.m.Shouts = append(m.m.Shouts, m.shouts(role, median)...)
	}
	slices.SortStableFunc(m.m.Shouts, func(a, b Shout) int { return cmp.Compare(a.Start, b.Start) })
}

// withholdLevels says that a transcript of old has no levels.
func (m *measurer) withholdLevels() {
	for _, name := range []string{measureUtteranceLevels, measureShouts} {
		m.m.Withheld[name] = cmp.Or(m.m.Withheld[name], reasonNoLevels)
	}
}

// against compares the levels of the parties.
func (m *measurer) against() {
	if !m.has(measureLoudness) {
		return
	}
	agent, known := m.m.LevelDB[call.RoleAgent]
	customer, both := m.m.LevelDB[call.RoleCustomer]
	if !known || !both {
		level := func(role call.Role) string { return m.m.Withheld[measureLevel+"."+string(role)] }
		m.m.Withheld[measureLoudness] = cmp.Or(level(call.RoleAgent), level(call.RoleCustomer), reasonNoLevels)
		return
	}
	louder := round(agent-customer, 1)
	m.m.LoudnessDB = map[call.Role]float64{call.RoleAgent: louder, call.RoleCustomer: -louder}
}

// metadata takes over what only the telephone system knows.
func (m *measurer) metadata() {
	m.m.AnswerDelayMS, m.m.Rings = m.rec.AnswerDelay, m.rec.Rings
	if by := call.Role(m.rec.HungUpBy); by != "" {
		m.m.HungUpBy = &by
	}
	for name, known := range map[string]bool{
		measureAnswerDelay: m.m.AnswerDelayMS != nil, measureRings: m.m.Rings != nil, measureHungUpBy: m.m.HungUpBy != nil,
	} {
		if !known {
			m.m.Withheld[name] = reasonNoMetadata
		}
	}
}
