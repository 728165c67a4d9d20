package audio

import "math"

// The design of the resampling filter.
const (
	filterTaps = 64    // per output sample, at equal or rising rate
	kaiserBeta = 11.18 // of the window: the stop band lies 110 dB down
	// The half width of the transition band in cycles per sample of the lower rate, for filterTaps.
	halfTransition = 0.056
)

// resampler converts a stream of samples from one rate to another by a polyphase filter with linear
// phase. From 8 to 16 kHz this is a half-band filter: every second output is an input sample, and
// images of tones up to 3.4 kHz lie more than 90 dB down. Its output does not depend on how the input
// is cut into blocks.
type resampler struct {
	*filter
	tail  []float32 // inputs that later outputs still need
	next  int64     // the index of the next output
	first int64     // the index of tail[0] among all inputs
}

// filter is what all resamplers between the same two rates share.
type filter struct {
	up, down int         // the rates, divided by their greatest common divisor
	phases   [][]float32 // the taps for each position of an output between two inputs; nil at equal rates
	direct   []bool      // the positions at which an output is an input
}

func newFilter(from, to int) *filter {
	g := gcd(from, to)
	f := &filter{up: to / g, down: from / g}
	if from == to {
		return f
	}
	f.phases = design(f.up, f.down)
	f.direct = make([]bool, f.up)
	f.direct[0] = f.up > f.down && f.down == 1 // all other taps of this phase are 0
	return f
}

// reach returns how many inputs before and after an output count for it.
func (f *filter) reach() int {
	if f.phases == nil {
		return 0
	}
	return len(f.phases[0]) / 2
}

func newResampler(f *filter) *resampler {
	silence := max(0, f.reach()-1) // before the first input
	return &resampler{filter: f, tail: make([]float32, silence), first: -int64(silence)}
}

// push takes the next inputs and appends all outputs that are now known to out.
func (r *resampler) push(out, in []float32) []float32 {
	if r.phases == nil {
		return append(out, in...)
	}
	r.tail = append(r.tail, in...)
	return r.emit(out, r.first+int64(len(r.tail)))
}

// flush ends the stream: it appends the outputs that lie inside the input and still waited for more.
func (r *resampler) flush(out []float32) []float32 {
	if r.phases == nil {
		return out
	}
	r.tail = append(r.tail, make([]float32, r.reach())...)
	return r.emit(out, r.first+int64(len(r.tail)))
}

// emit appends the outputs whose inputs all lie before end, and forgets inputs no longer needed.
func (r *resampler) emit(out []float32, end int64) []float32 {
	reach := int64(r.reach())
	for {
		at := r.next * int64(r.down)
		base := at/int64(r.up) - reach + 1 // the first input that counts
		if base+2*reach > end {
			if drop := base - r.first; drop > 0 {
				r.tail = r.tail[:copy(r.tail, r.tail[drop:])]
				r.first = base
			}
			return out
		}
		if p := at % int64(r.up); r.direct[p] {
			out = append(out, r.tail[base-r.first+reach-1])
		} else {
			out = append(out, dot(r.phases[p], r.tail[base-r.first:]))
		}
		r.next++
	}
}

// dot returns the inner product of taps with the start of x. Four sums run side by side, since each addition
// waits for the one before it.
func dot[T float32 | float64](taps, x []T) T {
	x = x[:len(taps)]
	var a, b, c, d T
	for len(taps) >= 4 && len(x) >= 4 {
		a += taps[0] * x[0]
		b += taps[1] * x[1]
		c += taps[2] * x[2]
		d += taps[3] * x[3]
		taps, x = taps[4:], x[4:]
	}
	for i, t := range taps {
		a += t * x[i]
	}
	return a + b + c + d
}

// design returns for each of the up positions a windowed sinc. When the rate falls, the filter grows
// by the same factor and its stop band begins at half the new rate, so that nothing folds back.
func design(up, down int) [][]float32 {
	taps, cutoff := filterTaps, 0.5
	if down > up {
		ratio := float64(down) / float64(up)
		taps = 2 * int(math.Ceil(filterTaps/2*ratio))
		cutoff = (0.5 - halfTransition) / ratio
	}
	phases := make([][]float32, up)
	for p := range phases {
		phases[p] = designPhase(float64(p)/float64(up), taps, cutoff)
	}
	return phases
}

// designPhase returns the filter for an output that lies shift inputs after the tap at taps/2 - 1.
func designPhase(shift float64, taps int, cutoff float64) []float32 {
	values, sum := make([]float64, taps), 0.0
	for k := range values {
		x := float64(k-taps/2+1) - shift
		values[k] = sinc(2*cutoff*x) * kaiser(2*x/float64(taps))
		sum += values[k]
	}
	phase := make([]float32, taps)
	for k, v := range values {
		phase[k] = float32(v / sum)
	}
	return phase
}

func sinc(x float64) float64 {
	if math.Abs(x) < 1e-12 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// kaiser returns the window at x in [-1, 1], 0 outside.
func kaiser(x float64) float64 {
	if x <= -1 || x >= 1 {
		return 0
	}
	return bessel(kaiserBeta*math.Sqrt(1-x*x)) / bessel(kaiserBeta)
}

// bessel returns the modified Bessel function of the first kind and order 0.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-17; k++ {
		term *= x * x / (4 * k * k)
		sum += term
	}
	return sum
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
