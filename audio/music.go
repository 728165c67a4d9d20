package audio

import (
	"math"

	"github.com/zhijian-qa/zhijian/call"
)

// Music holds its notes: partials stay where they are for a tenth of a second and longer, where those of
// a voice glide with its pitch. Spectra that share no sample are compared (after Seyerlehner et al.,
// "Automatic music detection in television productions", DAFx 2007).
const (
	longSize      = 1024 // samples in a long spectrum: 128 ms at 8 kHz
	longEvery     = 8    // frames from one to the next
	longBack      = 2    // spectra back that one is compared with: 160 ms
	partialLow    = 200.0
	partialHigh   = 2000.0
	partialsTaken = 8
	partialLeast  = 0.01 // of the greatest one's power
	partialHz     = 4.0  // by which a partial that is held may move
)

// partial is a peak of a spectrum.
type partial struct{ hz, power float64 }

// holder measures how much of the sound is partials that are held.
type holder struct {
	rate     float64
	spectrum *spectrum
	last     [longBack + 1][]partial
	peaks    []int
	count    int
}

func newHolder(rate float64) *holder {
	return &holder{rate: rate, spectrum: newSpectrum(longSize)}
}

// held returns the share of the power of the partials of x that lies in partials which were there
// longBack spectra ago.
func (h *holder) held(x []float32) float64 {
	now := h.partials(x, h.last[h.count%len(h.last)][:0])
	h.last[h.count%len(h.last)] = now
	h.count++
	before := h.last[h.count%len(h.last)]
	all, kept := 0.0, 0.0
	for _, p := range now {
		all += p.power
		for _, q := range before {
			if math.Abs(p.hz-q.hz) < partialHz {
				kept += p.power
				break
			}
		}
	}
	if all == 0 {
		return 0
	}
	return kept / all
}

// partials appends the greatest peaks of x to found, by the square root of their power: quiet notes count too.
func (h *holder) partials(x []float32, found []partial) []partial {
	power := h.spectrum.of(x)
	bin := h.rate / longSize
	greatest := 0.0
	lo, hi := int(partialLow/bin), int(partialHigh/bin)
	for _, p := range power[lo : hi+1] {
		greatest = max(greatest, p)
	}
	peaks := h.peaks[:0] // bins, the greatest first
	for k := lo; k <= hi; k++ {
		if a, b, c := power[k-1], power[k], power[k+1]; b > a && b >= c && b > partialLeast*greatest && a > 0 && c > 0 {
			peaks = insert(peaks, k, power)
		}
	}
	h.peaks = peaks
	for _, k := range peaks {
		la, lb, lc := math.Log(power[k-1]), math.Log(power[k]), math.Log(power[k+1])
		found = append(found, partial{hz: (float64(k) + (la-lc)/(2*(la-2*lb+lc))) * bin, power: math.Sqrt(power[k])})
	}
	return found
}

// insert puts bin k among the partialsTaken bins of most power.
func insert(peaks []int, k int, power []float64) []int {
	if len(peaks) < partialsTaken {
		peaks = append(peaks, k)
	} else if power[peaks[len(peaks)-1]] >= power[k] {
		return peaks
	}
	at := len(peaks) - 1
	for ; at > 0 && power[peaks[at-1]] < power[k]; at-- {
		peaks[at] = peaks[at-1]
	}
	peaks[at] = k
	return peaks
}

// What makes held sound music. Voices reach 0.3 of two seconds at most, music has 0.5 and more.
const (
	musicShare  = 0.4 // of two seconds of sound is held
	musicBlock  = 0.3 // of the sound of a block inside of it, at its ends
	musicBlocks = 24  // in those two seconds, of longEvery frames
	musicOnset  = 24  // frames of a note before it can be called held
)

// findMusic marks the music in the two seconds that ends with frame i.
func (t *track) findMusic(i int) {
	if i%longEvery != longEvery-1 || i < musicBlocks*longEvery {
		return
	}
	sum, first, last := 0.0, -1, -1
	for b := i - musicBlocks*longEvery + 1; b <= i; b += longEvery {
		f := t.at(b)
		if f.tone != noTone || f.steady {
			continue
		}
		sum += f.held
		if f.held >= musicBlock {
			if first < 0 {
				first = b
			}
			last = b
		}
	}
	if sum < musicShare*musicBlocks {
		return
	}
	for k := max(0, first-musicOnset, i-lookahead+1); k < last+longEvery; k++ {
		t.ring[k%remembered].music = true
	}
}

// runs collects the stretches of frames of a kind.
type runs struct {
	spans []call.Span
	open  bool
}

// push takes whether frame i is of the kind.
func (r *runs) push(i int, on bool) {
	switch {
	case on && r.open:
		r.spans[len(r.spans)-1].End = frameStart(i + 1)
	case on:
		r.spans = append(r.spans, call.Span{Start: frameStart(i), End: frameStart(i + 1)})
	}
	r.open = on
}
