package audio

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// rawWAV describes a WAV file for tests, right or wrong.
type rawWAV struct {
	tag, channels, bits int
	rate                uint32
	blockAlign          int    // 0: the right one
	extensible          bool   // wraps tag in an extensible format
	formatSize          uint32 // 0: the right one
	before              []byte // chunks between format and samples
	after               []byte // chunks behind the samples
	data                []byte
	dataSize            int64 // -1: the right one
}

func (w rawWAV) bytes() []byte {
	tag, size := w.tag, uint32(16)
	if w.extensible {
		tag, size = tagExtensible, 40
	}
	align := w.blockAlign
	if align == 0 {
		align = w.channels * w.bits / 8
	}
	declared := size
	if w.formatSize != 0 {
		declared = w.formatSize
	}
	b := []byte("RIFF\x00\x00\x00\x00WAVEfmt ")
	b = binary.LittleEndian.AppendUint32(b, declared)
	b = binary.LittleEndian.AppendUint16(b, uint16(tag))
	b = binary.LittleEndian.AppendUint16(b, uint16(w.channels))
	b = binary.LittleEndian.AppendUint32(b, w.rate)
	b = binary.LittleEndian.AppendUint32(b, w.rate*uint32(align))
	b = binary.LittleEndian.AppendUint16(b, uint16(align))
	b = binary.LittleEndian.AppendUint16(b, uint16(w.bits))
	if w.extensible {
		b = binary.LittleEndian.AppendUint16(b, 22)
		b = binary.LittleEndian.AppendUint16(b, uint16(w.bits))
		b = binary.LittleEndian.AppendUint32(b, 3)
		b = binary.LittleEndian.AppendUint16(b, uint16(w.tag))
		b = append(b, "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xAA\x00\x38\x9B\x71"...)
	}
	b = append(b, w.before...)
	b = append(b, "data"...)
	length := uint32(len(w.data))
	if w.dataSize >= 0 {
		length = uint32(w.dataSize)
	}
	b = binary.LittleEndian.AppendUint32(b, length)
	b = append(b, w.data...)
	return append(b, w.after...)
}

// pcm16 is a right stereo file of 16 bits.
func pcm16(data []byte) rawWAV {
	return rawWAV{tag: tagPCM, channels: 2, bits: 16, rate: 8000, data: data, dataSize: -1}
}

func writeFile(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// openBytes opens content as a file and closes it at the end of the test.
func openBytes(t testing.TB, content []byte) *File {
	t.Helper()
	f, err := Open(t.Context(), writeFile(t, "call.wav", content), Config{})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return f
}

// openPCM opens channels as a 16-bit file.
func openPCM(t testing.TB, rate int, channels ...[]float32) *File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "call.wav")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteWAV(out, rate, channels); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := Open(t.Context(), path, Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// readAll returns all samples of a file.
func readAll(t testing.TB, f *File) [][]float32 {
	t.Helper()
	out := make([][]float32, f.Info().Channels)
	next := int64(0)
	for block, err := range f.Blocks(t.Context()) {
		if err != nil {
			t.Fatalf("Blocks: %v", err)
		}
		if block.Start != next {
			t.Fatalf("block starts at %d, want %d", block.Start, next)
		}
		next += int64(block.Len())
		for i := range out {
			out[i] = append(out[i], block.PCM[i]...)
		}
	}
	return out
}

// sine returns a tone of the given level in dBFS (0 is a sine at full scale).
func sine(rate int, hz, level, seconds float64) []float32 {
	pcm := make([]float32, int(seconds*float64(rate)))
	gain := math.Pow(10, level/20)
	for i := range pcm {
		pcm[i] = float32(gain * math.Sin(2*math.Pi*hz*float64(i)/float64(rate)))
	}
	return pcm
}

func silence(rate int, seconds float64) []float32 {
	return make([]float32, int(seconds*float64(rate)))
}
