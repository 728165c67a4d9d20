package models

import (
	"bytes"
	"errors"
	"testing"
)

func asFault(err error) (*Fault, bool) {
	var f *Fault
	return f, errors.As(err, &f)
}

func check(content []byte) (Structure, error) {
	return Check(bytes.NewReader(content), int64(len(content)))
}

func TestCheckAcceptsWholeModels(t *testing.T) {
	t.Parallel()
	demo, err := demoWeights()
	if err != nil {
		t.Fatal(err)
	}
	s, err := check(demo)
	if err != nil || s.Kind != KindSpeech || s.Vocabulary != 51865 || s.Tensors == 0 {
		t.Errorf("demo model: got %+v, %v", s, err)
	}
	for _, fileType := range []int32{0, 1, 2002, 2007, 2008} {
		h := smallHeader()
		h.fileType, h.vocabulary = fileType, 51866
		if s, err := check(speechModel(h, "")); err != nil || s.Width != 64 || s.AudioLayers != 1 {
			t.Errorf("type %d: got %+v, %v", fileType, s, err)
		}
	}
	if s, err := check(vadModel(0)); err != nil || s.Kind != KindVAD || s.Tensors != 9 {
		t.Errorf("vad model: got %+v, %v", s, err)
	}
}

func TestCheckNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	with := func(change func(*hparams)) []byte {
		h := smallHeader()
		change(&h)
		return speechHead(h, " ").Bytes()
	}
	whole := speechModel(smallHeader(), "")
	swapped := bytes.Replace(bytes.Clone(whole), []byte("decoder.ln.bias"), []byte("decoder.ln.bios"), 1)
	doubled := append(bytes.Clone(whole), func() []byte {
		var b builder
		b.tensor("decoder.ln.bias", 0, 64)
		return b.Bytes()
	}()...)
	kind := bytes.Clone(whole)
	kind[bytes.Index(kind, []byte("decoder.ln.bias"))-8] = 9 // no such type
	tests := []struct {
		name    string
		content []byte
		code    string
	}{
		{"nothing", nil, FaultCutOff},
		{"text", []byte("hello, world"), FaultNotGGML},
		{"gguf", []byte("GGUF\x03\x00\x00\x00"), FaultNotGGML},
		{"archive", []byte("PK\x03\x04abcdefgh"), FaultNotGGML},
		{"Git LFS pointer", []byte("version https://git-lfs.github.com/spec/v1\noid sha256:1\n"), FaultNotGGML},
		{"error page", []byte("<html><body>403</body></html>"), FaultNotGGML},
		{"header cut off", whole[:20], FaultCutOff},
		{"filters cut off", whole[:500], FaultCutOff},
		{"vocabulary cut off", speechHead(smallHeader(), " ", "abc").Bytes()[:48+8+80*fourierBins*4+6], FaultCutOff},
		{"no weights", speechHead(smallHeader(), " ").Bytes(), FaultCutOff},
		{"a tensor missing", speechModel(smallHeader(), "encoder.ln_post.bias"), FaultCutOff},
		{"the last byte missing", whole[:len(whole)-1], FaultCutOff},
		{"half", whole[:len(whole)/2], FaultCutOff},
		{"bytes behind the end", append(bytes.Clone(whole), 1, 2, 3), FaultCutOff},
		{"junk behind the end", append(bytes.Clone(whole), bytes.Repeat([]byte{0xEE}, 40)...), FaultDamaged},
		{"unknown tensor", swapped, FaultDamaged},
		{"a tensor twice", doubled, FaultDamaged},
		{"unknown type", kind, FaultDamaged},
		{"blank missing", speechHead(smallHeader(), "a").Bytes(), FaultDamaged},
		{"English only", with(func(h *hparams) { h.vocabulary = englishOnly }), FaultEnglish},
		{"vocabulary of another model", with(func(h *hparams) { h.vocabulary = 32000 }), FaultVersion},
		{"context of another model", with(func(h *hparams) { h.textContext = 2048 }), FaultVersion},
		{"unknown weights", with(func(h *hparams) { h.fileType = 99 }), FaultVersion},
		{"negative weights", with(func(h *hparams) { h.fileType = -1 }), FaultVersion},
		{"quantised by an old version", with(func(h *hparams) { h.fileType = 1002 }), FaultVersion},
		{"heads that do not divide", with(func(h *hparams) { h.audioHead = 5 }), FaultDamaged},
		{"no heads", with(func(h *hparams) { h.textHead = 0 }), FaultDamaged},
		{"a million layers", with(func(h *hparams) { h.audio = 1 << 20 }), FaultDamaged},
		{"VAD cut off", vadModel(0)[:3000], FaultCutOff},
		{"VAD without tensors", vadModel(0)[:70], FaultCutOff},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := check(tt.content); codeOf(err) != tt.code {
				t.Errorf("got %v, want %s", err, tt.code)
			}
		})
	}
}

// libwhisper takes a file whose last tensor is cut without a word: no cut of ours may pass.
func TestCheckFindsEveryCut(t *testing.T) {
	t.Parallel()
	demo, err := demoWeights()
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(demo); n += 99991 {
		if _, err := check(demo[:n]); err == nil {
			t.Errorf("a model of %d of %d bytes passes", n, len(demo))
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(vadModel(0))
	f.Add(vadModel(0)[:200])
	h := smallHeader()
	f.Add(speechHead(h, " ", "a").Bytes()[:60])
	var tail builder
	tail.tensor("decoder.ln.bias", 0, 64)
	f.Add(append(speechHead(h, " ").Bytes(), tail.Bytes()...))
	f.Fuzz(func(t *testing.T, content []byte) {
		if _, err := check(content); err != nil {
			if _, ok := asFault(err); !ok {
				t.Fatalf("no fault: %v", err)
			}
		}
	})
}
