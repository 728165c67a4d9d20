package audio

import (
	"math"
	"math/bits"
)

// spectrumSize is the count of samples in one spectrum: 32 ms at 8 kHz.
const spectrumSize = 256

// spectrum computes power spectra of real signals. It is used by one goroutine.
type spectrum struct {
	window   []float64
	cos, sin []float64 // of the full circle in as many steps as the window has
	order    []uint16  // bit-reversed
	re, im   []float64
	power    []float64
}

// newSpectrum returns the spectrum of size samples, a power of 2.
func newSpectrum(size int) *spectrum {
	half := size / 2
	s := &spectrum{
		window: make([]float64, size), cos: make([]float64, half), sin: make([]float64, half),
		order: make([]uint16, half), re: make([]float64, half), im: make([]float64, half), power: make([]float64, half+1),
	}
	for i := range s.window {
		s.window[i] = 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/float64(size))
	}
	for i := range s.cos {
		s.sin[i], s.cos[i] = math.Sincos(2 * math.Pi * float64(i) / float64(size))
		s.order[i] = uint16(bits.Reverse16(uint16(i)) >> (17 - bits.Len(uint(half))))
	}
	return s
}

// of returns the power in each bin of x under a Hann window. The result is valid until the next call.
func (s *spectrum) of(x []float32) []float64 {
	half := len(s.order)
	for i := range half { // two real samples are one complex one, in bit-reversed order
		j := s.order[i]
		s.re[j] = float64(x[2*i]) * s.window[2*i]
		s.im[j] = float64(x[2*i+1]) * s.window[2*i+1]
	}
	s.transform()
	for k := range half + 1 {
		a, b := k%half, (half-k)%half
		er, ei := (s.re[a]+s.re[b])/2, (s.im[a]-s.im[b])/2
		or, oi := (s.im[a]+s.im[b])/2, (s.re[b]-s.re[a])/2
		c, w := -1.0, 0.0
		if k < half {
			c, w = s.cos[k], s.sin[k]
		}
		re, im := er+or*c+oi*w, ei+oi*c-or*w
		s.power[k] = re*re + im*im
	}
	return s.power[:]
}

// transform is a radix-2 FFT in place over half as many values in bit-reversed order.
func (s *spectrum) transform() {
	n := len(s.order)
	for size := 2; size <= n; size *= 2 {
		step := 2 * n / size
		for start := 0; start < n; start += size {
			for k := range size / 2 {
				c, w := s.cos[k*step], s.sin[k*step]
				i, j := start+k, start+k+size/2
				re, im := s.re[j]*c+s.im[j]*w, s.im[j]*c-s.re[j]*w
				s.re[j], s.im[j] = s.re[i]-re, s.im[i]-im
				s.re[i], s.im[i] = s.re[i]+re, s.im[i]+im
			}
		}
	}
}
