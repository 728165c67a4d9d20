package audio

import (
	"math"

	"github.com/zhijian-qa/zhijian/call"
)

// The rules by which frames become speech.
const (
	leadFrames  = 8  // of weak frames kept before speech
	tailFrames  = 12 // and after it
	joinFrames  = 15 // fragments this close belong together
	leastCore   = 5  // frames that a stretch of speech needs
	leastVoiced = 5  // of them in a row; a click echoes in fewer
	voicedShare = 4  // at least one frame in so many is voiced
)

// stretch is a run of frames that may be speech.
type stretch struct {
	start, end   int // frames
	core, voiced int
	sure         int       // core frames that are sure
	row, longest int       // voiced frames in a row: now, and the most
	levels       histogram // of its core frames
}

// spanBuilder joins frames into stretches and stretches into speech. A stretch is speech when enough
// of it is voiced; an unvoiced one only beside such a stretch, as fricatives are.
type spanBuilder struct {
	pause    call.Millis // shorter ones belong to speech
	open     bool
	run      stretch
	lastCore int
	pending  *stretch // unvoiced so far
	speech   []call.Span
	lastEnd  int       // of the accepted speech
	levels   histogram // of speech
	noise    histogram // of what is neither speech nor tone
}

func newSpanBuilder(pause call.Millis) *spanBuilder {
	return &spanBuilder{pause: pause, lastEnd: math.MinInt32}
}

// push takes the class of frame i.
func (b *spanBuilder) push(i int, c class, f frame) {
	if c == quiet && f.tone == noTone && !f.music {
		b.noise.add(f.level)
	}
	if b.open && (c == quiet || b.run.core > 0 && i-b.lastCore > tailFrames) {
		b.close(i)
	}
	if c == quiet {
		return
	}
	if !b.open {
		b.open, b.run = true, stretch{start: i}
	}
	if b.run.core == 0 {
		b.run.start = max(b.run.start, i-leadFrames)
	}
	if c >= core {
		b.lastCore = i
		b.run.sure += count(c == sure)
		b.run.count(f)
	}
}

// count takes a core frame.
func (s *stretch) count(f frame) {
	s.core++
	s.levels.add(f.level)
	if !f.voiced {
		s.row = 0
		return
	}
	s.voiced++
	s.row++
	s.longest = max(s.longest, s.row)
}

// spoken reports whether enough of the stretch is voiced, and some of it sure.
func (s *stretch) spoken() bool {
	return s.core >= leastCore && s.sure > 0 && s.longest >= leastVoiced && s.voiced*voicedShare >= s.core
}

// close ends the running stretch before frame i.
func (b *spanBuilder) close(i int) {
	b.open = false
	run := b.run
	if run.core == 0 {
		return
	}
	run.end = min(i, b.lastCore+1+tailFrames)
	if b.pending != nil && run.start-b.pending.end <= joinFrames {
		run = b.pending.join(run)
	}
	b.pending = nil
	switch {
	case run.spoken():
		b.accept(run)
	case run.start-b.lastEnd <= joinFrames && run.core >= 2:
		b.accept(run)
	default:
		b.pending = &run
	}
}

func (s *stretch) join(next stretch) stretch {
	next.start = s.start
	next.core += s.core
	next.voiced += s.voiced
	next.sure += s.sure
	next.longest = max(next.longest, s.longest)
	next.levels.merge(&s.levels)
	return next
}

func (b *spanBuilder) accept(s stretch) {
	span := call.Span{Start: frameStart(s.start), End: frameStart(s.end)}
	if last := len(b.speech) - 1; last >= 0 && b.speech[last].Gap(span) < b.pause {
		b.speech[last] = b.speech[last].Union(span)
	} else {
		b.speech = append(b.speech, span)
	}
	b.lastEnd = s.end
	b.levels.merge(&s.levels)
}

// finish ends the recording: speech is complete.
func (b *spanBuilder) finish() {
	if b.open {
		b.close(b.lastCore + 1 + tailFrames)
	}
}

// frameStart returns where frame i begins.
func frameStart(i int) call.Millis { return call.Millis(i) * (1000 / framesPerSecond) }

// histogram counts levels in steps of 1 dB.
type histogram struct {
	counts [-silenceDB + 1]uint32
	total  uint32
}

func (h *histogram) add(level float64) {
	h.counts[bin(level)]++
	h.total++
}

// bin returns the place of a level among whole decibels, the loudest first.
func bin(level float64) int { return min(max(int(math.Round(-level)), 0), -silenceDB) }

func (h *histogram) merge(o *histogram) {
	for i, n := range o.counts {
		h.counts[i] += n
	}
	h.total += o.total
}

// median returns the level that half of the values reach, silenceDB without any.
func (h *histogram) median() float64 { return h.reached(0.5) }

// reached returns the level that a share of the values reaches, silenceDB without any.
func (h *histogram) reached(share float64) float64 {
	sum := uint32(0)
	for i, n := range h.counts {
		if sum += n; float64(sum) >= share*float64(h.total) && h.total > 0 {
			return float64(-i)
		}
	}
	return silenceDB
}
