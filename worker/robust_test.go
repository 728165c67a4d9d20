package worker_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/widen"
	"github.com/zhijian-qa/zhijian/models"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/transcribe/whisper"
	"github.com/zhijian-qa/zhijian/worker"
)

func long() bool { return os.Getenv("ZHIJIAN_LONG") != "" }

// costly puts a model of the shape of Whisper's base in the place of the demo model: encoding a window is
// one step of seconds.
func costly(t *testing.T, b bundle) {
	t.Helper()
	weights, err := models.Resolve("", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var wide bytes.Buffer
	if err := widen.Write(&wide, weights.Bytes, widen.Shapes()["base"]); err != nil {
		t.Fatal(err)
	}
	model, err := whisper.LoadBytes(wide.Bytes(), whisper.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = model.Close() })
	b.pool.NewEngine = func() (worker.Recogniser, error) { return model.NewEngine() }
}

// hour writes an hour of a demo call said over and over, for hashing and analysing to take their time.
func hour(t *testing.T) source.Item {
	t.Helper()
	file, err := audio.Open(t.Context(), day(t, 1)[0].Path, audio.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	talk, err := file.Excerpt(t.Context(), span(0, file.Info().Duration))
	if err != nil {
		t.Fatal(err)
	}
	channels := make([][]float32, len(talk))
	for i, c := range talk {
		for len(channels[i]) < 3600*file.Info().Rate {
			channels[i] = append(channels[i], c...)
		}
	}
	path := filepath.Join(t.TempDir(), "hour.wav")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(audio.WriteWAV(out, file.Info().Rate, channels), out.Close()); err != nil {
		t.Fatal(err)
	}
	return source.Item{Path: path}
}

// TestCancelStopsWithinASecond cancels in hashing, in finding speech, and in the midst of a window of a costly
// model. On a busy machine one slow stop may be the machine's: each is tried three times.
func TestCancelStopsWithinASecond(t *testing.T) {
	b := setup(t, 2)
	costly(t, b)
	items := []source.Item{hour(t), day(t, 1)[0]}
	stop := func(after time.Duration) time.Duration {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		cancelled := make(chan time.Time, 1)
		time.AfterFunc(after, func() { cancelled <- time.Now(); cancel() })
		if err := b.pool.Run(ctx, items, func(worker.Done) {}); !errors.Is(err, context.Canceled) {
			t.Fatalf("cancelled after %v: got %v, want cancelled", after, err)
		}
		return time.Since(<-cancelled)
	}
	for _, after := range []time.Duration{0, 20 * time.Millisecond, 200 * time.Millisecond, time.Second, 3 * time.Second} {
		var took []time.Duration
		for len(took) < 3 {
			took = append(took, stop(after))
			if took[len(took)-1] < time.Second {
				break
			}
		}
		t.Logf("cancelled after %v: stopped in %v", after, took)
		if took[len(took)-1] >= time.Second {
			t.Errorf("cancelled after %v: it took %v to stop", after, took)
		}
	}
}

// TestSoakWithCancels cancels at random instants until a day is done, and compares with an undisturbed day.
// It runs alone: it counts goroutines.
func TestSoakWithCancels(t *testing.T) {
	n, most := 4, 3
	if long() {
		n, most = 13, 60
	}
	items := day(t, n)
	want := run(t, setup(t, 2), items)
	b, random := setup(t, 2), rand.New(rand.NewPCG(7, 1))
	got := map[string]worker.Done{}
	collect := func(d worker.Done) {
		if d.Err == nil {
			got[d.Item.Path] = d
		}
	}
	before := runtime.NumGoroutine()
	stopped := 0
	for range most {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.Int64N(int64(3*time.Second))))
		if err := b.pool.Run(ctx, items, collect); errors.Is(err, context.DeadlineExceeded) {
			stopped++
		} else if err != nil {
			t.Fatal(err)
		}
		cancel()
	}
	if err := b.pool.Run(t.Context(), items, collect); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d runs stopped", stopped)
	if stopped == 0 {
		t.Error("no run was stopped")
	}
	for path, w := range want {
		if diff := cmp.Diff(w.Record, got[path].Record); diff != "" {
			t.Errorf("%s (-undisturbed +stopped again and again):\n%s", path, diff)
		}
	}
	failures, err := b.store.Failures(t.Context(), store.FailureFilter{})
	if err != nil || len(failures) != 0 {
		t.Errorf("failures %v, %v", failures, err)
	}
	for i := 0; runtime.NumGoroutine() > before && i < 100; i++ {
		time.Sleep(50 * time.Millisecond) // steps in the background come to their end
	}
	if left := runtime.NumGoroutine(); left > before {
		t.Errorf("%d goroutines before, %d after", before, left)
	}
}

