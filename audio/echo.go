package audio

import (
	"math"
	"slices"
)

// An echo lies far below what else its channel holds. What tells it is that it comes again with the same
// delay whenever the other party speaks, so everything that party says is added up, and each piece of time
// and frequency weighs by the inverse of the power of the channel there: what is loud beside the echo, the
// channel's own party, a voice in the background, a hum, drowns it only where it is. Where the echo lies far
// below the noise this is the filter of Hannan and Thomson (Knapp and Carter, 1976, table I), with the
// noise taken from each block anew.
const (
	echoBand    = 16 // bins, about 16 Hz, that one weight is for: the harmonics of a voice stay apart
	echoBands   = (likeBins + echoBand - 1) / echoBand
	leastEchoes = 10   // blocks that a finding of an echo needs: 4 s
	echoReach   = 0.3  // s that an echo may be late: further out the weights blur the ends of the search
	echoEarly   = 0.01 // s: an echo that the recorder sets early is one still
	sharedAbove = 2.5  // times the usual: the quiet blocks have in common what stands out so far
	sharedTimes = 2    // as high against the source as in the spoken ones
	sharedNear  = 4    // samples to each side: the filters before widen a peak
	cleanest    = 3e-3 // of the source's power: where its channel holds less, a piece tells no more
)

// Echo is what one channel carries of the other party.
type Echo struct {
	GainDB float64 // level against the source, in dB
	Delay  float64 // in ms
	// Clear is the height of its peak over the usual of all delays: without an echo it stays below echoClear but
	// where both channels share a noise that is never alone (docs/accuracy.md). It is
	// 0 where too little was heard to tell, and 1 where the channel is digitally silent while the other speaks.
	Clear float64
}

// echoSums are the weighted sums from which the echo of one channel is told: of the blocks in which the
// other party speaks, and of those in which both are quiet.
type echoSums struct {
	spoken, quiet weightedSum
	told, squares float64 // what each block of spoken tells about an echo, and its square
}

// weightedSum is a sum of weighted cross spectra, with the sums of the weights and of the weighted power of
// the source in each band.
type weightedSum struct {
	spectrum        []complex128
	weights, source [echoBands]float64
}

func newEchoSums() echoSums {
	var e echoSums
	e.spoken.spectrum, e.quiet.spectrum = make([]complex128, likeBins), make([]complex128, likeBins)
	return e
}

// add adds the block that l has transformed to what is known about the echo on a channel.
func (e *echoSums) add(l *likeness, channel int, b block) {
	// The spectrum of channel 1 is that of the whole stretch. An echo in it lies anywhere, so its noise is the
	// mean of the stretch; a source is what the block has of it.
	source := b.energy[1]
	if b.quiet {
		source = max(source, b.before)
	}
	ownPart, sourcePart := 1.0, source/max(energyOf(l.held[1]), leastPower)
	if channel == 1 {
		ownPart, sourcePart = float64(likeBlock)/likeWindow, 1
	}
	if b.quiet {
		e.quiet.add(l, channel, ownPart, sourcePart)
		return
	}
	told := e.spoken.add(l, channel, ownPart, sourcePart)
	e.told, e.squares = e.told+told, e.squares+told*told
}

// add adds a block and returns the weighted power of its source.
func (s *weightedSum) add(l *likeness, channel int, ownPart, sourcePart float64) (told float64) {
	for band := range s.weights {
		from, to := band*echoBand, min((band+1)*echoBand, likeBins)
		own, source := 0.0, 0.0
		for k := from; k < to; k++ {
			own += l.power[channel][k]
			source += l.power[1-channel][k]
		}
		own, source = own*ownPart, source*sourcePart
		weight := float64(to-from) / (own + cleanest*source + float64(to-from)*likeBlock*leastPower)
		for k := from; k < to; k++ {
			s.spectrum[k] += complex(weight*real(l.cross[k]), weight*imag(l.cross[k]))
		}
		s.weights[band] += weight
		s.source[band] += weight * source
		told += weight * source
	}
	return told
}

// blocks returns how many blocks of one weight would tell as much about the echo: a few that are louder than
// all others together are but a few.
func (e *echoSums) blocks() float64 {
	if e.squares == 0 {
		return 0
	}
	return e.told * e.told / e.squares
}

// share returns by what the quiet blocks' sums in a band weigh as much as the spoken ones'.
func (e *echoSums) share(band int) float64 {
	if e.quiet.weights[band] == 0 {
		return 0
	}
	return e.spoken.weights[band] / e.quiet.weights[band]
}

// shared returns as much of what the quiet blocks hold as the spoken ones hold of it: nobody's echo.
func (e *echoSums) shared() []complex128 {
	spectrum := make([]complex128, likeBins)
	for k, v := range e.quiet.spectrum {
		spectrum[k] = v * complex(e.share(k/echoBand), 0)
	}
	return spectrum
}

// sources returns the weighted power of the other party's channel in the spoken blocks, and as much of that
// of the quiet ones as weighs the same.
func (e *echoSums) sources() (spoken, quiet float64) {
	for band, all := range e.spoken.source {
		spoken += all
		quiet += e.share(band) * e.quiet.source[band]
	}
	return spoken, quiet
}

// dropShared takes the peaks out of a correlation that are no echo but a hum or the noise of one room on both
// channels: the quiet blocks show them as well, and higher against what the source has there. An echo of
// what is said softly stands in the same proportion to it.
func (e *echoSums) dropShared(values, shared []float64) {
	limit := sharedAbove * usual(shared)
	spoken, quiet := e.sources()
	for i, v := range values {
		near := shared[max(0, i-sharedNear):min(len(shared), i+sharedNear+1)]
		top := max(slices.Max(near), -slices.Min(near))
		if top > limit && top*spoken > sharedTimes*math.Abs(v)*quiet {
			values[i] = 0
		}
	}
}

// echoOn returns what is known about the echo on a channel.
func (l *likeness) echoOn(channel int) Echo {
	found := Echo{GainDB: silenceDB}
	if l.still[channel] >= leastEchoes {
		found.Clear = 1
	}
	e := &l.echo[channel]
	if e.blocks() < leastEchoes {
		return found
	}
	values := l.correlation(e.spoken.spectrum)
	e.dropShared(values, l.correlation(e.shared()))
	from, to := -min(likeReach, int(echoEarly*l.rate)), min(likeReach, int(echoReach*l.rate)) // channel 1 is later
	if channel == 0 {
		from, to = -to, -from
	}
	at, peak := highest(values, from, to)
	found.Delay = math.Abs(float64(at)) * 1000 / l.rate
	if peak > 0 {
		spoken, quiet := e.sources()
		speech := max(spoken-quiet, spoken/10) // the noise of its channel taken out: it may have grown
		found.GainDB, found.Clear = 20*math.Log10(peak/2/speech), peak/usual(values)
	}
	return found
}
