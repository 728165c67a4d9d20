package accuracy

import (
	"context"
	"math"
	"math/rand/v2"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/callgen"
	"github.com/zhijian-qa/zhijian/internal/scene"
)

// Flaw is something that happens to a call on its way into the file. One without a reason is a healthy
// call of a kind that might be mistaken for a flawed one.
type Flaw struct {
	Name      string
	Reason    string // that both channels, or the second only, must name
	Both      bool
	condition func(*scene.Conditions, *rand.Rand)
	spoil     func(context.Context, *scene.Scene, *rand.Rand) error
}

// Traps returns the healthy calls.
func Traps() []Flaw {
	return []Flaw{
		{Name: "nothing"},
		{Name: "nothing, again", condition: func(c *scene.Conditions, _ *rand.Rand) { c.Cast = scene.CastA }},
		{Name: "same hum on both", spoil: spoiling(hum)},
		{Name: "same room noise on both", spoil: spoiling(room)},
		{Name: "ringback, keys, music, busy", condition: func(c *scene.Conditions, _ *rand.Rand) {
			c.Ring, c.Keys, c.Music, c.Busy = 9000, true, true, true
		}},
		{Name: "mostly silent listener", condition: func(c *scene.Conditions, _ *rand.Rand) { c.Listener = true }},
		{Name: "long hold with music", condition: func(c *scene.Conditions, _ *rand.Rand) { c.Hold, c.Music = 45_000, true }},
		{Name: "one voice on both", condition: func(c *scene.Conditions, _ *rand.Rand) { c.OneVoice = true }},
		{Name: "through GSM", condition: func(c *scene.Conditions, _ *rand.Rand) { c.GSM = true }},
		{Name: "narrow band", condition: func(c *scene.Conditions, _ *rand.Rand) { c.Narrow = true }},
		{Name: "noise gate", spoil: spoiling(func(s *scene.Scene, _ *rand.Rand) { gate(s, 0); gate(s, 1) })},
		{Name: "echo below what harms", condition: func(c *scene.Conditions, r *rand.Rand) {
			c.Echo, c.EchoDB, c.EchoLag = true, -55, lag(r, 20, 280)
		}},
	}
}

// Faults returns the faulty calls, two or more of each kind of fault that the two channels share.
func Faults() []Flaw {
	return []Flaw{
		{Name: "duplicate", Reason: call.ReasonDuplicate, Both: true, spoil: copied(0, 0)},
		{Name: "duplicate, late and quieter", Reason: call.ReasonDuplicate, Both: true, spoil: copied(280, -8)},
		{Name: "duplicate through another codec", Reason: call.ReasonDuplicate, Both: true, spoil: recoded},
		{Name: "duplicate through GSM", Reason: call.ReasonDuplicate, Both: true, spoil: mobile},
		{Name: "duplicate with noise of its own", Reason: call.ReasonDuplicate, Both: true, spoil: noisy},
		{Name: "crosstalk", Reason: call.ReasonCrosstalk, Both: true, condition: func(c *scene.Conditions, r *rand.Rand) {
			c.Echo, c.EchoDB, c.EchoLag = true, -20-5*r.Float64(), lag(r, 0, 120)
		}},
		{Name: "crosstalk, far below and late", Reason: call.ReasonCrosstalk, Both: true, condition: func(c *scene.Conditions, r *rand.Rand) {
			c.Echo, c.EchoDB, c.EchoLag = true, -30-5*r.Float64(), lag(r, 120, 260)
		}},
		{Name: "dead", Reason: call.ReasonSilent, spoil: spoiling(func(s *scene.Scene, _ *rand.Rand) { clear(s.PCM[1]) })},
		{Name: "ends early", Reason: call.ReasonShorter, spoil: spoiling(endEarly)},
		{Name: "clipped", Reason: call.ReasonClipped, spoil: spoiling(func(s *scene.Scene, _ *rand.Rand) {
			for i, v := range s.PCM[1] {
				s.PCM[1][i] = max(-1, min(12*v, 1))
			}
		})},
		{Name: "too quiet", Reason: call.ReasonQuiet, spoil: spoiling(func(s *scene.Scene, _ *rand.Rand) { amplify(s.PCM[1], -32) })},
		{Name: "nobody", Reason: call.ReasonNoSpeech, spoil: spoiling(func(s *scene.Scene, r *rand.Rand) {
			clear(s.PCM[1])
			hiss(s.PCM[1], 0.01, r)
		})},
		{Name: "tones only", Reason: call.ReasonTone, spoil: spoiling(tones)},
	}
}

