package audio

import (
	"math"

	"github.com/zhijian-qa/zhijian/call"
)

// The limits of a healthy channel.
const (
	silentPeakDB   = -60   // no frame is louder: the channel is dead
	quietDB        = -42   // median level of speech
	faintDB        = -52   // the same: more than a part in ten lies below what the detector hears (minSpeechDB)
	buriedDB       = 7     // speech that lies less above the noise is not heard in full: down to 10 dB SNR it has 8 or more
	noisyDB        = 10    // speech lies less than this above the noise
	clippedShare   = 0.002 // of the samples of speech, or of all where none was found
	duplicateAbove = 0.95  // similarity of the channels, sample by sample
	duplicateLike  = 0.6   // the same of their speech at any delay: codecs and noise take from it
	echoClear      = 6     // height of an echo's peak over chance
	echoLeastDB    = -42   // quieter echoes harm nothing: they lie below what the detector hears
	echoMostDB     = -12   // louder ones are the channel's own sound
	shortSpeech    = call.Millis(1000)
	shortestTone   = call.Millis(300)
	worthComparing = -55 // channels are compared when both have something louder
)

// Health judges each channel. roles names who is on which channel; channels beyond it are unknown.
// A channel is bad when nothing can be measured on it, and warn when some measures suffer.
func Health(a Analysis, roles []call.Role) []call.ChannelHealth {
	health := make([]call.ChannelHealth, len(a.Channels))
	for i, c := range a.Channels {
		h := call.ChannelHealth{Channel: i, Role: call.RoleUnknown, Status: call.StatusOK, Reasons: []string{}}
		if i < len(roles) {
			h.Role = roles[i]
		}
		if level := c.LevelDB; len(c.Speech) > 0 {
			h.LevelDB = &level
		}
		bad, warn := a.faults(), a.doubts()
		channelBad, channelWarn := c.faults(), c.doubts()
		bad, warn = append(bad, channelBad...), append(warn, channelWarn...)
		if len(bad) == 0 {
			warn = append(warn, a.between(i)...)
		}
		switch {
		case len(bad) > 0:
			h.Status = call.StatusBad
		case len(warn) > 0:
			h.Status = call.StatusWarn
		}
		h.Reasons = append(append(h.Reasons, bad...), warn...)
		health[i] = h
	}
	return health
}

// faults returns what spoils every channel.
func (a Analysis) faults() []string {
	if len(a.Channels) == 2 && (math.Abs(a.Similarity) > duplicateAbove || a.Likeness.Same > duplicateLike) &&
		min(a.Channels[0].PeakDB, a.Channels[1].PeakDB) > worthComparing {
		return []string{call.ReasonDuplicate}
	}
	return nil
}

// doubts returns what makes every channel worse.
func (a Analysis) doubts() []string {
	var reasons []string
	if len(a.Channels) == 1 {
		reasons = append(reasons, call.ReasonMono)
	}
	if a.Truncated {
		reasons = append(reasons, call.ReasonTruncated)
	}
	return reasons
}

// between returns what is wrong with channel i beside the other.
func (a Analysis) between(i int) []string {
	if len(a.Channels) != 2 {
		return nil
	}
	var reasons []string
	if e := a.Likeness.Echo[i]; e.Clear > echoClear && e.GainDB > echoLeastDB && e.GainDB < echoMostDB {
		reasons = append(reasons, call.ReasonCrosstalk)
	}
	tail := call.Span{Start: a.Duration - a.Channels[i].Missing, End: a.Duration}
	if call.Total(call.Clip(a.Channels[1-i].Speech, tail)) >= shortSpeech {
		reasons = append(reasons, call.ReasonShorter)
	}
	return reasons
}

// faults returns why nothing can be measured on a channel.
func (c ChannelAnalysis) faults() []string {
	var reasons []string
	switch {
	case c.PeakDB < silentPeakDB:
		return []string{call.ReasonSilent}
	case len(c.Speech) > 0:
		return nil
	case c.Tones >= shortestTone:
		reasons = append(reasons, call.ReasonTone)
	}
	reasons = append(reasons, call.ReasonNoSpeech)
	if c.Clipped > clippedShare {
		reasons = append(reasons, call.ReasonClipped) // which may be why no speech was found
	}
	return reasons
}

// doubts returns why the measures of a channel with speech suffer.
func (c ChannelAnalysis) doubts() []string {
	if len(c.Speech) == 0 {
		return nil
	}
	var reasons []string
	if call.Total(c.Speech) < shortSpeech {
		reasons = append(reasons, call.ReasonShort)
	}
	if c.LevelDB < quietDB {
		reasons = append(reasons, call.ReasonQuiet)
	}
	if c.LevelDB < faintDB || c.LevelDB-c.NoiseDB < buriedDB {
		reasons = append(reasons, call.ReasonFaint)
	}
	if c.Clipped > clippedShare {
		reasons = append(reasons, call.ReasonClipped)
	}
	if c.LevelDB-c.NoiseDB < noisyDB {
		reasons = append(reasons, call.ReasonNoise)
	}
	return reasons
}
