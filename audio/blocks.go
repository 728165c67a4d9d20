package audio

import (
	"context"
	"errors"
	"io"
	"iter"

	"github.com/zhijian-qa/zhijian/call"
)

// Block is a stretch of a recording. Its samples are valid until the next block is asked for.
type Block struct {
	Start    int64       // the index of the first sample
	PCM      [][]float32 // per channel, at the file's own rate, in [-1, 1]
	Replaced int         // samples that were no finite number and became 0
}

// Len returns the count of samples in each channel.
func (b Block) Len() int { return len(b.PCM[0]) }

// Blocks yields the recording from its start in blocks of about a second. It may be called again.
// After an error nothing more is yielded.
func (f *File) Blocks(ctx context.Context) iter.Seq2[Block, error] {
	return f.blocks(ctx, 0, f.head.frames)
}

// blocks yields the samples [from, to).
func (f *File) blocks(ctx context.Context, from, to int64) iter.Seq2[Block, error] {
	return func(yield func(Block, error) bool) {
		size, step := int64(f.head.frameSize()), int64(f.head.rate)
		section := io.NewSectionReader(f.file, f.head.offset+from*size, max(0, to-from)*size)
		decoder := newDecoder(f.head, int(step))
		for at := from; at < to; at += step {
			if ctx.Err() != nil {
				yield(Block{}, context.Cause(ctx))
				return
			}
			n := int(min(step, to-at))
			raw := decoder.raw(n)
			if _, err := io.ReadFull(section, raw); err != nil {
				yield(Block{}, readFault(err))
				return
			}
			block, err := decoder.decode(n)
			block.Start = at
			if !yield(block, err) || err != nil {
				return
			}
		}
	}
}

func readFault(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fault(FaultUnreadable, "the file became shorter while it was read", nil)
	}
	return fault(FaultUnreadable, "reading the samples failed", err)
}

// Excerpt returns the samples of span of all channels at the file's own rate. What lies outside the
// recording is left out.
func (f *File) Excerpt(ctx context.Context, span call.Span) ([][]float32, error) {
	from := min(max(0, span.Start.Samples(f.head.rate)), f.head.frames)
	to := min(max(from, span.End.Samples(f.head.rate)), f.head.frames)
	channels := make([][]float32, f.head.channels)
	for block, err := range f.blocks(ctx, from, to) {
		if err != nil {
			return nil, err
		}
		for i, pcm := range block.PCM {
			channels[i] = append(channels[i], pcm...)
		}
	}
	return channels, nil
}