type spoil = func(context.Context, *scene.Scene, *rand.Rand) error

func spoiling(do func(*scene.Scene, *rand.Rand)) spoil {
	return func(_ context.Context, s *scene.Scene, r *rand.Rand) error {
		do(s, r)
		return nil
	}
}

func lag(r *rand.Rand, low, high int) call.Millis { return call.Millis(low + r.IntN(high-low)) }

// mono puts the sum of both channels on both, on the second later and with a gain in dB.
func mono(s *scene.Scene, delay call.Millis, gain float64) {
	var pcm [2][]float32
	for c := range pcm {
		pcm[c] = make([]float32, len(s.PCM[0]))
	}
	late := int(delay.Samples(scene.Rate))
	for i, v := range s.PCM[0] {
		pcm[0][i] = v + s.PCM[1][i]
		if i >= late {
			pcm[1][i] = s.PCM[0][i-late] + s.PCM[1][i-late]
		}
	}
	s.PCM = pcm
	amplify(s.PCM[1], gain)
}

// copied draws a delay up to latest and a gain down to least dB.
func copied(latest int, least float64) spoil {
	return spoiling(func(s *scene.Scene, r *rand.Rand) { mono(s, call.Millis(r.IntN(latest+1)), least*r.Float64()) })
}

func recoded(_ context.Context, s *scene.Scene, r *rand.Rand) error {
	mono(s, lag(r, 0, 40), -3)
	callgen.Transcode(s.PCM[1], "alaw")
	callgen.Transcode(s.PCM[0], "mulaw")
	return nil
}

func mobile(ctx context.Context, s *scene.Scene, r *rand.Rand) error {
	mono(s, lag(r, 0, 160), -6*r.Float64())
	return scene.ThroughGSM(ctx, s.PCM[1])
}

func noisy(_ context.Context, s *scene.Scene, r *rand.Rand) error {
	mono(s, 0, 0)
	for c := range s.PCM {
		hiss(s.PCM[c], 0.01, r)
	}
	return nil
}

func endEarly(s *scene.Scene, r *rand.Rand) {
	hiss(s.PCM[1], 0.0005, r)
	clear(s.PCM[1][len(s.PCM[1])*2/3:])
}

func tones(s *scene.Scene, _ *rand.Rand) {
	for i := range s.PCM[1] {
		s.PCM[1][i] = float32(math.Sin(2*math.Pi*450*float64(i)/scene.Rate)) * 0.2 * float32(1-i/(scene.Rate)%5/4)
	}
}

func amplify(x []float32, gain float64) {
	for i := range x {
		x[i] *= float32(math.Pow(10, gain/20))
	}
}

func hiss(x []float32, level float64, r *rand.Rand) {
	for i := range x {
		x[i] += float32(level * r.NormFloat64())
	}
}

// hum adds the same mains hum, with its overtones, to both channels.
func hum(s *scene.Scene, _ *rand.Rand) {
	for i := range s.PCM[0] {
		t := float64(i) / scene.Rate
		v := float32(0.01*math.Sin(2*math.Pi*50*t) + 0.005*math.Sin(2*math.Pi*150*t) + 0.003*math.Sin(2*math.Pi*250*t))
		s.PCM[0][i], s.PCM[1][i] = s.PCM[0][i]+v, s.PCM[1][i]+v
	}
}

// room adds the same noise to both channels, 51 dB below full scale.
func room(s *scene.Scene, r *rand.Rand) {
	for i := range s.PCM[0] {
		v := float32(0.0028 * r.NormFloat64())
		s.PCM[0][i], s.PCM[1][i] = s.PCM[0][i]+v, s.PCM[1][i]+v
	}
}

// gate leaves a channel digitally silent where its party says nothing.
func gate(s *scene.Scene, channel int) {
	kept := make([]float32, len(s.PCM[channel]))
	for _, span := range s.Truth.Speech[scene.Roles()[channel]] {
		span = span.Widen(150, s.Truth.Duration)
		from, to := span.Start.Samples(scene.Rate), min(span.End.Samples(scene.Rate), int64(len(kept)))
		copy(kept[from:to], s.PCM[channel][from:to])
	}
	s.PCM[channel] = kept
}
