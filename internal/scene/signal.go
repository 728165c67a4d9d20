package scene

import (
	"math"

	"github.com/zhijian-qa/zhijian/call"
)

// gain returns the factor of a level in dB.
func gain(db float64) float32 { return float32(decibels(db)) }

func decibels(db float64) float64 { return math.Pow(10, db/20) }

// add mixes what into samples, later and with a gain. What does not fit is left out.
func add(samples, what []float32, lag call.Millis, gain float32) {
	from := int(lag.Samples(Rate))
	for i := from; i < min(len(samples), from+len(what)); i++ {
		samples[i] += gain * what[i-from]
	}
}

// level returns the root mean square of samples in dB, within spans, or of all when there are none.
func level(samples []float32, spans []call.Span) float64 {
	if spans == nil {
		spans = []call.Span{{End: call.FromSamples(int64(len(samples)), Rate)}}
	}
	sum, n := 1e-20, 1
	for _, s := range spans {
		for _, x := range samples[s.Start.Samples(Rate):min(int64(len(samples)), s.End.Samples(Rate))] {
			sum += float64(x) * float64(x)
			n++
		}
	}
	return 10 * math.Log10(sum/float64(n))
}

// biquad is a second-order filter in the form of Robert Bristow-Johnson's cookbook.
type biquad struct{ b0, b1, b2, a1, a2, s1, s2 float64 }

func (q *biquad) run(samples []float32) {
	for i, x := range samples {
		y := q.b0*float64(x) + q.s1
		q.s1 = q.b1*float64(x) - q.a1*y + q.s2
		q.s2 = q.b2*float64(x) - q.a2*y
		samples[i] = float32(y)
	}
}

// pass returns a Butterworth filter at hz: high-pass or low-pass.
func pass(hz float64, high bool) *biquad {
	sin, cos := math.Sincos(2 * math.Pi * hz / Rate)
	alpha := sin / math.Sqrt2
	b := (1 - cos) / 2
	middle := 2 * b
	if high {
		b = (1 + cos) / 2
		middle = -2 * b
	}
	a0 := 1 + alpha
	return &biquad{b0: b / a0, b1: middle / a0, b2: b / a0, a1: -2 * cos / a0, a2: (1 - alpha) / a0}
}
