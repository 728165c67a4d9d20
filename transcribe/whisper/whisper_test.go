//go:build cgo && !nowhisper

package whisper

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/transcribe"
)

const sentence = "您好请问有什么可以帮您" // what testdata/sentence.wav says

// demo holds what all tests share: the demo model's bytes and the model loaded from them.
var demo = sync.OnceValue(func() (d struct {
	weights []byte
	model   *Model
	err     error
}) {
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

func newEngine(t *testing.T) *Engine {
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
	g, w := []rune(got), []rune(want)
	before := make([]int, len(w)+1)
	for _, r := range g {
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

func TestEngineRecognisesASentence(t *testing.T) {
	t.Parallel()
	pcm := speech(t)
	segments, err := newEngine(t).Recognise(t.Context(), pcm, transcribe.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := text(segments)
	if share := agreement(got, sentence); share < 0.8 {
		t.Errorf("got %q, want something like %q", got, sentence)
	}
	for _, s := range segments {
		if s.Empty() || s.Start < 0 || int(s.End) > len(pcm)/16 {
			t.Errorf("segment at %v of a window of %d ms", s.Span, len(pcm)/16)
		}
		if s.AvgLogProb >= 0 {
			t.Errorf("mean log probability %v, want less than 0", s.AvgLogProb)
		}
		for _, token := range s.Tokens {
			if token.Probability <= 0 || token.Probability > 1 || token.Start > token.End {
				t.Errorf("token %+v", token)
			}
		}
	}
}

func TestEngineWithoutSound(t *testing.T) {
	t.Parallel()
	engine := newEngine(t)
	for name, pcm := range map[string][]float32{"nothing": nil, "no samples": {}, "silence": make([]float32, 48_000)} {
		segments, err := engine.Recognise(t.Context(), pcm, transcribe.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(pcm) == 0 && segments != nil {
			t.Errorf("%s: got %q", name, text(segments))
		}
	}
	if _, err := engine.Recognise(t.Context(), noise(1, 100), transcribe.Options{}); err != nil {
		t.Errorf("6 ms of noise: %v", err)
	}
}

func TestEngineRefusesWhatItCannotDo(t *testing.T) {
	t.Parallel()
	engine := newEngine(t)
	if _, err := engine.Recognise(t.Context(), make([]float32, 30*16_000+1), transcribe.Options{}); err == nil {
		t.Error("more than 30 s are taken")
	}
	if _, err := engine.Recognise(t.Context(), speech(t), transcribe.Options{Language: "klingon"}); err == nil {
		t.Error("an unknown language is taken")
	}
}

func TestEngineTakesAllOptions(t *testing.T) {
	t.Parallel()
	engine := newEngine(t)
	tests := map[string]transcribe.Options{
		"beam":     {Beam: 3},
		"threads":  {Threads: 2},
		"no retry": {TemperatureStep: -1},
		"hot":      {Temperature: 0.2, BestOf: 2},
		"language": {Language: "auto"},
		"prompt":   {Prompt: "网上国网"},
	}
	for name, o := range tests {
		segments, err := engine.Recognise(t.Context(), speech(t), o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name != "hot" && name != "prompt" && agreement(text(segments), sentence) < 0.5 {
			t.Errorf("%s: got %q, want something like %q", name, text(segments), sentence)
		}
	}
}

func TestEngineStopsWithItsContext(t *testing.T) {
	t.Parallel()
	engine := newEngine(t)
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan time.Time, 1)
	timer := time.AfterFunc(30*time.Millisecond, func() {
		stopped <- time.Now()
		cancel()
	})
	defer timer.Stop()
	_, err := engine.Recognise(ctx, noise(2, 30*16_000), transcribe.Options{Beam: 5})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want context.Canceled", err)
	}
	if took := time.Since(<-stopped); took > time.Second {
		t.Errorf("it took %v to stop", took)
	}
	if _, err := engine.Recognise(ctx, speech(t), transcribe.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: got %v, want context.Canceled", err)
	}
	segments, err := engine.Recognise(t.Context(), speech(t), transcribe.Options{})
	if err != nil || agreement(text(segments), sentence) < 0.8 {
		t.Errorf("afterwards: got %q and %v", text(segments), err)
	}
}

func TestTwoEnginesOnOneModelHearWhatOneHears(t *testing.T) {
	t.Parallel()
	windows := [][]float32{speech(t), noise(3, 32_000), append(noise(4, 8000), speech(t)...), speech(t)}
	one := newEngine(t)
	var want [][]transcribe.Segment
	for _, pcm := range windows {
		segments, err := one.Recognise(t.Context(), pcm, transcribe.Options{})
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, segments)
	}
	var wait sync.WaitGroup
	for range 2 {
		engine := newEngine(t)
		wait.Go(func() {
			for i, pcm := range windows {
				got, err := engine.Recognise(t.Context(), pcm, transcribe.Options{})
				if err != nil {
					t.Error(err)
					return
				}
				if d := cmp.Diff(want[i], got); d != "" {
					t.Errorf("window %d, alone and beside another (-want +got):\n%s", i, d)
				}
			}
		})
	}
	wait.Wait()
}

func TestEngineForgetsTheWindowBefore(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]transcribe.Options{"greedy": {}, "beam": {Beam: 2}, "hot": {Temperature: 0.6}} {
		fresh, used := newEngine(t), newEngine(t)
		want, err := fresh.Recognise(t.Context(), speech(t), o)
		if err != nil {
			t.Fatal(err)
		}
		for _, before := range [][]float32{noise(5, 48_000), speech(t)} {
			if _, err := used.Recognise(t.Context(), before, o); err != nil {
				t.Fatal(err)
			}
		}
		got, err := used.Recognise(t.Context(), speech(t), o)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s, in a fresh engine and in a used one (-want +got):\n%s", name, d)
		}
	}
}

func TestCloseMayBeRepeated(t *testing.T) {
	t.Parallel()
	if demo().err != nil {
		t.Fatal(demo().err)
	}
	model, err := LoadBytes(demo().weights, Config{})
	if err != nil {
		t.Fatal(err)
	}
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

// The log of the process is one, so this is the only test that looks at it.
func TestLogHoldsNoText(t *testing.T) {
	d := demo()
	if d.err != nil {
		t.Fatal(d.err)
	}
	var log strings.Builder
	var mu sync.Mutex
	logger := slog.New(slog.NewTextHandler(lockedWriter{&mu, &log}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	model, err := LoadBytes(d.weights, Config{Log: logger})
	if err != nil {
		t.Fatal(err)
	}
	defer model.Close()
	engine, err := model.NewEngine()
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	segments, err := engine.Recognise(t.Context(), speech(t), transcribe.Options{Beam: 2})
	if err != nil {
		t.Fatal(err)
	}
	library.log.Store(nil)
	mu.Lock()
	defer mu.Unlock()
	if !strings.Contains(log.String(), "libwhisper reports") {
		t.Error("nothing was logged")
	}
	for _, s := range segments {
		for _, token := range s.Tokens {
			if strings.Contains(log.String(), token.Text) {
				t.Fatalf("the log holds %q", token.Text)
			}
		}
	}
}

type lockedWriter struct {
	mu *sync.Mutex
	w  io.Writer
}

func (l lockedWriter) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

func TestSystemNamesWhatItRunsOn(t *testing.T) {
	t.Parallel()
	info, err := System()
	if err != nil {
		t.Fatal(err)
	}
	if info.Version == "" || len(info.Backends) == 0 || len(info.Features) == 0 {
		t.Errorf("got %+v, want version, backends and features", info)
	}
	if !strings.HasPrefix(info.Backends[len(info.Backends)-1], "CPU (") {
		t.Errorf("got backends %q, want a CPU last", info.Backends)
	}
}
