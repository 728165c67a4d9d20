package scene

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/callgen"
)

// Noise is a kind of background.
type Noise string

// The kinds of noise.
const (
	None   Noise = ""
	White  Noise = "white"
	Pink   Noise = "pink"   // falls by 3 dB an octave
	Babble Noise = "babble" // eight voices at once
	Street Noise = "street" // rumble that swells and ebbs, and cars that pass
	Office Noise = "office" // ventilation with its hum, and typing
)

// noise adds the noise of the conditions to both channels.
func (m *Maker) noise(ctx context.Context, s *Scene, seed uint64, c Conditions) error {
	random := rand.New(rand.NewPCG(seed, streamNoise))
	for i, role := range Roles() {
		noise, err := m.background(ctx, c, len(s.PCM[i]), random)
		if err != nil {
			return err
		}
		speech := level(s.Clean[i], s.Truth.Speech[role])
		add(s.PCM[i], noise, 0, gain(speech-c.SNR-level(noise, nil)))
	}
	return nil
}

// background returns n samples of noise of any level.
func (m *Maker) background(ctx context.Context, c Conditions, n int, random *rand.Rand) ([]float32, error) {
	switch c.Noise {
	case White:
		return fill(n, random.NormFloat64), nil
	case Pink:
		return fill(n, pink(random)), nil
	case Babble:
		return m.babble(ctx, c, n, random)
	case Street:
		return street(n, random), nil
	case Office:
		return office(n, random), nil
	}
	return nil, fmt.Errorf("there is no noise %q: %w", c.Noise, call.ErrInvalid)
}

func fill(n int, next func() float64) []float32 {
	samples := make([]float32, n)
	for i := range samples {
		samples[i] = float32(next())
	}
	return samples
}

// pink returns a source of pink noise, by Kellet's filter (musicdsp.org, "Pink noise filter").
func pink(random *rand.Rand) func() float64 {
	var a, b, c float64
	return func() float64 {
		white := random.NormFloat64()
		a = 0.99765*a + white*0.0990460
		b = 0.96300*b + white*0.2965164
		c = 0.57000*c + white*1.0526913
		return a + b + c + white*0.1848
	}
}

// babble lets eight people talk without pause.
func (m *Maker) babble(ctx context.Context, c Conditions, n int, random *rand.Rand) ([]float32, error) {
	const talkers = 8
	samples := make([]float32, n)
	voices := c.Cast.voices()
	for i := range talkers {
		p := callgen.Party{Voice: voices[i%len(voices)], Rate: 150 + 25*random.IntN(3), Pitch: 40 + 15*random.IntN(2)}
		if c.Others {
			p.Pitch += 7 // parties have 40 or 55
		}
		for at := -random.IntN(2 * Rate); at < n; {
			text := sentence(random, Roles()[random.IntN(2)], 0)
			line, _, err := m.studio.Line(ctx, text, p)
			if err != nil {
				return nil, err
			}
			for k, x := range line {
				if j := at + k; j >= 0 && j < n {
					samples[j] += x
				}
			}
			at += len(line) + random.IntN(Rate/3)
		}
	}
	return samples, nil
}

// street swells by ±4 dB over some seconds, and every ten seconds or so a car passes.
func street(n int, random *rand.Rand) []float32 {
	rumble := pink(random)
	phase, period := random.Float64()*2*math.Pi, float64(Rate)*(4+4*random.Float64())
	samples := fill(n, rumble)
	low := 0.0
	for i := range samples {
		low += 0.2 * (float64(samples[i]) - low)
		samples[i] = float32((0.3*float64(samples[i]) + low) * decibels(4*math.Sin(phase+2*math.Pi*float64(i)/period)))
	}
	for at := random.IntN(10 * Rate); at < n; at += (6 + random.IntN(8)) * Rate {
		width := float64(Rate) * (0.6 + random.Float64())
		for i := max(0, at-3*Rate); i < min(n, at+3*Rate); i++ {
			x := float64(i-at) / width
			samples[i] *= float32(1 + math.Exp(-x*x))
		}
	}
	return samples
}

// office is ventilation with a hum at 100 Hz and its overtones, and somebody who types.
func office(n int, random *rand.Rand) []float32 {
	air := pink(random)
	samples := fill(n, air)
	for i := range samples {
		for k := 1.0; k <= 6; k++ {
			samples[i] += float32(1.2 / k * math.Sin(2*math.Pi*100*k*float64(i)/Rate))
		}
	}
	for at := random.IntN(Rate); at < n; at += Rate/10 + random.IntN(Rate/3) {
		if random.IntN(20) == 0 {
			at += 3 * Rate
		}
		for i := at; i < min(n, at+Rate/50); i++ {
			samples[i] += float32(6 * random.NormFloat64() * math.Exp(-float64(i-at)/40))
		}
	}
	return samples
}
