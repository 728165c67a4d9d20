//go:build cgo && !nowhisper

package whisper

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/transcribe"
)

func TestEngineRecognisesASentence(t *testing.T) {
	t.Parallel()
	pcm := speech(t)
	segments, err := openEngine(t).Recognise(t.Context(), pcm, transcribe.Options{})
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
	engine := openEngine(t)
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
	engine := openEngine(t)
	if _, err := engine.Recognise(t.Context(), make([]float32, 30*16_000+1), transcribe.Options{}); err == nil {
		t.Error("more than 30 s are taken")
	}
	if _, err := engine.Recognise(t.Context(), speech(t), transcribe.Options{Language: "klingon"}); err == nil {
		t.Error("an unknown language is taken")
	}
}

func TestEngineTakesAllOptions(t *testing.T) {
	t.Parallel()
	engine := openEngine(t)
	tests := map[string]transcribe.Options{
		"beam":     {Beam: 3},
		"threads":  {Threads: 2},
		"no retry": {TemperatureStep: -1},
		"hot":      {Temperature: 0.2, BestOf: 2},
		"language": {Language: "auto"},
		"prompt":   {Prompt: "网上国网"},
		"full":     {FullContext: true},
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
	engine := openEngine(t)
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

func TestEngineDoesNotWaitForALongStep(t *testing.T) {
	t.Parallel()
	engine := openEngine(t)
	engine.patience = 0
	ctx, cancel := context.WithCancel(t.Context())
	timer := time.AfterFunc(5*time.Millisecond, cancel)
	defer timer.Stop()
	if _, err := engine.Recognise(ctx, noise(2, 30*16_000), transcribe.Options{}); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want context.Canceled", err)
	}
	segments, err := engine.Recognise(t.Context(), speech(t), transcribe.Options{})
	if err != nil || agreement(text(segments), sentence) < 0.8 {
		t.Errorf("the next window: got %q and %v", text(segments), err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	if _, err := engine.Recognise(ctx, noise(2, 30*16_000), transcribe.Options{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v, want context.DeadlineExceeded", err)
	}
	if err := engine.Close(); err != nil {
		t.Error(err)
	}
	if _, err := engine.Recognise(t.Context(), speech(t), transcribe.Options{}); !errors.Is(err, ErrClosed) {
		t.Errorf("after closing it at work: got %v, want ErrClosed", err)
	}
}

func TestTwoEnginesOnOneModelHearWhatOneHears(t *testing.T) {
	t.Parallel()
	windows := [][]float32{speech(t), noise(3, 32_000), append(noise(4, 8000), speech(t)...), speech(t)}
	one := openEngine(t)
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
		engine := openEngine(t)
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
		fresh, used := openEngine(t), openEngine(t)
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

// The log of the process is one, so this is the only test that looks at it.
func TestLogHoldsNoText(t *testing.T) {
	var log strings.Builder
	var mu sync.Mutex
	logger := slog.New(slog.NewTextHandler(lockedWriter{&mu, &log}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	model := ownModel(t, Config{Log: logger})
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
