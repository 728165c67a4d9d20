package audio

import (
	"math"
	"math/cmplx"
)

// What one channel carries of the other is found by correlation: blocks of one channel are held against
// stretches of the other that reach as far to both sides as an echo may be late. The cross spectra of
// the blocks are added up, so that what comes again with the same delay grows and chance does not
// (Knapp and Carter, The generalized correlation method for estimation of time delay, 1976). What also
// correlates while both parties are quiet, a hum or the noise of one room, is subtracted.
const (
	likeRate     = 4000 // Hz, about: the strong part of speech lies below 2 kHz
	likeWindow   = 4096 // samples of a stretch
	likeBlock    = 1536 // of a block in its middle: 384 ms
	likeReach    = (likeWindow - likeBlock) / 2
	likeBins     = likeWindow/2 + 1
	activeDB     = 6    // above the floor somebody speaks
	idleDB       = 4    // below this above the floor nobody does
	quietBelowDB = 8    // so far below the party's loud speech a block is as good as quiet
	loudShare    = 0.1  // of the blocks with speech are as loud
	quietEnough  = 40   // quiet blocks tell what they have to: of more, one in four is taken
	activeMinDB  = -70  // quieter blocks tell nothing
	leastPower   = 1e-7 // -70 dB: blocks that are quieter weigh no more
	toneShare    = 0.9  // of a block's energy in two lines: a tone
	toneReach    = 4    // bins of a line to each side
	leastAlike   = 4    // blocks that a finding of the same sound needs
)

// Likeness is what two channels have of each other.
type Likeness struct {
	// Same is the share of the speech that both channels have in common, from 0 to 1, as a coefficient
	// of correlation at the best delay. Channels recorded apart have about 0.
	Same  float64
	Delay float64 // ms by which channel 1 is later, where the channels are most alike
	// Echo describes what channel i carries of the other.
	Echo [2]Echo
}

// likeness gathers the cross spectra of two channels.
type likeness struct {
	step   int
	rate   float64
	last   [2]float64
	held   [2][]float64
	sum    [2]float64 // of the samples of one step
	inSum  int
	floors [2]*floorTracker
	heard  [2]histogram // levels of the blocks in which the party speaks
	quiet  int          // blocks
	window *fourier
	cross  []complex128 // of the block, up to half the rate: the rest mirrors it
	power  [2][]float64
	both   crossing    // somebody speaks
	idle   crossing    // nobody does
	echo   [2]echoSums // what channel i has of the other
	still  [2]int      // blocks in which the other party speaks and channel i is digitally silent: no echo
}

// crossing is a sum of cross spectra and of the energies that belong to it.
type crossing struct {
	spectrum []complex128
	energy   [2]float64
	blocks   float64
}

func newLikeness(rate int) *likeness {
	step := max(1, int(math.Round(float64(rate)/likeRate)))
	l := &likeness{step: step, rate: float64(rate) / float64(step), window: newFourier(likeWindow), cross: make([]complex128, likeBins)}
	l.both.spectrum, l.idle.spectrum = make([]complex128, likeBins), make([]complex128, likeBins)
	for i := range l.floors {
		l.floors[i] = newFloorTracker()
		l.held[i] = make([]float64, likeReach, likeWindow)
		l.power[i] = make([]float64, likeBins)
		l.echo[i] = newEchoSums()
	}
	return l
}

// push takes the next samples of both channels.
func (l *likeness) push(x, y []float32) {
	for len(x) > 0 {
		n := min(len(x), l.step-l.inSum)
		for i, v := range x[:n] {
			l.sum[0], l.sum[1] = l.sum[0]+float64(v), l.sum[1]+float64(y[i])
		}
		x, y = x[n:], y[n:]
		if l.inSum += n; l.inSum < l.step {
			return
		}
		for c := range l.sum {
			mean := l.sum[c] / float64(l.step)
			l.held[c] = append(l.held[c], mean-l.last[c]) // the step between samples: no offset, little hum
			l.last[c], l.sum[c] = mean, 0
		}
		l.inSum = 0
		if len(l.held[0]) == likeWindow {
			l.compare()
		}
	}
}

