package transcribe

import (
	"context"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
)

// A cut of a long span is looked for in a zone: as long as the pieces allow, within these limits.
const (
	shortZone call.Millis = 2_000
	longZone  call.Millis = 6_000
)

// cutFrame is the length of sound whose loudness decides where to cut.
const cutFrame call.Millis = 100

// zones returns where a span longer than limit is to be cut: as many stretches as it takes for every
// piece to be at most limit long wherever in its zone each cut falls.
func zones(s call.Span, limit call.Millis) []call.Span {
	length := s.Length()
	if length <= limit {
		return nil
	}
	step := limit - min(shortZone, limit/3)
	pieces := (length + step - 1) / step
	zone := min(longZone, limit-(length+pieces-1)/pieces) &^ 1
	var found []call.Span
	for i := call.Millis(1); i < pieces; i++ {
		middle := s.Start + length*i/pieces
		found = append(found, call.Span{Start: middle - zone/2, End: middle + zone/2})
	}
	return found
}

// quietest returns the middle of the quietest frame of pcm, which is the sound of zone.
func quietest(pcm []float32, zone call.Span) call.Millis {
	frame := int(cutFrame.Samples(audio.TranscribeRate))
	best, least := zone.Length()/2, -1.0
	for start := 0; start+frame <= len(pcm); start += frame / 2 {
		var energy float64
		for _, x := range pcm[start : start+frame] {
			energy += float64(x) * float64(x)
		}
		if least < 0 || energy < least {
			least = energy
			best = call.FromSamples(int64(start+frame/2), audio.TranscribeRate)
		}
	}
	return zone.Start + best
}

// cutAt returns s in pieces. The cuts are in order and inside s.
func cutAt(s call.Span, cuts []call.Millis) []call.Span {
	pieces := make([]call.Span, 0, len(cuts)+1)
	for _, at := range cuts {
		pieces = append(pieces, call.Span{Start: s.Start, End: at})
		s.Start = at
	}
	return append(pieces, s)
}

// splitLong cuts the spans of each channel that are longer than limit at quiet places, which takes one
// pass over the recording when there are any.
func splitLong(ctx context.Context, f *audio.File, channels [][]call.Span, limit call.Millis) ([][]call.Span, error) {
	var pieces []audio.Piece
	for channel, spans := range channels {
		for _, s := range spans {
			for _, z := range zones(s, limit) {
				pieces = append(pieces, audio.Piece{Channel: channel, Span: z})
			}
		}
	}
	if len(pieces) == 0 {
		return channels, nil
	}
	cuts := make(map[audio.Piece]call.Millis, len(pieces))
	for clip, err := range f.Cut(ctx, pieces) {
		if err != nil {
			return nil, err
		}
		cuts[clip.Piece] = quietest(clip.PCM, clip.Span)
	}
	split := make([][]call.Span, len(channels))
	for channel, spans := range channels {
		for _, s := range spans {
			var own []call.Millis
			for _, z := range zones(s, limit) {
				own = append(own, cuts[audio.Piece{Channel: channel, Span: z}])
			}
			split[channel] = append(split[channel], cutAt(s, own)...)
		}
	}
	return split, nil
}
