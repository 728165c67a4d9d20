//go:build cgo && !nowhisper

package whisper_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/zhijian-qa/zhijian/transcribe/whisper"
)

func TestVoicesOfAFileThatIsNoModel(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.bin")
	if err := os.WriteFile(path, []byte("no model at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{path, filepath.Join(t.TempDir(), "missing")} {
		if _, err := whisper.OpenVoices(path); !errors.Is(err, whisper.ErrModel) {
			t.Errorf("got %v", err)
		}
	}
}

// TestVoicesInBlocks holds that the answers do not depend on how the samples are cut.
func TestVoicesInBlocks(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "models", "ggml-silero-v6.2.0.bin")
	if _, err := os.Stat(path); err != nil {
		t.Skip("the Silero model is not at hand")
	}
	pcm := make([]float32, 512*60)
	for i := range pcm {
		pcm[i] = float32(0.3 * math.Sin(float64(i)/20) * math.Sin(float64(i)/1700))
	}
	answers := func(blocks int) []float32 {
		v, err := whisper.OpenVoices(path)
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		var all []float32
		for at := 0; at < len(pcm); at += 512 * blocks {
			got, err := v.Push(pcm[at : at+512*blocks])
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, got...)
		}
		return all
	}
	whole, cut := answers(60), answers(4)
	if len(whole) != 60 || len(cut) != 60 {
		t.Fatalf("%d and %d answers, want 60", len(whole), len(cut))
	}
	for i := range whole {
		if math.Abs(float64(whole[i]-cut[i])) > 1e-3 {
			t.Fatalf("window %d: %v whole, %v in blocks", i, whole[i], cut[i])
		}
	}
	v, err := whisper.OpenVoices(path)
	if err != nil {
		t.Fatal(err)
	}
	v.Close()
	v.Close()
	if _, err := v.Push(pcm[:512]); !errors.Is(err, whisper.ErrClosed) {
		t.Errorf("closed: got %v", err)
	}
}
