package scene

import (
	"math"
	"math/rand/v2"

	"github.com/zhijian-qa/zhijian/call"
)

// The call progress tones of China (GB/T 3380): 450 Hz.
const (
	progressHz         = 450
	ringOn, ringOff    = call.Millis(1000), call.Millis(4000)
	busyOn, busyOff    = call.Millis(350), call.Millis(350)
	keyOn, keyOff      = call.Millis(100), call.Millis(150)
	toneLevel          = 0.12
	away               = call.Millis(400) // kept between speech and what fills a silence
	customer, agent    = 1, 0
	musicLevel         = 0.08
	noteLow, noteSteps = 262.0, 12
)

// sounds adds tones and music, which are nobody's speech.
func (s *Scene) sounds(c Conditions, random *rand.Rand) {
	if c.Ring > 0 {
		s.cadence(call.Span{Start: 100, End: c.Ring}, ringOn, ringOff)
	}
	for _, silence := range s.Truth.Silences {
		inside := call.Span{Start: silence.Start + away, End: silence.End - away}
		switch {
		case c.Music && silence.Announced:
			s.music(inside, random)
		case c.Keys && !silence.Announced:
			s.keys(inside, random)
		}
	}
	if c.Busy {
		end := s.Truth.Duration
		for i := range s.PCM {
			s.PCM[i] = append(s.PCM[i], make([]float32, 4*Rate)...)
			s.Clean[i] = append(s.Clean[i], make([]float32, 4*Rate)...)
		}
		s.Truth.Duration += 4000
		s.cadence(call.Span{Start: end, End: s.Truth.Duration}, busyOn, busyOff)
	}
}

// cadence turns the progress tone on and off on the customer's channel.
func (s *Scene) cadence(in call.Span, on, off call.Millis) {
	for at := in.Start; at < in.End; at += on + off {
		s.tone(call.Span{Start: at, End: min(in.End, at+on)}, progressHz)
	}
}

// tone adds tones of the frequencies hz.
func (s *Scene) tone(at call.Span, hz ...float64) {
	samples := s.PCM[customer]
	for i := at.Start.Samples(Rate); i < min(at.End.Samples(Rate), int64(len(samples))); i++ {
		for _, f := range hz {
			samples[i] += float32(toneLevel * math.Sin(2*math.Pi*f*float64(i)/Rate))
		}
	}
	s.Tones[customer] = append(s.Tones[customer], at)
}

// keys presses up to eight keys (DTMF, ITU-T Q.23).
func (s *Scene) keys(in call.Span, random *rand.Rand) {
	low, high := [...]float64{697, 770, 852, 941}, [...]float64{1209, 1336, 1477, 1633}
	at := in.Start
	for range 8 {
		if press := (call.Span{Start: at, End: at + keyOn}); press.End < in.End {
			s.tone(press, low[random.IntN(4)], high[random.IntN(4)])
		}
		at += keyOn + keyOff
	}
}

// music plays chords of three plucked notes on the agent's channel: pitch, overtones and rhythm, but
// nobody's voice.
func (s *Scene) music(in call.Span, random *rand.Rand) {
	const beat = call.Millis(400)
	samples := s.PCM[agent]
	for at := in.Start; at < in.End; at += beat {
		root := random.IntN(noteSteps)
		for _, step := range []int{0, 4, 7} {
			hz := noteLow * math.Pow(2, float64(root+step)/12)
			from, to := at.Samples(Rate), min(in.End, at+2*beat).Samples(Rate)
			for i := from; i < to; i++ {
				t := float64(i-from) / Rate
				note := math.Sin(2*math.Pi*hz*t) + math.Sin(4*math.Pi*hz*t)/2 + math.Sin(6*math.Pi*hz*t)/4
				samples[i] += float32(musicLevel * note * math.Exp(-3*t) * min(1, t*200))
			}
		}
	}
	s.Music[agent] = append(s.Music[agent], in)
}