// TestShortFilesInARow holds that memory does not grow with the number of files: 1,000 under ZHIJIAN_LONG,
// else 30. It runs alone: others' memory would count.
func TestShortFilesInARow(t *testing.T) {
	n := 30
	if long() {
		n = 1000
	}
	items := shortFiles(t, n)
	b := setup(t, 2)
	var marks []int64
	done := 0
	err := b.pool.Run(t.Context(), items, func(d worker.Done) {
		if d.Err != nil {
			t.Errorf("%s: %v", d.Item.Path, d.Err)
		}
		if done++; done%(n/6) == 0 {
			runtime.GC()
			marks = append(marks, residentMB(t))
		}
	})
	if err != nil || done != n {
		t.Fatalf("%d of %d files done, %v", done, n, err)
	}
	t.Logf("resident memory after each sixth of %d files: %v MB", n, marks)
	if grown := marks[len(marks)-1] - marks[1]; grown > 24 {
		t.Errorf("memory grew by %d MB from the second sixth on: %v", grown, marks)
	}
}

// shortFiles writes recordings of some seconds, each the first of a demo call with other noise.
func shortFiles(t *testing.T, n int) []source.Item {
	t.Helper()
	file, err := audio.Open(t.Context(), day(t, 1)[0].Path, audio.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	talk, err := file.Excerpt(t.Context(), span(0, 4000))
	if err != nil {
		t.Fatal(err)
	}
	folder, random := t.TempDir(), rand.New(rand.NewPCG(1, 2))
	items := make([]source.Item, n)
	for i := range items {
		channels := make([][]float32, len(talk))
		for c := range channels {
			channels[c] = make([]float32, len(talk[c]))
			for k, x := range talk[c] {
				channels[c][k] = x + 0.001*(random.Float32()-0.5)
			}
		}
		items[i].Path = filepath.Join(folder, fmt.Sprintf("%04d.wav", i))
		out, err := os.Create(items[i].Path)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(audio.WriteWAV(out, file.Info().Rate, channels), out.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return items
}

// TestFewerWorkersThanAskedFor holds that workers without a recogniser are done without, with a warning.
func TestFewerWorkersThanAskedFor(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	b := setupWith(t, 3, slog.New(slog.NewTextHandler(&log, nil)))
	open, opened := b.pool.NewEngine, 0
	b.pool.NewEngine = func() (worker.Recogniser, error) {
		if opened++; opened > 1 {
			return nil, whisper.ErrNoMemory
		}
		return open()
	}
	for path, d := range run(t, b, day(t, 3)) {
		if d.Err != nil {
			t.Errorf("%s: %v", path, d.Err)
		}
	}
	if !strings.Contains(log.String(), "level=WARN") || !strings.Contains(log.String(), "workers=1") || !strings.Contains(log.String(), whisper.ErrNoMemory.Error()) {
		t.Errorf("the log says %q, want a warning of fewer workers and why", log.String())
	}
}

func span(start, end call.Millis) call.Span { return call.Span{Start: start, End: end} }

// residentMB returns the memory that the process has in use.
func residentMB(t *testing.T) int64 {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return n >> 10
		}
	}
	t.Fatal("no VmRSS")
	return 0
}

// TestALongCallDoesNotHoldUpAShortOne gives the only worker a long call first.
func TestALongCallDoesNotHoldUpAShortOne(t *testing.T) {
	t.Parallel()
	all := day(t, 13)
	items := []source.Item{all[len(all)-1], shortFiles(t, 1)[0]}
	var order []string
	if err := setup(t, 1).pool.Run(t.Context(), items, func(d worker.Done) {
		if d.Err != nil {
			t.Error(d.Err)
		}
		order = append(order, d.Item.Path)
	}); err != nil {
		t.Fatal(err)
	}
	if len(order) != 2 || order[0] != items[1].Path {
		t.Errorf("done in the order %v, want the short one first", order)
	}
}
