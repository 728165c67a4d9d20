//go:build cgo && !nowhisper

package whisper

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/zhijian-qa/zhijian/transcribe"
)

const sentence = "您好请问有什么可以帮您" // what testdata/sentence.wav says

// demo holds what all tests share: the demo model's bytes and the model loaded from them.
var demo = sync.OnceValue(func() (d struct {
	weights []byte
	model   *Model
	err     error
},
) {
	file, err := os.Open("../../models/demo/zh-demo-q8_0.bin.gz")
	if err != nil {
		d.err = err
		return d
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		d.err = err
		return d
	}
	if d.weights, d.err = io.ReadAll(unpacked); d.err == nil {
		d.model, d.err = LoadBytes(d.weights, Config{})
	}
	return d
})

// ownModel loads the demo model once more, for a test that closes or fills it.
func ownModel(t *testing.T, cfg Config) *Model {
	t.Helper()
	d := demo()
	if d.err != nil {
		t.Fatal(d.err)
	}
	model, err := LoadBytes(d.weights, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return model
}

func openEngine(t *testing.T) *Engine {
	t.Helper()
	d := demo()
	if d.err != nil {
		t.Fatal(d.err)
	}
	engine, err := d.model.NewEngine()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	return engine
}

// speech returns testdata/sentence.wav, 16-bit mono at 16 kHz.
func speech(t *testing.T) []float32 {
	t.Helper()
	file, err := os.ReadFile("testdata/sentence.wav")
	if err != nil {
		t.Fatal(err)
	}
	_, data, found := bytes.Cut(file, []byte("data"))
	if !found {
		t.Fatal("no data chunk")
	}
	data = data[4:]
	pcm := make([]float32, len(data)/2)
	for i := range pcm {
		pcm[i] = float32(int16(binary.LittleEndian.Uint16(data[2*i:]))) / 32768
	}
	return pcm
}

func noise(seed uint64, samples int) []float32 {
	r := rand.New(rand.NewPCG(seed, 0))
	pcm := make([]float32, samples)
	for i := range pcm {
		pcm[i] = r.Float32() - 0.5
	}
	return pcm
}

func text(segments []transcribe.Segment) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteString(s.Text())
	}
	return b.String()
}

// agreement is the share of want's characters that got has in the same order.
func agreement(got, want string) float64 {
	w := []rune(want)
	before := make([]int, len(w)+1)
	for _, r := range got {
		now := make([]int, len(w)+1)
		for j := range w {
			now[j+1] = max(now[j], before[j+1])
			if w[j] == r {
				now[j+1] = max(now[j+1], before[j]+1)
			}
		}
		before = now
	}
	return float64(before[len(w)]) / float64(len(w))
}
