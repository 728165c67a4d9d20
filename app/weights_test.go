package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/internal/widen"
	"github.com/zhijian-qa/zhijian/models"
)

// A model of 16 bits is packed into 8 as it is loaded, unless told otherwise: it hears the same but for a character
// here and there, and transcripts say so by the model's name.
func TestWeightsArePacked(t *testing.T) {
	t.Parallel()
	narrow, err := models.Resolve("", "")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "wide.bin")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := widen.Write(file, narrow.Bytes, widen.Shapes()["tiny"]); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	hear := func(weights string) string {
		b := setup(t, asJSON, func(c *config.Config) { c.Model, c.Weights = path, weights })
		if err := app.Transcribe(t.Context(), b.Env, []string{filepath.Join(demo, shirking)}); err != nil {
			t.Fatal(err)
		}
		transcript := readLines(t, b.out)[shirking].Record.Transcript
		if packed := strings.HasSuffix(transcript.Model, "+q8_0"); packed != (weights == models.Packed) {
			t.Errorf("%s: the transcript names the model %s", weights, transcript.Model)
		}
		var text strings.Builder
		for _, u := range transcript.Utterances {
			text.WriteString(u.Text)
		}
		return text.String()
	}
	before, after := hear("as_is"), hear(models.Packed)
	if errors := eval.CharacterErrors(before, after); errors.Of < 100 || errors.Rate() > 0.03 {
		t.Errorf("%d of %d characters changed", errors.Errors, errors.Of)
	}
}
