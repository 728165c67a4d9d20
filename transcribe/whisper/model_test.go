//go:build cgo && !nowhisper

package whisper

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/zhijian-qa/zhijian/transcribe"
)

func TestCloseMayBeRepeated(t *testing.T) {
	t.Parallel()
	model := ownModel(t, Config{})
	engine, err := model.NewEngine()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := model.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := model.NewEngine(); !errors.Is(err, ErrClosed) {
		t.Errorf("new engine of a closed model: got %v, want ErrClosed", err)
	}
	segments, err := engine.Recognise(t.Context(), speech(t), transcribe.Options{})
	if err != nil || agreement(text(segments), sentence) < 0.8 {
		t.Errorf("an engine open when its model was closed: got %q and %v", text(segments), err)
	}
	for range 2 {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := engine.Recognise(t.Context(), speech(t), transcribe.Options{}); !errors.Is(err, ErrClosed) {
		t.Errorf("closed engine: got %v, want ErrClosed", err)
	}
}

func TestLoadRefusesWhatIsNoModel(t *testing.T) {
	t.Parallel()
	if demo().err != nil {
		t.Fatal(demo().err)
	}
	whole := demo().weights
	tests := map[string][]byte{
		"empty":             {},
		"text":              []byte("这不是模型，这是一段文字，足够长，也没有用。"),
		"only the magic":    whole[:4],
		"half the header":   whole[:20],
		"no filters":        whole[:48],
		"in the vocabulary": whole[:100_000],
		"no weights":        whole[:tensorsBegin(t, whole)],
		"in the weights":    whole[:len(whole)/2],
		"one byte short":    whole[:len(whole)-1],
		"a byte too many":   append(bytes.Clone(whole), 0),
		"another magic":     append([]byte("GGUF"), whole[4:]...),
	}
	for name, b := range tests {
		if model, err := LoadBytes(b, Config{}); !errors.Is(err, ErrModel) {
			t.Errorf("%s: got %v and %v, want ErrModel", name, model, err)
		}
		path := filepath.Join(t.TempDir(), "model.bin")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if model, err := LoadFile(path, Config{}); !errors.Is(err, ErrModel) {
			t.Errorf("%s, as a file: got %v and %v, want ErrModel", name, model, err)
		}
	}
	if _, err := LoadFile(filepath.Join(t.TempDir(), "missing.bin"), Config{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: got %v, want os.ErrNotExist", err)
	}
	if _, err := LoadFile(t.TempDir(), Config{}); err == nil {
		t.Error("a folder is loaded")
	}
}

// tensorsBegin returns where the vocabulary ends.
func tensorsBegin(t *testing.T, model []byte) int64 {
	t.Helper()
	c := &cursor{r: bytes.NewReader(model), size: int64(len(model))}
	c.magic()
	c.shape()
	c.filters()
	c.vocabulary()
	if c.err != nil {
		t.Fatal(c.err)
	}
	return c.at
}

func TestLoadFile(t *testing.T) {
	t.Parallel()
	if demo().err != nil {
		t.Fatal(demo().err)
	}
	path := filepath.Join(t.TempDir(), "模型.bin")
	if err := os.WriteFile(path, demo().weights, 0o600); err != nil {
		t.Fatal(err)
	}
	model, err := LoadFile(path, Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := model.Close(); err != nil {
		t.Error(err)
	}
}

func TestLoadRefusesWhatOnlyLooksLikeAModel(t *testing.T) {
	t.Parallel()
	if demo().err != nil {
		t.Fatal(demo().err)
	}
	whole := demo().weights
	renamed := bytes.Replace(bytes.Clone(whole), []byte("decoder.ln.weight"), []byte("decoder.ln.wright"), 1)
	reshaped := bytes.Clone(whole)
	reshaped[20]++ // one more layer in the encoder than there are weights for
	for name, b := range map[string][]byte{"hardly any weights": tiny(nil), "an unknown weight": renamed, "a weight missing": reshaped} {
		if model, err := LoadBytes(b, Config{}); !errors.Is(err, ErrModel) {
			t.Errorf("%s: got %v and %v, want ErrModel", name, model, err)
		}
	}
}

// TestAStateTakesThePlaceOfItsOwn lets the memory be full but for what an engine has: a window that needs a fresh state
// is recognised all the same, and there is no room for another engine.
func TestAStateTakesThePlaceOfItsOwn(t *testing.T) {
	t.Parallel()
	model := ownModel(t, Config{})
	defer model.Close()
	engine, err := model.NewEngine()
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	model.room.resident = 1 << 60
	if _, err := model.NewEngine(); !errors.Is(err, ErrNoMemory) {
		t.Errorf("another engine: got %v, want ErrNoMemory", err)
	}
	for i, o := range []transcribe.Options{{Beam: 2}, {Beam: 2}, {}} { // beams draw random numbers: the next window wants a fresh state
		segments, err := engine.Recognise(t.Context(), speech(t), o)
		if err != nil || agreement(text(segments), sentence) < 0.5 {
			t.Errorf("window %d: got %q and %v", i, text(segments), err)
		}
	}
}
