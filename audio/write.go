package audio

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// WriteWAV writes channels as 16-bit PCM. Shorter channels are filled up with silence, and what is
// beyond full scale is clipped.
func WriteWAV(w io.Writer, rate int, channels [][]float32) error {
	if len(channels) == 0 || len(channels) > maxChannels {
		return fmt.Errorf("write wav: %d channels, want 1 or %d", len(channels), maxChannels)
	}
	frames := 0
	for _, pcm := range channels {
		frames = max(frames, len(pcm))
	}
	h := header{tag: tagPCM, channels: len(channels), rate: rate, bits: 16}
	size := frames * h.frameSize()
	if int64(size) > math.MaxUint32-canonicalHeader {
		return fmt.Errorf("write wav: %d frames are too many", frames)
	}
	b := make([]byte, canonicalHeader, canonicalHeader+size)
	putCanonicalHeader(b, h, size)
	for i := range frames {
		for _, pcm := range channels {
			var v float32
			if i < len(pcm) {
				v = pcm[i]
			}
			b = binary.LittleEndian.AppendUint16(b, uint16(toInt16(v)))
		}
	}
	if _, err := w.Write(b); err != nil {
		return fmt.Errorf("write wav: %w", err)
	}
	return nil
}

func toInt16(v float32) int16 {
	return int16(min(max(math.RoundToEven(float64(v)*32768), math.MinInt16), math.MaxInt16))
}
