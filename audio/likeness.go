package audio

import (
	"math"
	"math/cmplx"
)

// What one channel carries of the other is found by correlation: blocks of one channel are held against
// stretches of the other that reach as far to both sides as an echo may be late. The cross spectra of
// the blocks are added up, so that what comes again with the same delay grows and chance does not
// (Knapp and Carter, The generalized correlation method for estimation of time delay, 1976). What also
// correlates while nobody speaks, a hum or the noise of one room, is subtracted.
const (
	likeRate    = 4000 // Hz, about: the strong part of speech lies below 2 kHz
	likeWindow  = 4096 // samples of a stretch
	likeBlock   = 1536 // of a block in its middle: 384 ms
	likeReach   = (likeWindow - likeBlock) / 2
	likeBins    = likeWindow/2 + 1
	activeDB    = 6    // above the floor somebody speaks
	idleDB      = 4    // below this above the floor nobody does
	activeMinDB = -70  // quieter blocks tell nothing
	leastPower  = 1e-7 // -70 dB: blocks that are quieter weigh no more
	toneShare   = 0.9  // of a block's energy in two lines: a tone
	weightFloor = 1e3  // a frequency weighs at most so many times as one of mean power
	leastAlike  = 4    // blocks that a finding of the same sound needs
	leastEchoes = 10   // and one of an echo, which lies far below it: 4 s
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

// Echo is what one channel carries of the other party.
type Echo struct {
	GainDB float64 // level against the source, in dB, idle noise taken out
	Delay  float64 // in ms
	// Clear is the height of its peak over the usual of all delays: chance stays below 5 in noise. It is 0
	// where too little was heard to tell, and 1 where the channel is digitally silent while the other speaks.
	Clear float64
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
	window *fourier
	cross  []complex128 // of the block, up to half the rate: the rest mirrors it
	power  [2][]float64
	lines  [2][]float64 // the same, to look for tones in
	both   crossing     // somebody speaks
	idle   crossing     // nobody does
	echo   [2]crossing  // the other party speaks
	still  [2]int       // blocks in which the other party speaks and channel i is digitally silent: no echo
}

// crossing is a sum of cross spectra and of the energies that belong to it.
type crossing struct {
	spectrum []complex128
	power    [2][]float64
	energy   [2]float64
	squares  [2]float64 // of the energies of each block
	weight   float64    // of all blocks
	blocks   int
}

func newCrossing() crossing {
	return crossing{spectrum: make([]complex128, likeBins), power: [2][]float64{make([]float64, likeBins), make([]float64, likeBins)}}
}

func newLikeness(rate int) *likeness {
	step := max(1, int(math.Round(float64(rate)/likeRate)))
	l := &likeness{step: step, rate: float64(rate) / float64(step), window: newFourier(likeWindow), cross: make([]complex128, likeBins)}
	l.both, l.idle, l.echo = newCrossing(), newCrossing(), [2]crossing{newCrossing(), newCrossing()}
	for i := range l.floors {
		l.floors[i] = newFloorTracker()
		l.held[i] = make([]float64, likeReach, likeWindow)
		l.power[i], l.lines[i] = make([]float64, likeBins), make([]float64, likeBins)
	}
	return l
}

// push takes the next samples of both channels.
func (l *likeness) push(x, y []float32) {
	for i := range x {
		l.sum[0], l.sum[1] = l.sum[0]+float64(x[i]), l.sum[1]+float64(y[i])
		if l.inSum++; l.inSum < l.step {
			continue
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

// compare takes the block in the middle of what is held.
func (l *likeness) compare() {
	var energy, above, level [2]float64
	for c := range l.held {
		block := l.held[c][likeReach:][:likeBlock]
		for frame := int(l.rate / framesPerSecond); len(block) >= frame; block = block[frame:] {
			e := energyOf(block[:frame])
			l.floors[c].push(decibel(e / float64(frame)))
		}
		energy[c] = energyOf(l.held[c][likeReach:][:likeBlock])
		level[c] = decibel(energy[c] / likeBlock)
		above[c] = level[c] - l.floors[c].level()
	}
	speaks := func(c int) bool { return above[c] > activeDB && level[c] > activeMinDB }
	idle := above[0] < idleDB && above[1] < idleDB
	if idle || speaks(0) || speaks(1) {
		if tonal := l.transform(); !tonal {
			l.sort(energy, idle, [2]bool{speaks(0), speaks(1)}, level)
		}
	}
	for c := range l.held {
		l.held[c] = l.held[c][:copy(l.held[c], l.held[c][likeBlock:])]
	}
}

// sort adds the block in cross to the sums that it belongs to.
func (l *likeness) sort(energy [2]float64, idle bool, speaks [2]bool, level [2]float64) {
	if idle {
		l.idle.add(l, 1, energy)
		return
	}
	l.both.add(l, 1, energy)
	for c := range l.echo {
		// What the channel holds beside the echo, noise or its own party, is the noise of this search: the
		// louder it is, the less the block tells. Quieter than the least echo it need not be.
		switch {
		case !speaks[1-c]:
		case level[c] <= stillDB:
			l.still[c]++
		default:
			least := energy[1-c]*math.Pow(10, echoLeastDB/10.0) + likeBlock*leastPower
			l.echo[c].add(l, 1/(energy[c]+least), energy)
		}
	}
}

func energyOf(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return sum
}

// transform puts the cross spectrum of the block of channel 0 and the stretch of channel 1 into cross.
// It reports whether the block is a tone: those are the same everywhere. Both real signals go through one
// transform, as its real and its imaginary part.
func (l *likeness) transform() (tonal bool) {
	for i, y := range l.held[1] {
		x := 0.0
		if i >= likeReach && i < likeReach+likeBlock {
			x = l.held[0][i]
		}
		l.window.put(i, x, y)
	}
	l.window.run()
	re, im := l.window.re, l.window.im
	for k := range l.cross {
		m := (likeWindow - k) & (likeWindow - 1)
		x := complex((re[k]+re[m])/2, (im[k]-im[m])/2)
		y := complex((im[k]+im[m])/2, (re[m]-re[k])/2)
		l.power[0][k], l.power[1][k] = square(x), square(y)
		l.cross[k] = cmplx.Conj(x) * y
	}
	copy(l.lines[0], l.power[0])
	copy(l.lines[1], l.power[1])
	return linear(l.lines[0]) || linear(l.lines[1])
}

func square(z complex128) float64 { return real(z)*real(z) + imag(z)*imag(z) }

// linear reports whether a spectrum is one or two lines. It clears them.
func linear(power []float64) bool {
	total, lines := 0.0, 0.0
	for _, p := range power {
		total += p
	}
	for range 2 {
		top := 0
		for i, p := range power {
			if p > power[top] {
				top = i
			}
		}
		for i := max(0, top-4); i <= min(len(power)-1, top+4); i++ {
			lines += power[i]
			power[i] = 0
		}
	}
	return total > 0 && lines > toneShare*total
}

// add adds the block that l has transformed, with a weight.
func (c *crossing) add(l *likeness, weight float64, energy [2]float64) {
	for i, v := range l.cross {
		c.spectrum[i] += complex(weight*real(v), weight*imag(v))
		c.power[0][i] += weight * l.power[0][i]
		c.power[1][i] += weight * l.power[1][i]
	}
	for i, e := range energy {
		c.energy[i] += weight * e
		c.squares[i] += weight * e * weight * e
	}
	c.weight, c.blocks = c.weight+weight, c.blocks+1
}

// telling returns how many blocks of one weight would tell as much about an echo of channel source: a few
// that are louder than all others together are but a few.
func (c *crossing) telling(source int) float64 {
	if c.squares[source] == 0 {
		return 0
	}
	return c.energy[source] * c.energy[source] / c.squares[source]
}

// without returns c less what as many idle blocks hold.
func (c *crossing) without(idle *crossing) *crossing {
	less := &crossing{spectrum: make([]complex128, len(c.spectrum)), weight: c.weight, blocks: c.blocks, energy: c.energy, power: c.power}
	share := 0.0
	if idle.weight > 0 {
		share = c.weight / idle.weight
	}
	for i, v := range c.spectrum {
		less.spectrum[i] = v - complex(share, 0)*idle.spectrum[i]
	}
	for i, e := range idle.energy { // at least a tenth stays: the noise may have grown
		less.energy[i] = max(c.energy[i]-share*e, c.energy[i]/10)
	}
	return less
}

// weighted returns c with each frequency weighted by the inverse of the power of channel i: what is loud
// there beside the echo, a hum or the low noise of a room, would drown its peak. Where the echo lies far
// below the noise this is the filter of Hannan and Thomson (Knapp and Carter, 1976, table I).
func (c *crossing) weighted(i int) *crossing {
	w := &crossing{spectrum: make([]complex128, len(c.spectrum))}
	least := 0.0
	for _, p := range c.power[i] {
		least += p / weightFloor / float64(len(c.power[i]))
	}
	for k, v := range c.spectrum {
		w.spectrum[k] = v / complex(c.power[i][k]+least, 0)
	}
	return w
}

// finish returns what was found.
func (l *likeness) finish() Likeness {
	var found Likeness
	if l.both.blocks >= leastAlike {
		c := l.both.without(&l.idle)
		at, peak, _ := l.peak(c, -likeReach, likeReach)
		if scale := math.Sqrt(c.energy[0] * c.energy[1]); scale > 0 {
			found.Same = min(1, peak/scale)
		}
		found.Delay = float64(at) * 1000 / l.rate
	}
	early := int(l.rate / framesPerSecond) // an echo that the recorder sets 10 ms early is one still
	for i := range l.echo {
		found.Echo[i] = Echo{GainDB: silenceDB}
		if l.still[i] >= leastEchoes {
			found.Echo[i].Clear = 1
		}
		c := l.echo[i].without(&l.idle)
		if l.echo[i].telling(1-i) < leastEchoes || c.energy[1-i] == 0 {
			continue
		}
		from, to := -early, likeReach // channel 1 is later
		if i == 0 {
			from, to = -likeReach, early
		}
		at, peak, usual := l.peak(c.weighted(i), from, to)
		found.Echo[i].Delay = math.Abs(float64(at)) * 1000 / l.rate
		if peak > 0 && usual > 0 {
			_, level, _ := l.peak(c, at, at)
			found.Echo[i].GainDB, found.Echo[i].Clear = 20*math.Log10(level/c.energy[1-i]), peak/usual
		}
	}
	return found
}

// peak returns the delay between from and to at which the channels are most alike, how much, and the
// root mean square over all delays.
func (l *likeness) peak(c *crossing, from, to int) (at int, top, usual float64) {
	for i, v := range c.spectrum { // the inverse is the transform of the conjugate
		l.window.put((likeWindow-i)%likeWindow, real(v), imag(v))
		l.window.put(i, real(v), -imag(v))
	}
	l.window.run()
	value := func(lag int) float64 { return l.window.re[(lag+likeWindow)%likeWindow] / likeWindow }
	for lag := from; lag <= to; lag++ {
		if v := math.Abs(value(lag)); v > top {
			at, top = lag, v
		}
	}
	for lag := -likeReach; lag <= likeReach; lag++ {
		usual += value(lag) * value(lag)
	}
	return at, top, math.Sqrt(usual / (2*likeReach + 1))
}
