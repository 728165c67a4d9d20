package audio

import (
	"math"
	"math/bits"
)

// spectrumSize is the count of samples in one spectrum: 32 ms at 8 kHz.
const spectrumSize = 256

// fourier is a radix-4 transform of complex values: a power of 2 of them, from 4 to 65536. It is used by
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
	for joined := 4 * f.first(); joined <= size; joined *= 4 {
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

// first returns how many values the first step joins: 8 of an odd power of 2, 4 of an even one, so that
// all other steps are of four.
func (f *fourier) first() int {
	if bits.Len(uint(len(f.order)))%2 == 0 {
		return 8
	}
	return 4
}

// run transforms in place what was put.
func (f *fourier) run() {
	if f.first() == 8 {
		f.eights()
	} else {
		f.quads()
	}
	for _, turns := range f.steps {
		f.fours(turns)
	}
}

// quads is the first step over four values each: it turns by quarters only, which takes no multiplication.
func (f *fourier) quads() {
	for start := 0; start+4 <= len(f.re); start += 4 {
		quad((*[4]float64)(f.re[start:]), (*[4]float64)(f.im[start:]))
	}
}

func quad(re, im *[4]float64) {
	p0r, p0i, p1r, p1i := re[0]+re[1], im[0]+im[1], re[0]-re[1], im[0]-im[1]
	q0r, q0i, q1r, q1i := re[2]+re[3], im[2]+im[3], re[2]-re[3], im[2]-im[3]
	re[0], im[0], re[2], im[2] = p0r+q0r, p0i+q0i, p0r-q0r, p0i-q0i
	re[1], im[1], re[3], im[3] = p1r+q1i, p1i-q1r, p1r-q1i, p1i+q1r
}

// eights is the first step over eight values each: two quads, the second turned by eighths of the circle.
func (f *fourier) eights() {
	for start := 0; start+8 <= len(f.re); start += 8 {
		re, im := (*[8]float64)(f.re[start:]), (*[8]float64)(f.im[start:])
		quad((*[4]float64)(re[:4]), (*[4]float64)(im[:4]))
		quad((*[4]float64)(re[4:]), (*[4]float64)(im[4:]))
		const h = math.Sqrt2 / 2
		ar, ai, br, bi := re[4], im[4], h*(re[5]+im[5]), h*(im[5]-re[5])
		cr, ci, dr, di := im[6], -re[6], h*(im[7]-re[7]), -h*(re[7]+im[7])
		re[4], im[4], re[5], im[5], re[6], im[6], re[7], im[7] = re[0]-ar, im[0]-ai, re[1]-br, im[1]-bi, re[2]-cr, im[2]-ci, re[3]-dr, im[3]-di
		re[0], im[0], re[1], im[1], re[2], im[2], re[3], im[3] = re[0]+ar, im[0]+ai, re[1]+br, im[1]+bi, re[2]+cr, im[2]+ci, re[3]+dr, im[3]+di
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
	x, window, order := x[:2*half], s.window[:2*half], s.half.order[:half]
	for i, j := range order {
		s.half.re[j] = float64(x[2*i]) * window[2*i]
		s.half.im[j] = float64(x[2*i+1]) * window[2*i+1]
	}
	s.half.run()
	re, im, power := s.half.re[:half], s.half.im[:half], s.power[:half+1]
	power[0], power[half] = (re[0]+im[0])*(re[0]+im[0]), (re[0]-im[0])*(re[0]-im[0])
	// The spectra of the even and the odd samples come apart by symmetry. Bin half-k turns the odd ones by
	// the supplement of the angle of bin k, so both come from the same sums.
	for k := 1; k <= half/2; k++ {
		m, c, w := half-k, s.cos[k], s.sin[k]
		evenRe, evenIm := (re[k]+re[m])/2, (im[k]-im[m])/2
		oddRe, oddIm := (im[k]+im[m])/2, (re[m]-re[k])/2
		turnedRe, turnedIm := oddRe*c+oddIm*w, oddIm*c-oddRe*w
		x, y := evenRe+turnedRe, evenIm+turnedIm
		power[k] = x*x + y*y
		x, y = evenRe-turnedRe, evenIm-turnedIm
		power[m] = x*x + y*y
	}
	return s.power
}
