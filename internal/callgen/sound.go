package callgen

import (
	"errors"
	"math"
	"math/rand/v2"

	"github.com/zhijian-qa/zhijian/call"
)

// Rate is the sample rate of the recordings in Hz.
const Rate = 8000

const (
	frame      = Rate / 200 // 5 ms
	soundFloor = 0.01       // a frame is sound when it is above this part of the loudest one (-40 dB)
	fade       = Rate / 400 // 2.5 ms at each end
)

// clip is one spoken line: its samples from the first sound to the last, and the stretches of sound
// in it, on its own clock.
type clip struct {
	samples []float32
	sound   []call.Span
}

// newClip brings raw speech to the telephone's rate and to level dB, and cuts the silence around it.
func newClip(raw []float32, level float64) (clip, error) {
	samples := resample(raw)
	loud := frames(samples)
	first, last := -1, -1
	for i, on := range loud {
		if on && first < 0 {
			first = i
		}
		if on {
			last = i
		}
	}
	if first < 0 {
		return clip{}, errors.New("nothing was spoken")
	}
	samples = samples[first*frame : min(len(samples), (last+1)*frame)]
	scale(samples, loud[first:last+1], level)
	for i := range min(fade, len(samples)/2) {
		gain := float32(i) / fade
		samples[i] *= gain
		samples[len(samples)-1-i] *= gain
	}
	return clip{samples: samples, sound: spans(loud[first : last+1])}, nil
}

// frames says of each 5 ms of samples whether it is sound.
func frames(samples []float32) []bool {
	power := make([]float64, (len(samples)+frame-1)/frame)
	for i, x := range samples {
		power[i/frame] += float64(x) * float64(x)
	}
	loudest := 0.0
	for _, p := range power {
		loudest = max(loudest, p)
	}
	loud := make([]bool, len(power))
	for i, p := range power {
		loud[i] = p > loudest*soundFloor*soundFloor
	}
	return loud
}

// spans turns frames of sound into stretches of time.
func spans(loud []bool) []call.Span {
	const length = call.Millis(frame * 1000 / Rate)
	var found []call.Span
	for i, on := range loud {
		if on {
			found = append(found, call.Span{Start: call.Millis(i) * length, End: call.Millis(i+1) * length})
		}
	}
	return call.Merge(found, 0)
}

// scale brings the root mean square of the loud frames to level dB.
func scale(samples []float32, loud []bool, level float64) {
	sum, n := 0.0, 0
	for i, x := range samples {
		if loud[i/frame] {
			sum += float64(x) * float64(x)
			n++
		}
	}
	gain := float32(decibel(level) / math.Sqrt(sum/float64(n)))
	for i := range samples {
		samples[i] *= gain
	}
}

// decibel returns the amplitude of a level.
func decibel(level float64) float64 { return math.Pow(10, level/20) }

// addNoise adds white noise of level dB to samples.
func addNoise(samples []float32, level float64, random *rand.Rand) {
	amplitude := decibel(level)
	for i := range samples {
		samples[i] += float32(random.NormFloat64() * amplitude)
	}
}

// resample converts from 22,050 to 8,000 Hz through a windowed sinc that passes up to 3.5 kHz.
func resample(in []float32) []float32 {
	const (
		up, down = 160, 441 // 8000/22050
		half     = 96       // taps on each side, input samples
		cutoff   = 3700.0 / speakerRate
	)
	var table [up][]float32
	for phase := range table {
		table[phase] = sincTaps(float64(phase)/up, half, cutoff)
	}
	out := make([]float32, len(in)*up/down)
	for i := range out {
		at := i * down
		taps, centre := table[at%up], at/up
		var sum float32
		for k, tap := range taps {
			if j := centre + k - half + 1; j >= 0 && j < len(in) {
				sum += tap * in[j]
			}
		}
		out[i] = sum
	}
	return out
}

// sincTaps returns 2×half taps of a low-pass filter around a point that lies fraction after a sample.
func sincTaps(fraction float64, half int, cutoff float64) []float32 {
	taps := make([]float32, 2*half)
	for k := range taps {
		x := float64(k-half+1) - fraction
		window := 0.42 + 0.5*math.Cos(math.Pi*x/float64(half)) + 0.08*math.Cos(2*math.Pi*x/float64(half))
		taps[k] = float32(sinc(2*cutoff*x) * 2 * cutoff * window)
	}
	return taps
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}
