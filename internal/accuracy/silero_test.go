package accuracy_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/internal/accuracy"
	"github.com/zhijian-qa/zhijian/transcribe/whisper"
)

// sileroModel lies beside the checkout when it is at hand.
var sileroModel = filepath.Join("..", "..", "..", "shared", "models", "ggml-silero-v6.2.0.bin")

// sileroVoices returns the voices of the model, nil where it is not at hand.
func sileroVoices() *audio.Voices {
	if _, err := os.Stat(sileroModel); err != nil {
		return nil
	}
	return &audio.Voices{Name: "silero-v6.2.0", Open: func() (audio.VoiceStream, error) { return whisper.OpenVoices(sileroModel) }}
}

// silero returns the Silero detector, or nothing where its model is not at hand.
func silero(t *testing.T) []accuracy.Detector {
	t.Helper()
	voices := sileroVoices()
	if voices == nil {
		t.Logf("Silero is left out: %s is not at hand", sileroModel)
		return nil
	}
	return []accuracy.Detector{{Name: "Silero", Detect: accuracy.Product(t.TempDir(), audio.VADConfig{Voices: voices})}}
}

// TestSileroFindsSpeech takes the model through the product on a clean call.
func TestSileroFindsSpeech(t *testing.T) {
	t.Parallel()
	found := silero(t)
	if found == nil {
		t.Skip("the Silero model is not at hand")
	}
	r := newRunner(t)
	r.Detectors = found
	set, column := accuracy.Sets()[1], accuracy.Columns()[0]
	outcomes, err := r.Run(t.Context(), set, column, 2)
	if err != nil {
		t.Fatal(err)
	}
	var frames accuracy.Counts
	for _, o := range outcomes["Silero"] {
		frames.Hit, frames.False, frames.Missed = frames.Hit+o.Frames.Hit, frames.False+o.Frames.False, frames.Missed+o.Frames.Missed
	}
	if f := frames.F1(); f < 0.9 {
		t.Errorf("F1 of the frames is %.3f: %+v", f, frames)
	}
}
