package callgen

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/bits"
)

// The format tags of WAV.
const (
	tagPCM   = 1
	tagALaw  = 6
	tagMuLaw = 7
)

// WriteWAV writes channels, all of one length, at Rate Hz as alaw, mulaw or pcm16.
func WriteWAV(w io.Writer, codec string, channels [][]float32) error {
	tag, width, encode, err := encoder(codec)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(w)
	frames := len(channels[0])
	writeHeader(buffered, tag, width, len(channels), frames)
	for i := range frames {
		for _, channel := range channels {
			value := encode(toInt16(channel[i]))
			buffered.WriteByte(byte(value))
			if width == 2 {
				buffered.WriteByte(byte(value >> 8))
			}
		}
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("write wav: %w", err)
	}
	return nil
}

func encoder(codec string) (tag uint16, width int, encode func(int16) uint16, err error) {
	switch codec {
	case "alaw":
		return tagALaw, 1, func(x int16) uint16 { return uint16(encodeALaw(x)) }, nil
	case "mulaw":
		return tagMuLaw, 1, func(x int16) uint16 { return uint16(encodeMuLaw(x)) }, nil
	case "pcm16":
		return tagPCM, 2, func(x int16) uint16 { return uint16(x) }, nil
	}
	return 0, 0, nil, fmt.Errorf("codec %q is not alaw, mulaw or pcm16", codec)
}

func writeHeader(w *bufio.Writer, tag uint16, width, channels, frames int) {
	const fmtSize, factSize = 18, 4
	data := uint32(frames * channels * width)
	put := func(values ...any) {
		for _, v := range values {
			if s, ok := v.(string); ok {
				w.WriteString(s)
				continue
			}
			_ = binary.Write(w, binary.LittleEndian, v) // a buffered writer keeps its error for Flush
		}
	}
	put("RIFF", uint32(4+8+fmtSize+8+factSize+8)+data, "WAVE")
	put("fmt ", uint32(fmtSize), tag, uint16(channels), uint32(Rate), uint32(Rate*channels*width),
		uint16(channels*width), uint16(8*width), uint16(0))
	put("fact", uint32(factSize), uint32(frames))
	put("data", data)
}

func toInt16(x float32) int16 {
	return int16(math.Round(float64(max(-1, min(x, 32767.0/32768))) * 32768))
}

// encodeALaw codes x by G.711 A-law.
func encodeALaw(x int16) byte {
	const inverted = 0x55
	sign, size := byte(0x80), min((int(x)+4)>>3, 4095) // 13 bits, rounded
	if size < 0 {
		sign, size = 0, -size-1
	}
	if size < 32 {
		return (sign | byte(size>>1)) ^ inverted
	}
	exponent := bits.Len(uint(size)) - 5 // 1 for 32 to 63
	return (sign | byte(exponent)<<4 | byte(size>>exponent)&0x0f) ^ inverted
}

// encodeMuLaw codes x by G.711 µ-law.
func encodeMuLaw(x int16) byte {
	const bias, limit = 33, 8158
	sign, size := byte(0), (int(x)+2)>>2 // 14 bits, rounded
	if size < 0 {
		sign, size = 0x80, -size
	}
	size = min(size, limit) + bias
	exponent := bits.Len(uint(size)) - 6
	return ^(sign | byte(exponent)<<4 | byte(size>>(exponent+1))&0x0f)
}

// Transcode gives samples what a codec leaves of them, in place: alaw, mulaw, pcm16, or "" for nothing.
func Transcode(samples []float32, codec string) {
	for i, x := range samples {
		value := toInt16(x)
		switch codec {
		case "":
			return
		case "alaw":
			value = decodeALaw(encodeALaw(value))
		case "mulaw":
			value = decodeMuLaw(encodeMuLaw(value))
		}
		samples[i] = float32(value) / 32768
	}
}

// decodeALaw is the inverse of encodeALaw by G.711.
func decodeALaw(code byte) int16 {
	code ^= 0x55
	value := int16(code&0x0f)<<4 + 8
	if exponent := code >> 4 & 7; exponent > 0 {
		value = (value + 0x100) << (exponent - 1)
	}
	if code&0x80 == 0 {
		return -value
	}
	return value
}

// decodeMuLaw is the inverse of encodeMuLaw by G.711.
func decodeMuLaw(code byte) int16 {
	const bias = 0x84
	code = ^code
	value := (int16(code&0x0f)<<3+bias)<<(code>>4&7) - bias
	if code&0x80 != 0 {
		return -value
	}
	return value
}
