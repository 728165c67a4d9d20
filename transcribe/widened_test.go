//go:build cgo && !nowhisper

package transcribe_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/widen"
	"github.com/zhijian-qa/zhijian/transcribe"
	"github.com/zhijian-qa/zhijian/transcribe/whisper"
)

// demoWeights returns the demo model's file, unpacked.
func demoWeights(t testing.TB) []byte {
	t.Helper()
	packed, err := os.ReadFile("../models/demo/zh-demo-q8_0.bin.gz")
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	weights, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return weights
}

// widened returns an engine on the demo model in another shape.
func widened(t testing.TB, shape widen.Shape) *whisper.Engine {
	t.Helper()
	path := filepath.Join(t.TempDir(), "wide.bin")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(widen.Write(file, demoWeights(t), shape), file.Close()); err != nil {
		t.Fatal(err)
	}
	model, err := whisper.LoadFile(path, whisper.Config{})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := model.NewEngine()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(engine.Close(), model.Close()); err != nil {
			t.Error(err)
		}
	})
	return engine
}

// TestWidenedModelHearsTheSame decodes samples greedily with the demo model, its weights as f16, and with
// the same widened and deepened. The demo model's own q8_0 is no measure: ggml rounds what goes into such
// matrices to 8 bits too, which alone moves unsure tokens by more. ZHIJIAN_LONG takes the shapes that
// benches measure with.
func TestWidenedModelHearsTheSame(t *testing.T) {
	t.Parallel()
	samples := []string{"channel-04.wav", "single-001.wav", "single-019.wav"}
	shapes := map[string]widen.Shape{"twice as wide, a layer more": {Width: 256, Heads: 4, AudioLayers: 5, TextLayers: 4}}
	if os.Getenv("ZHIJIAN_LONG") != "" {
		shapes = map[string]widen.Shape{"base": widen.Shapes()["base"], "small": widen.Shapes()["small"]}
		samples = append(samples, "channel-00.wav", "channel-03.wav", "channel-05.wav", "single-021.wav", "single-022.wav")
	}
	decode := func(engine transcribe.Engine) (words []call.Word) {
		for _, name := range samples {
			r := open(t, filepath.Join("../models/demo/samples", name))
			cfg := transcribe.Config{Options: transcribe.Options{TemperatureStep: -1}}
			got, _, err := transcribe.New(engine, cfg).Call(t.Context(), r.File, r.Analysis, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range got.Utterances {
				words = append(words, u.Words...)
			}
		}
		return words
	}
	want := decode(widened(t, widen.Shape{Width: 128, Heads: 2, AudioLayers: 4, TextLayers: 3}))
	if len(want) < 50 {
		t.Fatalf("only %d words were heard", len(want))
	}
	for name, shape := range shapes {
		got := decode(widened(t, shape))
		if !slices.EqualFunc(got, want, func(a, b call.Word) bool { return a.Text == b.Text }) {
			t.Errorf("%s: %d words, the narrow model %d, or others", name, len(got), len(want))
			continue
		}
		var most float64
		for i := range got {
			most = max(most, math.Abs(got[i].Confidence-want[i].Confidence))
		}
		t.Logf("%s: %d words the same, probabilities at most %.5f apart", name, len(got), most)
		if most > 0.01 {
			t.Errorf("%s: probabilities are up to %.4f apart, want at most 0.01", name, most)
		}
	}
}

func TestWidenRefuses(t *testing.T) {
	t.Parallel()
	base, weights := widen.Shapes()["base"], demoWeights(t)
	uneven, shallow := base, base
	uneven.Width, shallow.TextLayers = 500, 2
	tests := map[string]struct {
		model []byte
		shape widen.Shape
	}{
		"no model":               {[]byte("no model at all, but long enough to hold a header of forty-eight bytes"), base},
		"nothing":                {nil, base},
		"a model that is cut":    {weights[:len(weights)/2], base},
		"a width between":        {weights, uneven},
		"fewer layers than have": {weights, shallow},
	}
	for name, tt := range tests {
		if err := widen.Write(io.Discard, tt.model, tt.shape); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
