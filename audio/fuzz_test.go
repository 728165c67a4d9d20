package audio

import (
	"bytes"
	"math"
	"testing"
)

// Whatever a file says, its header is refused or describes samples that are there.
func FuzzHeader(f *testing.F) {
	right := pcm16(bytes.Repeat([]byte{1, 2, 3, 4}, 50))
	f.Add(right.bytes())
	for _, size := range []int64{0, 0xFFFFFFFF, 0x7FFFF000, 1 << 20} {
		w := right
		w.dataSize = size
		f.Add(w.bytes())
	}
	f.Add(rawWAV{tag: tagALaw, channels: 1, bits: 8, rate: 8000, extensible: true, data: []byte{1, 2, 3}, dataSize: -1}.bytes())
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVE"))
	f.Fuzz(func(t *testing.T, content []byte) {
		h, err := parseHeader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return
		}
		end := h.offset + h.frames*int64(h.frameSize())
		if h.frames < 1 || h.offset < 20 || end > int64(len(content)) || h.channels < 1 || h.channels > 2 ||
			h.rate < minRate || h.rate > maxRate {
			t.Fatalf("%+v of a file of %d bytes", h, len(content))
		}
	})
}

// Whatever the samples are, decoding gives finite numbers and analysis ends.
func FuzzSamples(f *testing.F) {
	f.Add(uint8(0), []byte{0x80, 0x00, 0x7F, 0xFF})
	f.Add(uint8(1), bytes.Repeat([]byte{0xD5, 0x55}, 100))
	f.Add(uint8(2), []byte{0, 0, 0xC0, 0x7F, 0, 0, 0x80, 0x7F})
	f.Add(uint8(5), bytes.Repeat([]byte{1, 2, 3, 4, 5, 6}, 300))
	codings := []rawWAV{
		{tag: tagMuLaw, bits: 8},
		{tag: tagALaw, bits: 8},
		{tag: tagFloat, bits: 32},
		{tag: tagPCM, bits: 8},
		{tag: tagPCM, bits: 16},
		{tag: tagPCM, bits: 24},
		{tag: tagPCM, bits: 32},
	}
	f.Fuzz(func(t *testing.T, choice uint8, data []byte) {
		w := codings[int(choice)%len(codings)]
		w.channels, w.rate, w.data, w.dataSize = 1+int(choice)%2, 8000+uint32(choice)*150, data, -1
		h, err := parseHeader(bytes.NewReader(w.bytes()), int64(len(w.bytes())))
		if err != nil {
			return
		}
		d := newDecoder(h, int(h.frames))
		copy(d.raw(int(h.frames)), data)
		block, err := d.decode(int(h.frames))
		if err != nil {
			t.Fatal(err)
		}
		for _, pcm := range block.PCM {
			for _, v := range pcm {
				if math.IsNaN(float64(v)) || v < -1 || v > 1 {
					t.Fatalf("sample %v", v)
				}
			}
		}
		a := newAnalyser(Info{Rate: h.rate, Channels: h.channels}, VADConfig{})
		a.push(block)
		Health(a.finish(Info{Rate: h.rate, Channels: h.channels}), nil)
	})
}

func FuzzSniff(f *testing.F) {
	f.Add([]byte("ID3\x04"))
	f.Add([]byte("\x00\x00\x00\x18ftypM4A "))
	f.Add([]byte("#EXTM3U\n"))
	f.Add([]byte{0xFF, 0xFB, 0x90, 0x64})
	f.Fuzz(func(t *testing.T, content []byte) {
		if c, err := sniff(bytes.NewReader(content)); err == nil && c.name == "" {
			t.Fatal("a container without a name")
		}
	})
}
