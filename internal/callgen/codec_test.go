package callgen_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/zhijian-qa/zhijian/internal/callgen"
)

// TestG711AgreesWithSox codes every 16-bit value and holds the codes against those of sox.
func TestG711AgreesWithSox(t *testing.T) {
	t.Parallel()
	var raw bytes.Buffer
	samples := make([]float32, 1<<16)
	for i := range samples {
		value := int16(i - 1<<15)
		samples[i] = float32(value) / 32768
		_ = binary.Write(&raw, binary.LittleEndian, value)
	}
	for codec, format := range map[string]string{"alaw": "al", "mulaw": "ul"} {
		t.Run(codec, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), "sox", "-D", "-t", "s16", "-r", "8000", "-c", "1", "-", "-t", format, "-")
			cmd.Stdin = bytes.NewReader(raw.Bytes())
			want, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			var wav bytes.Buffer
			if err := callgen.WriteWAV(&wav, codec, [][]float32{samples}); err != nil {
				t.Fatal(err)
			}
			got := wav.Bytes()[wav.Len()-len(samples):]
			different := 0
			for i := range want {
				if got[i] != want[i] {
					different++
				}
			}
			if different > 0 {
				t.Errorf("%d of %d codes differ from sox", different, len(want))
			}
		})
	}
}

// TestSoxReadsTheFiles lets another program decode what was written.
func TestSoxReadsTheFiles(t *testing.T) {
	t.Parallel()
	for _, codec := range []string{"alaw", "mulaw", "pcm16"} {
		t.Run(codec, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "x.wav")
			file, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			if err := callgen.WriteWAV(file, codec, [][]float32{{0, 0.5, -0.5, 1.2}, {0.25, 0, 0, -1}}); err != nil {
				t.Fatal(err)
			}
			out, err := exec.CommandContext(t.Context(), "sox", path, "-t", "s16", "-").Output()
			if err != nil {
				t.Fatal(err)
			}
			decoded := make([]int16, len(out)/2)
			_ = binary.Read(bytes.NewReader(out), binary.LittleEndian, decoded)
			want := []int{0, 8192, 16384, 0, -16384, 0, 32767, -32768}
			if len(decoded) != len(want) {
				t.Fatalf("got %d samples, want %d", len(decoded), len(want))
			}
			for i, w := range want {
				if diff := int(decoded[i]) - w; diff < -700 || diff > 700 {
					t.Errorf("sample %d: got %d, want about %d", i, decoded[i], w)
				}
			}
		})
	}
}

func TestUnknownCodecIsRefused(t *testing.T) {
	t.Parallel()
	if err := callgen.WriteWAV(&bytes.Buffer{}, "mp3", [][]float32{{0}}); err == nil {
		t.Error("got no error")
	}
}

// TestTranscodeIsStable holds that what a codec has passed once passes it again unchanged, and that it lies
// within half of a step of 1/16 of what went in.
func TestTranscodeIsStable(t *testing.T) {
	t.Parallel()
	for _, codec := range []string{"alaw", "mulaw", "pcm16", ""} {
		for v := -32000; v <= 32000; v += 37 {
			x := []float32{float32(v) / 32768}
			callgen.Transcode(x, codec)
			once := x[0]
			callgen.Transcode(x, codec)
			if x[0] != once {
				t.Fatalf("%s: %d passes as %v, then as %v", codec, v, once, x[0])
			}
			if d := once - float32(v)/32768; d > 0.033 || d < -0.033 {
				t.Fatalf("%s: %d comes out as %v", codec, v, once*32768)
			}
		}
	}
}
