package score

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/zhijian-qa/zhijian/call"
)

// Limits are the thresholds of the measures. A field that is 0 has its default; docs/measures.md argues each.
type Limits struct {
	// Pause is the pause of a party that ends its stretch of speech; shorter ones belong to it. Default 300 ms.
	Pause call.Millis

	// InterruptionLead is how long the other party has spoken at least when speech begins over it. Default 500 ms.
	InterruptionLead call.Millis
	// InterruptionGoesOn is how long the other party goes on at least after that. Default 400 ms.
	InterruptionGoesOn call.Millis
	// InterruptionOverlap is how long both speak at once at least. Default 400 ms.
	InterruptionOverlap call.Millis
	// YieldWithin is the time in which a party that gives way stops. Default 2 s.
	YieldWithin call.Millis
	// BackchannelLength is the length below which speech of few characters may be a backchannel misheard: it
	// is left to a person. Default 1 s.
	BackchannelLength call.Millis
	// BackchannelCharacters is how many characters are few. Default 2.
	BackchannelCharacters int

	// Silence is the length beyond which a stretch without anyone's speech is a silence. Default 3 s.
	Silence call.Millis
	// HoldReach is how long after hold language a silence that it announces begins. Default 10 s.
	HoldReach call.Millis
	// ReturnWithin is how long after a silence the words that end the wait come. Default 10 s.
	ReturnWithin call.Millis

	// RateSpeech is the speech that a party's speech rate needs. Default 5 s.
	RateSpeech call.Millis
	// UtteranceSpeech is the speech that the rate and level of one utterance need. Default 1500 ms.
	UtteranceSpeech call.Millis

	// LevelSpeech is the speech that a party's own median level needs. Default 2 s.
	LevelSpeech call.Millis
	// ShoutDB is how far above the speaker's own median a shout lies, in dB. Default 10.
	ShoutDB float64
	// ShoutFloorDB is the level that a shout reaches in any case, in dBFS, below 0. Default -26.
	ShoutFloorDB float64
	// ShoutLength is the length of a shout. Default 1 s.
	ShoutLength call.Millis

	// Responses is how many responses a party's median latency needs. Default 3.
	Responses int
	// Monologue is the length from which a monologue is a long one. Default 60 s.
	Monologue call.Millis
}

// DefaultLimits returns the thresholds that the zero Limits stand for.
func DefaultLimits() Limits { return Limits{}.withDefaults() }

func (l Limits) withDefaults() Limits {
	l.Pause = cmp.Or(l.Pause, 300)
	l.InterruptionLead = cmp.Or(l.InterruptionLead, 500)
	l.InterruptionGoesOn = cmp.Or(l.InterruptionGoesOn, 400)
	l.InterruptionOverlap = cmp.Or(l.InterruptionOverlap, 400)
	l.YieldWithin = cmp.Or(l.YieldWithin, 2000)
	l.BackchannelLength = cmp.Or(l.BackchannelLength, 1000)
	l.BackchannelCharacters = cmp.Or(l.BackchannelCharacters, 2)
	l.Silence = cmp.Or(l.Silence, 3000)
	l.HoldReach = cmp.Or(l.HoldReach, 10_000)
	l.ReturnWithin = cmp.Or(l.ReturnWithin, 10_000)
	l.RateSpeech = cmp.Or(l.RateSpeech, 5000)
	l.UtteranceSpeech = cmp.Or(l.UtteranceSpeech, 1500)
	l.LevelSpeech = cmp.Or(l.LevelSpeech, 2000)
	l.ShoutDB = cmp.Or(l.ShoutDB, 10)
	l.ShoutFloorDB = cmp.Or(l.ShoutFloorDB, -26)
	l.ShoutLength = cmp.Or(l.ShoutLength, 1000)
	l.Responses = cmp.Or(l.Responses, 3)
	l.Monologue = cmp.Or(l.Monologue, 60_000)
	return l
}

// longestLimit bounds the limits that are lengths: no call lasts longer.
const longestLimit = call.Millis(48 * 3600 * 1000)

// check returns every limit that is out of its range, in one error.
func (l Limits) check() error {
	var faults []error
	for _, x := range []struct {
		name   string
		length call.Millis
	}{
		{"pause", l.Pause},
		{"interruption lead", l.InterruptionLead},
		{"interruption goes on", l.InterruptionGoesOn},
		{"interruption overlap", l.InterruptionOverlap},
		{"yield within", l.YieldWithin},
		{"backchannel length", l.BackchannelLength},
		{"silence", l.Silence},
		{"hold reach", l.HoldReach},
		{"return within", l.ReturnWithin},
		{"rate speech", l.RateSpeech},
		{"utterance speech", l.UtteranceSpeech},
		{"level speech", l.LevelSpeech},
		{"shout length", l.ShoutLength},
		{"monologue", l.Monologue},
	} {
		if x.length < 0 || x.length > longestLimit {
			faults = append(faults, fmt.Errorf("limit %s of %d ms is not from 0 to %d: %w", x.name, x.length, longestLimit, call.ErrInvalid))
		}
	}
	if l.BackchannelCharacters < 0 || l.Responses < 0 {
		faults = append(faults, fmt.Errorf("limits of %d characters and %d responses: a count is not below 0: %w", l.BackchannelCharacters, l.Responses, call.ErrInvalid))
	}
	if !(l.ShoutDB >= 0 && l.ShoutDB <= 60) || !(l.ShoutFloorDB <= 0 && l.ShoutFloorDB >= -100) {
		faults = append(faults, fmt.Errorf("shouts %g dB above the median and above %g dBFS: want 0 to 60 and -100 to 0: %w", l.ShoutDB, l.ShoutFloorDB, call.ErrInvalid))
	}
	return errors.Join(faults...)
}
