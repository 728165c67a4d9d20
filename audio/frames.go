package audio

import "math"

// Voice activity is judged in frames of 10 ms. The samples come down to 8–16 kHz first, and lose what
// lies below the telephone band, where hum lives.
const (
	framesPerSecond = 100
	analysisRate    = 8000
	highPassHz      = 180
	silenceDB       = -100 // the level of digital silence
)

// frame is what is known about 10 ms of one channel.
type frame struct {
	level  float64 // in dBFS, of 20 ms around the frame, in the telephone band
	voiced bool    // periodic as voices are
	tone   tone    // one or two pure tones
	toned  int     // frames before it that are part of the tone
	held   float64 // share of the sound that is partials which stay where they are, as those of music
	music  bool    // part of two seconds of held notes
	steady bool    // part of half a second that keeps its level, as voices never do
}

// framer cuts one channel into frames. Frame i describes the samples from i to i+1 hundredths of a
// second; it is known some frames later, when what follows it has been heard.
type framer struct {
	rate   float64 // of the samples that are analysed
	narrow *decimator
	high   [2]biquad
	wide   []float64 // the samples on their way through them
	clip   clipCounter
	kept   []float32 // filtered samples, the first of which has the index base
	base   int
	next   int       // the index of the next frame
	sums   []float64 // energy sums of the frames next-1, next and so on
	shape  shape
	holder *holder
	held   float64
	floor  *floorTracker
}

func newFramer(rate int) *framer {
	f := &framer{rate: float64(rate), floor: newFloorTracker()}
	if factor := rate / analysisRate; factor > 1 {
		f.narrow = newDecimator(factor)
		f.rate /= float64(factor)
	}
	f.high = highPass(f.rate)
	f.shape, f.holder = newShape(f.rate), newHolder(f.rate)
	f.kept = make([]float32, spectrumSize/2) // silence before the recording
	f.base = -len(f.kept)
	f.sums = []float64{0}
	return f
}

// push takes the next samples and calls emit for every frame that is now known.
func (f *framer) push(pcm []float32, emit func(frame)) {
	f.clip.count(pcm)
	if f.narrow != nil {
		pcm = f.narrow.push(pcm)
	}
	f.wide = f.wide[:0]
	for _, v := range pcm {
		f.wide = append(f.wide, float64(v))
	}
	cascade(&f.high[0], &f.high[1], f.wide)
	for _, v := range f.wide {
		f.kept = append(f.kept, float32(v))
	}
	f.emit(emit)
}

// flush ends the recording: it calls emit for the frames that waited for what follows.
func (f *framer) flush(emit func(frame)) {
	end := f.base + len(f.kept)
	f.kept = append(f.kept, make([]float32, spectrumSize+int(f.rate)/framesPerSecond)...)
	f.emit(func(x frame) {
		if f.edge(f.next-1) < end {
			emit(x)
		}
	})
}

// edge returns the index of the first sample of frame i.
func (f *framer) edge(i int) int { return int(math.Round(float64(i) * f.rate / framesPerSecond)) }

func (f *framer) emit(emit func(frame)) {
	for {
		middle := (f.edge(f.next) + f.edge(f.next+1)) / 2
		if max(middle+spectrumSize/2, f.edge(f.next+2)) > f.base+len(f.kept) {
			return
		}
		for len(f.sums) < 3 { // of the frames before, at and after
			f.sums = append(f.sums, f.energy(f.next+len(f.sums)-1))
		}
		mean := (f.sums[0]/2 + f.sums[1] + f.sums[2]/2) / 2
		x := frame{level: decibel(mean)}
		f.sums = append(f.sums[:0], f.sums[1:]...)
		f.floor.push(x.level)
		if x.level > worthShape && (f.next < 2*framesPerSecond || x.level > f.floor.level()+1.5) {
			around := f.kept[middle-spectrumSize/2-f.base:][:spectrumSize]
			f.shape.describe(around, f.floor.level(), &x)
		} else {
			f.shape.pause()
		}
		if f.next%longEvery == 0 {
			f.held = f.holds(middle, x.level)
		}
		x.held = f.held
		f.next++
		emit(x)
		f.forget()
	}
}

