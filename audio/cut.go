package audio

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// Piece is a stretch of one channel.
type Piece struct {
	Channel int
	call.Span
}

// Clip is a Piece with its samples at TranscribeRate: TranscribeRate/1000 for each millisecond, less
// where the recording ends before the piece does.
type Clip struct {
	Piece
	PCM []float32
}

// Cut makes one pass over the recording and yields each piece, resampled with what lies around it, as
// soon as it is complete. Pieces may come in any order of channels; those of one channel must be in
// order of their start. Pieces that hold nothing are yielded empty. Memory is bounded by the pieces
// that overlap in time. The clips belong to the caller.
func (f *File) Cut(ctx context.Context, pieces []Piece) iter.Seq2[Clip, error] {
	return func(yield func(Clip, error) bool) {
		c := newCutter(f.head, pieces)
		for block, err := range f.blocks(ctx, c.from(), f.head.frames) {
			if err != nil {
				yield(Clip{}, err)
				return
			}
			if !c.push(block, yield) {
				return
			}
			if len(c.waiting) == 0 && len(c.active) == 0 {
				return
			}
		}
		c.finish(yield)
	}
}

// cutter feeds blocks to the pieces that they touch.
type cutter struct {
	head    header
	filter  *filter
	waiting []*cutting // by the first sample that they need
	active  []*cutting
}

// cutting is a piece being cut.
type cutting struct {
	clip     Clip
	from, to int64      // the samples that it needs, at the file's rate
	skip     int        // outputs before the piece begins
	want     int        // outputs of the piece
	resample *resampler // once the piece is reached
}

func newCutter(head header, pieces []Piece) *cutter {
	c := &cutter{head: head, filter: newFilter(head.rate, TranscribeRate)}
	for _, p := range pieces {
		if p.Channel >= 0 && p.Channel < head.channels {
			c.waiting = append(c.waiting, newCutting(head, p, c.filter))
		}
	}
	slices.SortStableFunc(c.waiting, func(a, b *cutting) int { return cmp.Compare(a.from, b.from) })
	return c
}

// newCutting starts the resampler a whole number of output steps before the piece, so that its first
// output falls on the piece's first sample and the filter knows what came before.
func newCutting(head header, p Piece, filter *filter) *cutting {
	inside := p.Intersect(call.Span{Start: 0, End: call.FromSamples(head.frames, head.rate) + 1})
	start := inside.Start.Samples(head.rate)
	down, reach := int64(filter.down), int64(filter.reach())
	steps := min((reach+down-1)/down, start/down)
	return &cutting{
		clip: Clip{Piece: p},
		from: start - steps*down,
		to:   inside.End.Samples(head.rate) + reach + 1,
		skip: int(steps) * filter.up,
		want: int(inside.Length().Samples(TranscribeRate)),
	}
}

// from returns the first sample that any piece needs.
func (c *cutter) from() int64 {
	if len(c.waiting) == 0 {
		return c.head.frames
	}
	return min(c.waiting[0].from, c.head.frames)
}

// push feeds a block and yields what it completes.
func (c *cutter) push(b Block, yield func(Clip, error) bool) bool {
	end := b.Start + int64(b.Len())
	for len(c.waiting) > 0 && c.waiting[0].from < end {
		w := c.waiting[0]
		w.resample = newResampler(c.filter)
		w.clip.PCM = make([]float32, 0, w.skip+w.want+(2*c.filter.reach()+2)*c.filter.up/c.filter.down)
		c.active, c.waiting = append(c.active, w), c.waiting[1:]
	}
	still := c.active[:0]
	for i, w := range c.active {
		lo, hi := max(w.from, b.Start), min(w.to, end)
		if lo < hi {
			w.clip.PCM = w.resample.push(w.clip.PCM, b.PCM[w.clip.Channel][lo-b.Start:hi-b.Start])
		}
		if w.to > end {
			still = append(still, w)
			continue
		}
		if !yield(w.finish(), nil) {
			c.active = append(still, c.active[i+1:]...)
			return false
		}
	}
	c.active = still
	return true
}

// finish yields the pieces that the end of the recording cut short.
func (c *cutter) finish(yield func(Clip, error) bool) {
	for _, w := range append(c.active, c.waiting...) {
		if !yield(w.finish(), nil) {
			return
		}
	}
}

// finish returns the clip without what surrounds it, and lets go of its samples.
func (w *cutting) finish() Clip {
	clip := w.clip
	if w.resample != nil {
		clip.PCM = w.resample.flush(clip.PCM)
	}
	clip.PCM = clip.PCM[min(w.skip, len(clip.PCM)):]
	clip.PCM = clip.PCM[:min(w.want, len(clip.PCM))]
	w.clip.PCM, w.resample = nil, nil
	return clip
}
