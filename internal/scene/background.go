package scene

import (
	"context"
	"math/rand/v2"

	"github.com/zhijian-qa/zhijian/call"
)

// Background returns noise of a kind with nobody speaking in it, at a root mean square of db below full
// scale.
func (m *Maker) Background(ctx context.Context, kind Noise, seed uint64, db float64, length call.Millis) ([]float32, error) {
	samples, err := m.background(ctx, Conditions{Noise: kind}, int(length.Samples(Rate)), rand.New(rand.NewPCG(seed, streamNoise)))
	if err != nil {
		return nil, err
	}
	factor := gain(db - level(samples, nil))
	for i := range samples {
		samples[i] *= factor
	}
	return samples, nil
}

// Ringback returns what a caller hears until somebody answers.
func Ringback(length call.Millis) []float32 { return cadences(length, ringOn, ringOff) }

// BusyTone returns what is heard when the other side has hung up.
func BusyTone(length call.Millis) []float32 { return cadences(length, busyOn, busyOff) }

func cadences(length, on, off call.Millis) []float32 {
	var s Scene
	s.PCM[customer] = make([]float32, length.Samples(Rate))
	s.cadence(call.Span{End: length}, on, off)
	return s.PCM[customer]
}

// HoldMusic returns music without a voice.
func HoldMusic(seed uint64, length call.Millis) []float32 {
	var s Scene
	s.PCM[agent] = make([]float32, length.Samples(Rate))
	s.music(call.Span{End: length}, rand.New(rand.NewPCG(seed, streamSounds)))
	return s.PCM[agent]
}