// block is what is known of a block before its spectra are.
type block struct {
	energy [2]float64
	before float64    // energy on channel 1 before it, for as many samples
	level  [2]float64 // in dBFS
	speaks [2]bool
	quiet  bool // on both channels, so that there is no echo either: nobody speaks, or far softer than usual
}

// compare takes the block in the middle of what is held.
func (l *likeness) compare() {
	b := l.measure()
	if b.quiet {
		l.quiet++
	}
	spared := b.quiet && l.quiet > quietEnough && l.quiet%4 != 0
	if !spared && (b.quiet || b.speaks[0] || b.speaks[1]) {
		if tonal := l.transform(); !tonal {
			l.sort(b)
		}
	}
	for c := range l.held {
		l.held[c] = l.held[c][:copy(l.held[c], l.held[c][likeBlock:])]
	}
}

// measure tells how loud the block in the middle is, by itself and beside what its channel had before.
func (l *likeness) measure() block {
	b := block{quiet: true}
	for c := range l.held {
		whole := l.held[c][likeReach:][:likeBlock]
		for rest, frame := whole, int(l.rate/framesPerSecond); len(rest) >= frame; rest = rest[frame:] {
			e := energyOf(rest[:frame])
			l.floors[c].push(decibel(e / float64(frame)))
		}
		b.energy[c] = energyOf(whole)
		b.level[c] = decibel(b.energy[c] / likeBlock)
		if b.speaks[c] = b.level[c]-l.floors[c].level() > activeDB && b.level[c] > activeMinDB; b.speaks[c] {
			l.heard[c].add(b.level[c])
		}
		loudest := b.level[c]
		if c == 1 { // what is said just before the block may come back in it
			b.before = energyOf(l.held[c][:likeReach]) * likeBlock / likeReach
			loudest = max(loudest, decibel(b.before/likeBlock))
		}
		floor, loud := l.floors[c].level(), l.heard[c].reached(loudShare)
		b.quiet = b.quiet && (loudest-floor < idleDB || loudest < loud-quietBelowDB)
	}
	return b
}

// sort adds the block in cross to the sums that it belongs to.
func (l *likeness) sort(b block) {
	if b.quiet {
		l.idle.add(l.cross, b.energy)
	} else {
		l.both.add(l.cross, b.energy)
	}
	for c := range l.echo {
		switch {
		case !b.quiet && !b.speaks[1-c]:
		case !b.quiet && b.level[c] <= stillDB:
			l.still[c]++
		default:
			l.echo[c].add(l, c, b)
		}
	}
}

// energyOf returns the sum of the squares of x.
func energyOf[T float32 | float64](x []T) float64 {
	var a, b, c, d float64 // the sums don't wait for each other
	for ; len(x) >= 4; x = x[4:] {
		a += float64(x[0]) * float64(x[0])
		b += float64(x[1]) * float64(x[1])
		c += float64(x[2]) * float64(x[2])
		d += float64(x[3]) * float64(x[3])
	}
	for _, v := range x {
		a += float64(v) * float64(v)
	}
	return a + b + c + d
}

// transform puts the cross spectrum of the block of channel 0 and the stretch of channel 1 into cross.
// It reports whether the block is a tone: those are the same everywhere. Both real signals go through one
// transform, as its real and its imaginary part.
func (l *likeness) transform() (tonal bool) {
	re, im := l.window.re, l.window.im
	clear(re)
	for i, v := range l.held[0][likeReach:][:likeBlock] {
		re[l.window.order[likeReach+i]] = v
	}
	for i, v := range l.held[1] {
		im[l.window.order[i]] = v
	}
	l.window.run()
	power0, power1 := l.power[0][:likeBins], l.power[1][:likeBins]
	for k := range l.cross {
		m := (likeWindow - k) & (likeWindow - 1)
		x := complex((re[k]+re[m])/2, (im[k]-im[m])/2)
		y := complex((im[k]+im[m])/2, (re[m]-re[k])/2)
		power0[k], power1[k] = square(x), square(y)
		l.cross[k] = cmplx.Conj(x) * y
	}
	return linear(power0) || linear(power1)
}