// holds returns how much of the sound up to the frame around middle is held, 0 where there is too little.
func (f *framer) holds(middle int, level float64) float64 {
	from := middle + spectrumSize/2 - longSize - f.base
	if from < 0 || level < worthShape {
		return 0
	}
	return f.holder.held(f.kept[from:][:longSize])
}

// energy returns the mean square of frame i.
func (f *framer) energy(i int) float64 {
	from, to := f.edge(i), f.edge(i+1)
	return energyOf(f.kept[from-f.base:to-f.base]) / float64(to-from)
}

// forget drops samples that no later frame needs, now and then.
func (f *framer) forget() {
	needed := f.edge(f.next) - longSize
	if drop := needed - f.base; drop > 4096 {
		f.kept = f.kept[:copy(f.kept, f.kept[drop:])]
		f.base = needed
	}
}

// decibel returns the level of a mean square.
func decibel(mean float64) float64 {
	if mean <= 1e-10 {
		return silenceDB
	}
	return 10 * math.Log10(mean)
}

// biquad is a second-order filter.
type biquad struct{ b0, b1, b2, a1, a2, s1, s2 float64 }

// cascade runs x through two filters in place. Both are at work at once: each waits for its own last value only.
func cascade(p, q *biquad, x []float64) {
	p1, p2, q1, q2 := p.s1, p.s2, q.s1, q.s2
	for i, v := range x {
		y := p.b0*v + p1
		p1 = p.b1*v + p2 - p.a1*y
		p2 = p.b2*v - p.a2*y
		z := q.b0*y + q1
		q1 = q.b1*y + q2 - q.a1*z
		q2 = q.b2*y - q.a2*z
		x[i] = z
	}
	p.s1, p.s2, q.s1, q.s2 = p1, p2, q1, q2
}

// highPass returns the two halves of a fourth-order Butterworth filter at highPassHz.
func highPass(rate float64) [2]biquad {
	var halves [2]biquad
	for i, q := range []float64{0.54119610, 1.3065630} {
		sin, cos := math.Sincos(2 * math.Pi * highPassHz / rate)
		alpha := sin / (2 * q)
		a0 := 1 + alpha
		halves[i] = biquad{
			b0: (1 + cos) / 2 / a0, b1: -(1 + cos) / a0, b2: (1 + cos) / 2 / a0,
			a1: -2 * cos / a0, a2: (1 - alpha) / a0,
		}
	}
	return halves
}

// decimator lowers the rate by a whole factor.
type decimator struct {
	factor int
	taps   []float32
	kept   []float32
	out    []float32
}

func newDecimator(factor int) *decimator {
	d := &decimator{factor: factor, taps: designPhase(0.5, 16*factor, 0.45/float64(factor))}
	d.kept = make([]float32, len(d.taps)/2) // silence before, so that the filter adds no delay
	return d
}

// push returns the samples that are now known, valid until the next call.
func (d *decimator) push(pcm []float32) []float32 {
	d.kept, d.out = append(d.kept, pcm...), d.out[:0]
	at := 0
	for ; at+len(d.taps) <= len(d.kept); at += d.factor {
		d.out = append(d.out, dot(d.taps, d.kept[at:]))
	}
	d.kept = d.kept[:copy(d.kept, d.kept[at:])]
	return d.out
}

// clipCounter counts samples in runs at full scale.
type clipCounter struct{ run, total int }

// What counts as clipped: G.711 reaches 0.98 of full scale.
const (
	clipLevel = 0.979
	clipRun   = 3
)

func (c *clipCounter) count(pcm []float32) {
	for _, v := range pcm {
		if v < clipLevel && v > -clipLevel {
			c.run = 0
			continue
		}
		c.run++
		switch {
		case c.run == clipRun:
			c.total += clipRun
		case c.run > clipRun:
			c.total++
		}
	}
}
