package worker_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/models"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/transcribe/whisper"
	"github.com/zhijian-qa/zhijian/worker"
)

// bundle is a pool on the demo model with a store of its own.
type bundle struct {
	pool     *worker.Pool
	store    *store.Store
	scorer   *score.Scorer
	registry *prometheus.Registry
}

func setup(t *testing.T, workers int) bundle {
	t.Helper()
	return setupWith(t, workers, nil)
}

func setupWith(t *testing.T, workers int, log *slog.Logger) bundle {
	t.Helper()
	return setupConfig(t, workers, worker.Config{Log: log})
}

func setupConfig(t *testing.T, workers int, cfg worker.Config) bundle {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "zhijian.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	lex, err := lexicon.Load(lexicon.Config{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lex.Close)
	card, err := score.LoadScorecard("power-service")
	if err != nil {
		t.Fatal(err)
	}
	scorer, err := score.New(lex, card, score.Config{})
	if err != nil {
		t.Fatal(err)
	}
	weights, err := models.Resolve("", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	model, err := whisper.LoadBytes(weights.Bytes, whisper.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = model.Close() })
	registry := prometheus.NewRegistry()
	cfg.Registerer = registry
	return bundle{
		store: st, scorer: scorer, registry: registry,
		pool: &worker.Pool{
			Pipeline:  worker.NewPipeline(st, scorer, cfg),
			Workers:   workers,
			NewEngine: func() (worker.Recogniser, error) { return model.NewEngine() },
		},
	}
}

// day returns the n shortest demo calls as items.
func day(t *testing.T, n int) []source.Item {
	t.Helper()
	items, _, err := source.Scan(t.Context(), []string{filepath.Join("..", "testdata", "demo", "manifest.csv")}, source.Config{})
	if err != nil || len(items) < n {
		t.Fatalf("%d demo calls, %v", len(items), err)
	}
	slices.SortFunc(items, func(a, b source.Item) int { return int(size(t, a.Path) - size(t, b.Path)) })
	return items[:n]
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func run(t *testing.T, b bundle, items []source.Item) map[string]worker.Done {
	t.Helper()
	done := map[string]worker.Done{}
	if err := b.pool.Run(t.Context(), items, func(d worker.Done) { done[d.Item.Path] = d }); err != nil {
		t.Fatal(err)
	}
	return done
}

func TestTwoWorkersHearWhatOneHears(t *testing.T) {
	t.Parallel()
	items := day(t, 3)
	one, two := run(t, setup(t, 1), items), run(t, setup(t, 2), items)
	for path, want := range one {
		if want.Err != nil {
			t.Fatalf("%s: %v", path, want.Err)
		}
		if diff := cmp.Diff(want.Record, two[path].Record); diff != "" {
			t.Errorf("%s (-one worker +two):\n%s", path, diff)
		}
	}
}

func TestAKnownRecordingIsOnlyScored(t *testing.T) {
	t.Parallel()
	b, items := setup(t, 1), day(t, 1)
	first := run(t, b, items)[items[0].Path]
	second := run(t, b, items)[items[0].Path]
	if !first.Fresh || second.Fresh {
		t.Errorf("fresh: first %v, second %v; want true, false", first.Fresh, second.Fresh)
	}
	if diff := cmp.Diff(first.Record, second.Record); diff != "" {
		t.Errorf("the second run scores otherwise (-first +second):\n%s", diff)
	}
}

func TestTheAgentsChannelIsPartOfWhatIsKnown(t *testing.T) {
	t.Parallel()
	b, items := setup(t, 1), day(t, 1)
	left := run(t, b, items)[items[0].Path].Record
	right := 1
	items[0].AgentChannel, items[0].Said.AgentChannel = &right, &right // as a corrected manifest says
	swapped := run(t, b, items)[items[0].Path].Record
	if diff := cmp.Diff(left.Transcript.Speech[call.RoleAgent], swapped.Transcript.Speech[call.RoleCustomer]); diff != "" {
		t.Errorf("the agent speaks, after the swap the customer (-before +after):\n%s", diff)
	}
}

func TestFailuresAreCountedAndKept(t *testing.T) {
	t.Parallel()
	b := setup(t, 2)
	text := filepath.Join(t.TempDir(), "text.wav")
	if err := os.WriteFile(text, []byte("no sound, only text in a file that is named as sound"), 0o600); err != nil {
		t.Fatal(err)
	}
	items := append(day(t, 1), source.Item{Path: text}, source.Item{Path: "/no/such/file.wav"})
	done := run(t, b, items)
	failures, err := b.store.Failures(t.Context(), store.FailureFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if len(failures) != 2 || done[text].Err == nil || done[items[0].Path].Err != nil {
		t.Errorf("failures %v, done %v", failures, done)
	}
	var fault *call.Fault
	if !errors.As(done[text].Err, &fault) || fault.Code == "" {
		t.Errorf("the fault has no code: %v", done[text].Err)
	}
	const want = 3 // one scored, two reasons
	if n := counted(t, b.registry, "zhijian_calls_total"); n != want {
		t.Errorf("zhijian_calls_total has %d series above 0, want %d", n, want)
	}
}

// counted returns how many series of a counter are above 0: those of known reasons are there from the start.
func counted(t *testing.T, registry prometheus.Gatherer, name string) (n int) {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			if family.GetName() == name && metric.GetCounter().GetValue() > 0 {
				n++
			}
		}
	}
	return n
}

func TestCancelledWorkLeavesNoTrace(t *testing.T) {
	t.Parallel()
	b := setup(t, 2)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(300*time.Millisecond, cancel)
	ended := make(chan error, 1)
	go func() { ended <- b.pool.Run(ctx, day(t, 4), func(worker.Done) {}) }()
	<-ctx.Done()
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want cancelled", err)
		}
	case <-time.After(10 * time.Second): // a second on an idle machine
		t.Fatal("the pool goes on after it was cancelled")
	}
	failures, err := b.store.Failures(t.Context(), store.FailureFilter{})
	if err != nil || len(failures) != 0 {
		t.Errorf("cancelled recordings are kept as failures: %v, %v", failures, err)
	}
}
