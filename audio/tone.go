package audio

import "math"

// The limits within which a frame counts as a tone or as voiced.
const (
	bandLow, bandHigh = 190.0, 3600.0 // Hz
	toneRest          = 0.004         // of the energy may lie beside the tones
	toneRestNoisy     = 0.05          // or up to this where the noise explains it
	toneRestKeys      = 0.1           // beside those of a telephone key, which no voice holds alone
	toneRestProgress  = 0.2           // beside the one of call progress, when it lasts
	toneDriftHz       = 5             // from frame to frame
	toneFrames        = 4             // in a row make a tone
	keyTwist          = 0.16          // one tone of a key lies at most 8 dB below the other (ITU-T Q.24)
	progressHz        = 450.0         // of ringback and busy in China (GB/T 3380)
	progressNear      = 12.0          // Hz beside it that noise makes of it
	progressFrames    = 16            // in a row make a tone in noise: a voice moves on before
	pitchLow          = 66.0          // Hz
	pitchHigh         = 400.0
	voicedAbove       = 0.5 // of the normalised autocorrelation
)

// tone is the kind of tone that a frame holds.
type tone uint8

const (
	noTone       tone = iota
	otherTone         // one or two that stay where they are
	progressTone      // ringback, busy and their like
	keyTone           // DTMF
)

// shape tells tones and voices apart by the form of 256 samples.
type shape struct {
	spectrum *spectrum
	rate     float64
	last     tones     // of the frame before
	run      int       // frames in a row with the same pure tones
	progress int       // frames in a row with the tone of call progress
	coarse   []float64 // the samples at about 4 kHz, for the pitch
	squares  []float64 // the running sums of their squares
	pitch    int       // the lag, in them, at which the last voice repeated itself
}

func newShape(rate float64) shape { return shape{spectrum: newSpectrum(spectrumSize), rate: rate} }

// pause notes a frame that is too quiet to be described.
func (s *shape) pause() { s.run, s.progress, s.last = 0, 0, tones{} }

// describe sets tone and voiced of a frame from the samples around it.
func (s *shape) describe(x []float32, floor float64, f *frame) {
	now := s.tones(x, floor)
	if now.pure && s.last.pure && now.near(s.last) {
		s.run++
	} else {
		s.run = 0
	}
	if now.progress {
		s.progress++
	} else {
		s.progress = 0
	}
	switch {
	case now.key && (now.pure || s.last.key):
		f.tone, f.toned = keyTone, toneFrames
	case s.progress >= progressFrames:
		f.tone, f.toned = progressTone, progressFrames
	case s.run >= toneFrames-1 && now.progress:
		f.tone, f.toned = progressTone, toneFrames
	case s.run >= toneFrames-1:
		f.tone, f.toned = otherTone, toneFrames
	}
	s.last = now
	f.voiced = f.tone == noTone && s.periodic(x)
}

// tones are the one or two greatest peaks of a spectrum.
type tones struct {
	hz       [2]float64 // the lower first; the second is 0 when the first holds all
	pure     bool       // they hold all energy but noise
	key      bool       // they are those of a key and hold nearly all
	progress bool       // the greatest is that of call progress and holds most
}

// near reports whether two pairs are the same tones.
func (t tones) near(o tones) bool {
	return math.Abs(t.hz[0]-o.hz[0]) < toneDriftHz && math.Abs(t.hz[1]-o.hz[1]) < toneDriftHz
}

// tones returns the tones of x. Two that are harmonics of one voice are not pure.
func (s *shape) tones(x []float32, floor float64) tones {
	power := s.spectrum.of(x)
	bin := s.rate / spectrumSize
	lo, hi := int(bandLow/bin), min(int(bandHigh/bin), len(power)-2)
	total := 0.0
	for _, p := range power[lo : hi+1] {
		total += p
	}
	first := peakOf(power, lo, hi)
	rest := total - first.held
	if rest-peakBins*first.top >= toneRestKeys*total {
		return tones{} // whatever a second peak holds, too much is left beside them
	}
	// The power of the floor in the same units: a Hann window passes 3/8 of the energy.
	noise := math.Pow(10, floor/10) * spectrumSize * spectrumSize * 3 / 16
	allowed := max(total*toneRest, min(total*toneRestNoisy, 1.5*noise))
	progress := rest < toneRestProgress*total && math.Abs(first.place()*bin-progressHz) < progressNear
	if rest < allowed {
		return tones{hz: [2]float64{first.place() * bin}, pure: true, progress: progress}
	}
	second := peakOf(power, lo, hi)
	rest -= second.held
	low, high := first.place()*bin, second.place()*bin
	hz := [2]float64{min(low, high), max(low, high)}
	key := rest < toneRestKeys*total && second.held > keyTwist*first.held && isKey(hz)
	return tones{hz: hz, pure: rest < allowed && (key || !harmonic(hz[0], hz[1])), key: key, progress: progress}
}

