package audio

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"

	goaudio "github.com/go-audio/audio"
	"github.com/go-audio/wav"
)

// canonicalHeader is the length of the plain header that is put before the samples for go-audio.
const canonicalHeader = 44

// decoder turns the bytes of up to a block of samples into channels. Its buffers are used again.
type decoder struct {
	head header
	buf  []byte // a plain header, then the bytes of the samples
	ints goaudio.IntBuffer
	pcm  [][]float32
}

func newDecoder(head header, maxFrames int) *decoder {
	d := &decoder{head: head, buf: make([]byte, canonicalHeader+maxFrames*head.frameSize())}
	d.pcm = make([][]float32, head.channels)
	for i := range d.pcm {
		d.pcm[i] = make([]float32, maxFrames)
	}
	if head.tag == tagPCM {
		d.ints.Data = make([]int, maxFrames*head.channels)
	}
	return d
}

// raw returns the buffer that takes the bytes of n frames.
func (d *decoder) raw(n int) []byte {
	return d.buf[canonicalHeader:][:n*d.head.frameSize()]
}

// decode decodes the n frames in the raw buffer.
func (d *decoder) decode(n int) (Block, error) {
	block := Block{PCM: make([][]float32, len(d.pcm))}
	for i := range d.pcm {
		block.PCM[i] = d.pcm[i][:n]
	}
	raw := d.raw(n)
	switch d.head.tag {
	case tagALaw:
		decodeTable(raw, block.PCM, &aLaw)
	case tagMuLaw:
		decodeTable(raw, block.PCM, &muLaw)
	case tagFloat:
		block.Replaced = decodeFloat(raw, block.PCM)
	default:
		return block, d.decodePCM(n, block.PCM)
	}
	return block, nil
}

// decodePCM reads the samples through go-audio/wav. The library is given a file in memory with a
// header that it cannot misread: it trusts sizes, does not know extensible formats, and misaligns
// samples after a short read.
func (d *decoder) decodePCM(n int, pcm [][]float32) error {
	raw := d.raw(n)
	putCanonicalHeader(d.buf, d.head, len(raw))
	d.ints.Data = d.ints.Data[:n*d.head.channels]
	got, err := wav.NewDecoder(bytes.NewReader(d.buf[:canonicalHeader+len(raw)])).PCMBuffer(&d.ints)
	if err != nil {
		return fmt.Errorf("decode samples: %w", err)
	}
	if got != len(d.ints.Data) {
		return fmt.Errorf("decode samples: got %d of %d", got, len(d.ints.Data))
	}
	offset, scale := 0, float32(math.Ldexp(1, 1-d.head.bits))
	if d.head.bits == 8 { // unsigned
		offset = 128
	}
	for c, channel := range pcm {
		for i := range channel {
			channel[i] = float32(d.ints.Data[i*len(pcm)+c]-offset) * scale
		}
	}
	return nil
}

func putCanonicalHeader(b []byte, h header, dataSize int) {
	copy(b, "RIFF")
	binary.LittleEndian.PutUint32(b[4:], uint32(canonicalHeader-8+dataSize))
	copy(b[8:], "WAVEfmt ")
	binary.LittleEndian.PutUint32(b[16:], minFormat)
	binary.LittleEndian.PutUint16(b[20:], h.tag)
	binary.LittleEndian.PutUint16(b[22:], uint16(h.channels))
	binary.LittleEndian.PutUint32(b[24:], uint32(h.rate))
	binary.LittleEndian.PutUint32(b[28:], uint32(h.rate*h.frameSize()))
	binary.LittleEndian.PutUint16(b[32:], uint16(h.frameSize()))
	binary.LittleEndian.PutUint16(b[34:], uint16(h.bits))
	copy(b[36:], "data")
	binary.LittleEndian.PutUint32(b[40:], uint32(dataSize))
}

func decodeTable(raw []byte, pcm [][]float32, table *[256]int16) {
	for c, channel := range pcm {
		for i := range channel {
			channel[i] = float32(table[raw[i*len(pcm)+c]]) / 32768
		}
	}
}

// decodeFloat clips what is beyond full scale and returns how many samples were no finite number.
func decodeFloat(raw []byte, pcm [][]float32) int {
	replaced := 0
	for c, channel := range pcm {
		for i := range channel {
			v := math.Float32frombits(binary.LittleEndian.Uint32(raw[4*(i*len(pcm)+c):]))
			if v != v || math.IsInf(float64(v), 0) {
				v, replaced = 0, replaced+1
			}
			channel[i] = min(max(v, -1), 1)
		}
	}
	return replaced
}
