package transcribe

import (
	"context"
	"iter"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
)

// sound is a window with its samples at audio.TranscribeRate.
type sound struct {
	window
	pcm []float32
}

// assemble makes one pass over the recording and yields each window as soon as its last part was read.
// Few windows are open at a time: one a channel, as a channel's windows follow each other.
func assemble(ctx context.Context, f *audio.File, windows []window) iter.Seq2[sound, error] {
	type place struct{ window, part int }
	places := make(map[audio.Piece]place)
	var pieces []audio.Piece
	for i, w := range windows {
		for j, p := range w.parts {
			piece := audio.Piece{Channel: w.channel, Span: p.Span}
			pieces = append(pieces, piece)
			places[piece] = place{i, j}
		}
	}
	return func(yield func(sound, error) bool) {
		open := make(map[int][]float32)
		missing := make(map[int]int)
		for clip, err := range f.Cut(ctx, pieces) {
			if err != nil {
				yield(sound{}, err)
				return
			}
			at := places[clip.Piece]
			w := windows[at.window]
			if open[at.window] == nil {
				open[at.window] = make([]float32, w.length().Samples(audio.TranscribeRate))
				missing[at.window] = len(w.parts)
			}
			put(open[at.window], w.parts[at.part].at, clip.PCM)
			if missing[at.window]--; missing[at.window] > 0 {
				continue
			}
			if !yield(sound{w, open[at.window]}, nil) {
				return
			}
			delete(open, at.window)
			delete(missing, at.window)
		}
	}
}

// put copies clip into pcm from the given time on. A clip that ends early leaves silence.
func put(pcm []float32, at call.Millis, clip []float32) {
	from := min(int(at.Samples(audio.TranscribeRate)), len(pcm))
	copy(pcm[from:], clip)
}
