package audio

import (
	"math"
	"math/cmplx"
	"testing"
)

func TestSpectrumEqualsTheDefinition(t *testing.T) {
	t.Parallel()
	s, x := newSpectrum(spectrumSize), speechLike(8000, 0.04, 9)[:spectrumSize]
	got := s.of(x)
	for k := range spectrumSize/2 + 1 {
		var sum complex128
		for i, v := range x {
			sum += complex(float64(v)*s.window[i], 0) * cmplx.Rect(1, -2*math.Pi*float64(k*i)/spectrumSize)
		}
		want := real(sum)*real(sum) + imag(sum)*imag(sum)
		if math.Abs(got[k]-want) > 1e-9*(1+want) {
			t.Errorf("bin %d: got %g, want %g", k, got[k], want)
		}
	}
}

func TestFloorFollowsTheNoise(t *testing.T) {
	t.Parallel()
	f := newFloorTracker()
	steps := []struct {
		frames      int
		level, want float64
	}{
		{600, -50, -50 + floorBias},
		{100, -20, -50 + floorBias}, // speech of a second does not lift it
		{700, -30, -30 + floorBias}, // louder noise does, after some seconds
		{20, -60, -60 + floorBias},  // quieter noise lowers it soon
		{600, silenceDB, minFloorDB},
	}
	for _, s := range steps {
		for range s.frames {
			f.push(s.level)
		}
		if got := f.level(); math.Abs(got-s.want) > 0.01 {
			t.Errorf("after %d frames of %v dB: floor %.2f, want %.2f", s.frames, s.level, got, s.want)
		}
	}
}

func TestTransformEqualsTheDefinition(t *testing.T) {
	t.Parallel()
	for size := 4; size <= 512; size *= 2 {
		f, z := newFourier(size), make([]complex128, size)
		x := speechLike(8000, 0.2, 5)
		for i := range z {
			z[i] = complex(float64(x[i]), float64(x[len(x)-1-i]))
			f.put(i, real(z[i]), imag(z[i]))
		}
		f.run()
		for k := range z {
			var want complex128
			for i, v := range z {
				want += v * cmplx.Rect(1, -2*math.Pi*float64(k*i)/float64(size))
			}
			if got := complex(f.re[k], f.im[k]); cmplx.Abs(got-want) > 1e-9*(1+cmplx.Abs(want)) {
				t.Errorf("%d values, %d: got %g, want %g", size, k, got, want)
			}
		}
	}
}