func square(z complex128) float64 { return real(z)*real(z) + imag(z)*imag(z) }

// linear reports whether a spectrum is one or two lines.
func linear(power []float64) bool {
	total, first := 0.0, 0
	for i, p := range power {
		total += p
		if p > power[first] {
			first = i
		}
	}
	if 2*(2*toneReach+1)*power[first] <= toneShare*total {
		return false // two lines can't hold so much
	}
	beside := func(i int) bool { return i < first-toneReach || i > first+toneReach }
	second := -1
	for i, p := range power {
		if beside(i) && (second < 0 || p > power[second]) {
			second = i
		}
	}
	lines := 0.0
	for i, p := range power {
		if !beside(i) || i >= second-toneReach && i <= second+toneReach {
			lines += p
		}
	}
	return total > 0 && lines > toneShare*total
}

// add adds a block.
func (c *crossing) add(cross []complex128, energy [2]float64) {
	for i, v := range cross {
		c.spectrum[i] += v
	}
	for i, e := range energy {
		c.energy[i] += e
	}
	c.blocks++
}

// without returns c less what as many idle blocks hold.
func (c *crossing) without(idle *crossing) *crossing {
	less := &crossing{spectrum: make([]complex128, len(c.spectrum)), blocks: c.blocks, energy: c.energy}
	share := 0.0
	if idle.blocks > 0 {
		share = c.blocks / idle.blocks
	}
	for i, v := range c.spectrum {
		less.spectrum[i] = v - complex(share, 0)*idle.spectrum[i]
	}
	for i, e := range idle.energy { // at least a tenth stays: the noise may have grown
		less.energy[i] = max(c.energy[i]-share*e, c.energy[i]/10)
	}
	return less
}

// finish returns what was found.
func (l *likeness) finish() Likeness {
	var found Likeness
	if l.both.blocks >= leastAlike {
		c := l.both.without(&l.idle)
		at, peak := highest(l.correlation(c.spectrum), -likeReach, likeReach)
		if scale := math.Sqrt(c.energy[0] * c.energy[1]); scale > 0 {
			found.Same = min(1, peak/likeWindow/scale)
		}
		found.Delay = float64(at) * 1000 / l.rate
	}
	for i := range l.echo {
		found.Echo[i] = l.echoOn(i)
	}
	return found
}

// correlation returns the correlation that belongs to a cross spectrum, times likeWindow, from a delay of
// -likeReach to likeReach of channel 1.
func (l *likeness) correlation(spectrum []complex128) []float64 {
	for i, v := range spectrum { // the inverse is the transform of the conjugate
		l.window.put((likeWindow-i)%likeWindow, real(v), imag(v))
		l.window.put(i, real(v), -imag(v))
	}
	l.window.run()
	values := make([]float64, 2*likeReach+1)
	for i := range values {
		values[i] = l.window.re[(i-likeReach+likeWindow)%likeWindow]
	}
	return values
}

// highest returns the delay between from and to at which a correlation is furthest from 0, and how far.
func highest(correlation []float64, from, to int) (at int, top float64) {
	for lag := from; lag <= to; lag++ {
		if v := math.Abs(correlation[lag+likeReach]); v > top {
			at, top = lag, v
		}
	}
	return at, top
}

// usual returns the root mean square of x.
func usual(x []float64) float64 { return math.Sqrt(energyOf(x) / float64(len(x))) }