// peakBins is how many bins a peak takes in: the lobe of a Hann window and one more on each side.
const peakBins = 5

// peak is the greatest peak of a spectrum.
type peak struct {
	bin         int
	left, right float64 // the power beside it
	top, held   float64 // of its bin, and of all its bins
}

// peakOf returns the greatest peak between lo and hi, and takes it out of power.
func peakOf(power []float64, lo, hi int) peak {
	k := lo
	for i, p := range power[lo : hi+1] {
		if p > power[k] {
			k = lo + i
		}
	}
	found := peak{bin: k, left: power[max(k-1, 0)], right: power[k+1], top: power[k]}
	for i := max(lo, k-peakBins/2); i <= min(hi, k+peakBins/2); i++ {
		found.held += power[i]
		power[i] = 0
	}
	return found
}

// place returns where the peak is, in bins, by a parabola through the logarithms of its three bins.
func (p peak) place() float64 {
	if p.left <= 0 || p.top <= 0 || p.right <= 0 {
		return float64(p.bin)
	}
	la, lb, lc := math.Log(p.left), math.Log(p.top), math.Log(p.right)
	if curve := la - 2*lb + lc; curve < 0 {
		return float64(p.bin) + (la-lc)/(2*curve)
	}
	return float64(p.bin)
}

// isKey reports whether two tones are those of a telephone key (DTMF), which may be short.
func isKey(hz [2]float64) bool {
	const tolerance = 0.02
	near := func(of float64, keys ...float64) bool {
		for _, key := range keys {
			if math.Abs(of/key-1) < tolerance {
				return true
			}
		}
		return false
	}
	return near(hz[0], 697, 770, 852, 941) && near(hz[1], 1209, 1336, 1477, 1633)
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
	for ; len(x) >= step; x = x[step:] {
		sum := x[0]
		for _, v := range x[1:step] {
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
	from, to := int(rate/pitchHigh), min(int(rate/pitchLow), n*2/3)
	if near := s.pitch - lagsAtOnce/2; near >= from && near+lagsAtOnce <= to && s.repeats(near) {
		return true // a voice keeps about the pitch that it had
	}
	for lag := from; lag <= to; lag += lagsAtOnce {
		if s.repeats(min(lag, to-lagsAtOnce+1)) {
			return true
		}
	}
	return false
}

// lagsAtOnce lags are tried together: each value is read once for all of them.
const lagsAtOnce = 4

// repeats reports whether the coarse samples repeat themselves after any of lagsAtOnce lags, and keeps it.
func (s *shape) repeats(lag int) bool {
	n := len(s.coarse)
	for k, sum := range dots(s.coarse, s.coarse[lag:]) {
		norm := s.squares[n-lag-k] * (s.squares[n] - s.squares[lag+k])
		if sum > 0 && sum*sum > voicedAbove*voicedAbove*norm {
			s.pitch = lag + k
			return true
		}
	}
	return false
}

// dots returns the inner products of y, y[1:], y[2:] and y[3:] with x, which is longer than they are.
func dots(x, y []float64) [lagsAtOnce]float64 {
	n := len(y) - lagsAtOnce + 1
	y0, y1, y2, y3 := y[:n], y[1:][:n], y[2:][:n], y[3:][:n]
	var a, b, c, d float64
	for i, v := range x[:n] {
		a += v * y0[i]
		b += v * y1[i]
		c += v * y2[i]
		d += v * y3[i]
	}
	a += x[n]*y[n] + x[n+1]*y[n+1] + x[n+2]*y[n+2]
	b += x[n]*y[n+1] + x[n+1]*y[n+2]
	c += x[n] * y[n+2]
	return [lagsAtOnce]float64{a, b, c, d}
}
