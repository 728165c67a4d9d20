package app_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/models"
)

// TestAModelThatIsOfNoUseIsRefused gives files that libwhisper would end the process on, or take and hear nothing with.
func TestAModelThatIsOfNoUseIsRefused(t *testing.T) {
	t.Parallel()
	good, err := models.Resolve("", "")
	if err != nil {
		t.Fatal(err)
	}
	english := bytes.Clone(good.Bytes)
	english[4]-- // the size of the vocabulary, 51865
	tests := map[string]struct {
		content []byte
		code    string
	}{
		"cut off":           {good.Bytes[:len(good.Bytes)/2], models.FaultCutOff},
		"a byte short":      {good.Bytes[:len(good.Bytes)-1], models.FaultCutOff},
		"a newer format":    {append([]byte("GGUF\x03\x00\x00\x00"), good.Bytes[8:]...), models.FaultNotGGML},
		"English only":      {english, models.FaultEnglish},
		"an earlier format": {append(append(bytes.Clone(good.Bytes[:44]), 0xEF, 0x03, 0, 0), good.Bytes[48:]...), models.FaultVersion}, // 1007
		"a recording":       {[]byte("RIFF\x24\x00\x00\x00WAVEfmt "), models.FaultNotGGML},
	}
	for name, tt := range tests {
		path := filepath.Join(t.TempDir(), "model.bin")
		write(t, path, tt.content)
		b := setup(t, func(c *config.Config) { c.Model = path })
		err := app.Transcribe(t.Context(), b.Env, []string{filepath.Join(demo, shirking)})
		var fault *models.Fault
		if !errors.As(err, &fault) || fault.Code != tt.code || app.ExitCode(err) != 1 {
			t.Errorf("%s: got %v, exit code %d; want %s, 1", name, err, app.ExitCode(err), tt.code)
		}
	}
}
