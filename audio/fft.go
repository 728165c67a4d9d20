package audio

import (
	"math"
	"math/bits"
)

// spectrumSize is the count of samples in one spectrum: 32 ms at 8 kHz.
const spectrumSize = 256

// fourier is a radix-2 transform of complex values, a power of 2 and at most 65536 of them. It is used by
// one goroutine.
type fourier struct {
	re, im []float64 // what was put, then its transform; valid until the next put
	steps  [][]turn  // of each step of four
	order  []uint16  // bit-reversed
}

// turn is what a step of four turns its values by: an angle and twice the angle.
type turn struct{ c1, w1, c2, w2 float64 }

// newFourier returns the transform of size values.
func newFourier(size int) *fourier {
	f := &fourier{
		re: make([]float64, size), im: make([]float64, size), order: make([]uint16, size),
	}
	for i := range f.order {
		f.order[i] = uint16(bits.Reverse16(uint16(i)) >> (17 - bits.Len(uint(size))))
	}
	joined := 4
	if bits.Len(uint(size))%2 == 0 { // an odd power of 2: one step of two, the others are of four
		joined = 8
	}
	for ; joined <= size; joined *= 4 {
		turns := make([]turn, joined/4)
		for k := range turns {
			angle := 2 * math.Pi * float64(k) / float64(joined)
			turns[k].w1, turns[k].c1 = math.Sincos(angle)
			turns[k].w2, turns[k].c2 = math.Sincos(2 * angle)
		}
		f.steps = append(f.steps, turns)
	}
	return f
}

// put sets value i. All values are put before each run.
func (f *fourier) put(i int, re, im float64) {
	j := f.order[i]
	f.re[j], f.im[j] = re, im
}

// run transforms in place what was put.
func (f *fourier) run() {
	if bits.Len(uint(len(f.order)))%2 == 0 {
		f.pairs()
	}
	for _, turns := range f.steps {
		f.fours(turns)
	}
}

// pairs is the first step, which turns nothing.
func (f *fourier) pairs() {
	for _, x := range [2][]float64{f.re, f.im} {
		for i := 1; i < len(x); i += 2 {
			x[i-1], x[i] = x[i-1]+x[i], x[i-1]-x[i]
		}
	}
}

// fours joins four transforms of as many values as there are turns each time: two steps of two at once.
func (f *fourier) fours(turns []turn) {
	n, quarter := len(f.order), len(turns)
	size := 4 * quarter
	for start := 0; start < n; start += size {
		re, im := f.re[start:][:size], f.im[start:][:size]
		re0, re1, re2, re3 := re[:quarter], re[quarter:][:quarter], re[2*quarter:][:quarter], re[3*quarter:][:quarter]
		im0, im1, im2, im3 := im[:quarter], im[quarter:][:quarter], im[2*quarter:][:quarter], im[3*quarter:][:quarter]
		for k, t := range turns {
			c1, w1, c2, w2 := t.c1, t.w1, t.c2, t.w2
			// the inner step turns by twice the angle
			ar, ai := re1[k]*c2+im1[k]*w2, im1[k]*c2-re1[k]*w2
			br, bi := re3[k]*c2+im3[k]*w2, im3[k]*c2-re3[k]*w2
			p0r, p0i, p1r, p1i := re0[k]+ar, im0[k]+ai, re0[k]-ar, im0[k]-ai
			q0r, q0i, q1r, q1i := re2[k]+br, im2[k]+bi, re2[k]-br, im2[k]-bi
			// the outer one by the angle, and a quarter of the circle more
			ar, ai = q0r*c1+q0i*w1, q0i*c1-q0r*w1
			br, bi = q1i*c1-q1r*w1, -q1r*c1-q1i*w1
			re0[k], im0[k], re2[k], im2[k] = p0r+ar, p0i+ai, p0r-ar, p0i-ai
			re1[k], im1[k], re3[k], im3[k] = p1r+br, p1i+bi, p1r-br, p1i-bi
		}
	}
}

// spectrum computes power spectra of real signals. It is used by one goroutine.
type spectrum struct {
	window   []float64
	half     *fourier  // of half as many values: two real samples are one complex one
	cos, sin []float64 // of half the circle in as many steps as the window has
	power    []float64
}

// newSpectrum returns the spectrum of size samples, a power of 2.
func newSpectrum(size int) *spectrum {
	half := size / 2
	s := &spectrum{
		window: make([]float64, size), half: newFourier(half), cos: make([]float64, half), sin: make([]float64, half), power: make([]float64, half+1),
	}
	for i := range s.window {
		s.window[i] = 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/float64(size))
	}
	for i := range s.cos {
		s.sin[i], s.cos[i] = math.Sincos(2 * math.Pi * float64(i) / float64(size))
	}
	return s
}

// of returns the power in each bin of x under a Hann window. The result is valid until the next call.
func (s *spectrum) of(x []float32) []float64 {
	half := len(s.cos)
	for i := range half {
		s.half.put(i, float64(x[2*i])*s.window[2*i], float64(x[2*i+1])*s.window[2*i+1])
	}
	s.half.run()
	re, im := s.half.re, s.half.im
	s.power[0], s.power[half] = (re[0]+im[0])*(re[0]+im[0]), (re[0]-im[0])*(re[0]-im[0])
	for k := 1; k < half; k++ { // the spectra of the even and the odd samples come apart by symmetry
		m, c, w := half-k, s.cos[k], s.sin[k]
		evenRe, evenIm := (re[k]+re[m])/2, (im[k]-im[m])/2
		oddRe, oddIm := (im[k]+im[m])/2, (re[m]-re[k])/2
		x, y := evenRe+oddRe*c+oddIm*w, evenIm+oddIm*c-oddRe*w
		s.power[k] = x*x + y*y
	}
	return s.power
}
