package audio

import "math"

// The limits within which a frame counts as a tone or as voiced.
const (
	bandLow, bandHigh = 190.0, 3600.0 // Hz
	toneRest          = 0.004         // of the energy may lie beside the tones
	toneRestNoisy     = 0.05          // or up to this where the noise explains it
	toneDriftHz       = 5             // from frame to frame
	toneFrames        = 4             // in a row make a tone
	pitchLow          = 66.0          // Hz
	pitchHigh         = 400.0
	voicedAbove       = 0.5 // of the normalised autocorrelation
)

// shape tells tones and voices apart by the form of 256 samples.
type shape struct {
	spectrum *spectrum
	rate     float64
	last     [2]float64 // frequencies of the peaks of the frame before, 0 for none
	run      int        // frames in a row with the same tones
	coarse   []float64  // the samples at about 4 kHz, for the pitch
	squares  []float64  // the running sums of their squares
}

func newShape(rate float64) shape { return shape{spectrum: newSpectrum(spectrumSize), rate: rate} }

// pause notes a frame that is too quiet to be described.
func (s *shape) pause() { s.run, s.last = 0, [2]float64{} }

// describe sets tone and voiced of a frame from the samples around it.
func (s *shape) describe(x []float32, floor float64, f *frame) {
	tones, pure := s.tones(x, floor)
	same := pure && math.Abs(tones[0]-s.last[0]) < toneDriftHz && math.Abs(tones[1]-s.last[1]) < toneDriftHz
	if s.last = tones; !pure {
		s.last = [2]float64{}
	}
	if same {
		s.run++
	} else {
		s.run = 0
	}
	f.tone = s.run >= toneFrames-1 || pure && isKey(tones)
	f.voiced = !f.tone && s.periodic(x)
}

// tones returns the frequencies of the one or two tones that hold the energy of x, and whether they
// hold all of it but noise. Two tones that are harmonics of one voice do not count.
func (s *shape) tones(x []float32, floor float64) ([2]float64, bool) {
	power := s.spectrum.of(x)
	bin := s.rate / spectrumSize
	lo, hi := int(bandLow/bin), min(int(bandHigh/bin), len(power)-2)
	total := 0.0
	for _, p := range power[lo : hi+1] {
		total += p
	}
	// The power of the floor in the same units: a Hann window passes 3/8 of the energy.
	noise := math.Pow(10, floor/10) * spectrumSize * spectrumSize * 3 / 16
	rest := max(total*toneRest, min(total*toneRestNoisy, 1.5*noise))
	first, held := takePeak(power, lo, hi)
	total -= held
	if total < rest {
		return [2]float64{first * bin}, true
	}
	second, held := takePeak(power, lo, hi)
	total -= held
	low, high := min(first, second)*bin, max(first, second)*bin
	return [2]float64{low, high}, total < rest && !harmonic(low, high)
}

// takePeak returns the place of the greatest peak between lo and hi, in bins, and its energy, which it
// takes out of power.
func takePeak(power []float64, lo, hi int) (place, held float64) {
	k := lo
	for i := lo; i <= hi; i++ {
		if power[i] > power[k] {
			k = i
		}
	}
	place = float64(k)
	if a, b, c := power[max(k-1, 0)], power[k], power[k+1]; a > 0 && b > 0 && c > 0 {
		la, lb, lc := math.Log(a), math.Log(b), math.Log(c)
		if curve := la - 2*lb + lc; curve < 0 {
			place += (la - lc) / (2 * curve)
		}
	}
	for i := max(lo, k-2); i <= min(hi, k+2); i++ {
		held += power[i]
		power[i] = 0
	}
	return place, held
}

// isKey reports whether two tones are those of a telephone key (DTMF), which may be short.
func isKey(tones [2]float64) bool {
	const tolerance = 0.025
	near := func(hz float64, keys ...float64) bool {
		for _, key := range keys {
			if math.Abs(hz/key-1) < tolerance {
				return true
			}
		}
		return false
	}
	return near(tones[0], 697, 770, 852, 941) && near(tones[1], 1209, 1336, 1477, 1633)
}

// harmonic reports whether two frequencies look like overtones of one voice.
func harmonic(low, high float64) bool {
	for _, ratio := range []float64{4.0 / 3, 1.5, 2, 3, 4, 5} {
		if math.Abs(high/low/ratio-1) < 0.02 {
			return true
		}
	}
	return false
}

// periodic reports whether x repeats itself at the pitch of a voice.
func (s *shape) periodic(x []float32) bool {
	step := int(math.Round(s.rate / 4000))
	s.coarse = s.coarse[:0]
	for i := 0; i+step <= len(x); i += step {
		sum := float32(0)
		for _, v := range x[i : i+step] {
			sum += v
		}
		s.coarse = append(s.coarse, float64(sum))
	}
	rate := s.rate / float64(step)
	n := len(s.coarse)
	s.squares = append(s.squares[:0], 0)
	for i, v := range s.coarse {
		s.squares = append(s.squares, s.squares[i]+v*v)
	}
	for lag := int(rate / pitchHigh); lag <= min(int(rate/pitchLow), n*2/3); lag++ {
		sum := 0.0
		for i, v := range s.coarse[lag:] {
			sum += v * s.coarse[i]
		}
		norm := s.squares[n-lag] * (s.squares[n] - s.squares[lag])
		if sum > 0 && sum*sum > voicedAbove*voicedAbove*norm {
			return true
		}
	}
	return false
}
