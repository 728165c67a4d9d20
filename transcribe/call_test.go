//go:build cgo && !nowhisper

package transcribe_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/transcribe"
	"github.com/zhijian-qa/zhijian/transcribe/whisper"
)

var bothRoles = []call.Role{call.RoleAgent, call.RoleCustomer}

// demoModel is the demo model, loaded once for all tests.
var demoModel = sync.OnceValues(func() (*whisper.Model, error) {
	file, err := os.Open("../models/demo/zh-demo-q8_0.bin.gz")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		return nil, err
	}
	weights, err := io.ReadAll(unpacked)
	if err != nil {
		return nil, err
	}
	return whisper.LoadBytes(weights, whisper.Config{})
})

func newEngine(t testing.TB) *whisper.Engine {
	t.Helper()
	model, err := demoModel()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := model.NewEngine()
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

// recording is an open file with its analysis.
type recording struct {
	*audio.File
	audio.Analysis
}

func open(t testing.TB, path string) recording {
	t.Helper()
	file, err := audio.Open(t.Context(), path, audio.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	analysis, err := audio.Analyse(t.Context(), file, audio.VADConfig{})
	if err != nil {
		t.Fatal(err)
	}
	return recording{file, analysis}
}

// write makes a recording of the given channels.
func write(t testing.TB, rate int, channels ...[]float32) recording {
	t.Helper()
	path := filepath.Join(t.TempDir(), "call.wav")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(audio.WriteWAV(file, rate, channels), file.Close()); err != nil {
		t.Fatal(err)
	}
	return open(t, path)
}

// demoCalls returns the recordings of the demo day, the shortest first.
func demoCalls(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("../testdata/demo/*.wav")
	if err != nil || len(paths) < 2 {
		t.Fatalf("demo day: %d recordings, %v", len(paths), err)
	}
	size := func(path string) int64 {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	slices.SortFunc(paths, func(a, b string) int { return int(size(a) - size(b)) })
	return paths
}

// said is an utterance of a truth file.
type said struct {
	Role call.Role `json:"role"`
	call.Span
	Text string `json:"text"`
}

func truthOf(t *testing.T, path string) []said {
	t.Helper()
	file, err := os.ReadFile(strings.TrimSuffix(path, ".wav") + ".truth.json")
	if err != nil {
		t.Fatal(err)
	}
	var truth struct {
		Utterances []said `json:"utterances"`
	}
	if err := json.Unmarshal(file, &truth); err != nil {
		t.Fatal(err)
	}
	return truth.Utterances
}

// characters returns what counts in a comparison of texts.
func characters(s string) []rune {
	var kept []rune
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			kept = append(kept, r)
		}
	}
	return kept
}

func transcript(t testing.TB, r recording, cfg transcribe.Config) (call.Transcript, transcribe.Stats) {
	t.Helper()
	got, stats, err := transcribe.New(newEngine(t), cfg).Call(t.Context(), r.File, r.Analysis, bothRoles)
	if err != nil {
		t.Fatal(err)
	}
	return got, stats
}

func TestCallOfTheDemoDay(t *testing.T) {
	t.Parallel()
	path := demoCalls(t)[0]
	r := open(t, path)
	metrics := prometheus.NewRegistry()
	got, stats := transcript(t, r, transcribe.Config{Model: "demo@0", Metrics: transcribe.NewMetrics(metrics)})
	checkTranscript(t, got)
	if got.Model != "demo@0" || got.Language != "zh" || got.VAD != r.VAD || got.Revision == "" {
		t.Errorf("got %s, %s, %s, %s", got.Model, got.Language, got.VAD, got.Revision)
	}
	if stats.Windows == 0 || stats.Tokens == 0 || stats.Engine == 0 || stats.Sound < stats.Speech {
		t.Errorf("got stats %+v", stats)
	}
	if families, err := metrics.Gather(); err != nil || len(families) < 4 {
		t.Errorf("got %d metrics and %v", len(families), err)
	}
	checkPlaces(t, got, truthOf(t, path))
}

// checkTranscript holds a transcript against what is promised of every one.
func checkTranscript(t *testing.T, got call.Transcript) {
	t.Helper()
	last := call.Millis(0)
	for _, u := range got.Utterances {
		var words strings.Builder
		at := u.Start
		for _, w := range u.Words {
			words.WriteString(w.Text)
			if w.Start < at || w.End > u.End || w.Start > w.End {
				t.Errorf("word at %v, after %v, in the utterance at %v", w.Span, at, u.Span)
			}
			at = w.Start
		}
		if words.String() != u.Text || u.Text == "" {
			t.Errorf("the words make %q, the utterance is %q", words.String(), u.Text)
		}
		if heard := call.Total(call.Clip(got.Speech[u.Role], u.Span)); 2*heard < u.Length() {
			t.Errorf("an utterance of %d ms has %d ms of speech", u.Length(), heard)
		}
		if u.Confidence <= 0 || u.Confidence > 1 || u.Start < last {
			t.Errorf("utterance at %v after %v with confidence %v", u.Span, last, u.Confidence)
		}
		last = u.Start
	}
}

// checkPlaces compares, for each thing that was said, with what was heard of that party at that time.
func checkPlaces(t *testing.T, got call.Transcript, truth []said) {
	t.Helper()
	var all eval.Characters
	misplaced := 0
	for _, role := range bothRoles {
		var want string
		for _, s := range truth {
			if s.Role == role {
				want += s.Text
				misplaced += eval.CharacterErrors(s.Text, heardIn(got, role, s.Widen(400, 1<<40))).Errors
			}
		}
		all.Add(eval.CharacterErrors(want, textOf(got, role)))
	}
	if 2*all.Errors > all.Of {
		t.Errorf("%d errors in %d characters", all.Errors, all.Of)
	}
	if 10*(misplaced-all.Errors) > all.Of {
		t.Errorf("%d errors in %d characters when compared by time, %d by order alone", misplaced, all.Of, all.Errors)
	}
}

func heardIn(got call.Transcript, role call.Role, span call.Span) string {
	var heard string
	for _, u := range got.By(role) {
		for _, w := range u.Words {
			if span.Contains((w.Start + w.End) / 2) {
				heard += w.Text
			}
		}
	}
	return heard
}

func TestTwoWorkersHearWhatOneHears(t *testing.T) {
	t.Parallel()
	paths := demoCalls(t)[:2]
	var want []call.Transcript
	one := transcribe.New(newEngine(t), transcribe.Config{})
	for _, path := range paths {
		r := open(t, path)
		got, _, err := one.Call(t.Context(), r.File, r.Analysis, bothRoles)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, got)
	}
	var wait sync.WaitGroup
	for i, path := range slices.Backward(paths) {
		r, worker := open(t, path), transcribe.New(newEngine(t), transcribe.Config{})
		wait.Go(func() {
			got, _, err := worker.Call(t.Context(), r.File, r.Analysis, bothRoles)
			if err != nil {
				t.Error(err)
			}
			if d := cmp.Diff(want[i], got); d != "" {
				t.Errorf("recording %d, alone and beside another (-want +got):\n%s", i, d)
			}
		})
	}
	wait.Wait()
}

func TestCallStopsWithItsContext(t *testing.T) {
	t.Parallel()
	r := open(t, demoCalls(t)[0])
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := transcribe.New(newEngine(t), transcribe.Config{}).Call(ctx, r.File, r.Analysis, bothRoles)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestCallWithoutSpeech(t *testing.T) {
	t.Parallel()
	r := write(t, 8000, make([]float32, 40_000), make([]float32, 40_000))
	got, stats := transcript(t, r, transcribe.Config{})
	if len(got.Utterances) != 0 || len(got.Removed) != 0 || stats.Windows != 0 {
		t.Errorf("got %+v with %+v", got, stats)
	}
	b, err := json.Marshal(got)
	if err != nil || !strings.Contains(string(b), `"utterances":[]`) || !strings.Contains(string(b), `"removed":[]`) {
		t.Errorf("as JSON: %s, %v; want empty lists", b, err)
	}
}

func TestCallCutsSpeechWithoutPauses(t *testing.T) {
	t.Parallel()
	r := open(t, demoCalls(t)[0])
	var joined []float32 // one party's speech without its pauses, until it is longer than a window
	for start := 0; len(joined) < 45*8000; start++ {
		s := r.Channels[1].Speech[start%len(r.Channels[1].Speech)]
		excerpt, err := r.Excerpt(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		joined = append(joined, excerpt[1]...)
	}
	long := write(t, 8000, joined)
	long.Channels[0].Speech = []call.Span{{Start: 0, End: long.File.Info().Duration}}
	got, stats := transcript(t, long, transcribe.Config{})
	checkTranscript(t, got)
	if stats.Windows != 3 { // of 25.6 s at most, with room to look for a quiet place
		t.Errorf("got %d windows for %v, want 3", stats.Windows, long.File.Info().Duration)
	}
	if len(got.Utterances) != 1 || len(characters(got.Utterances[0].Text)) < 50 {
		t.Errorf("got %d utterances, want one long one: %+v", len(got.Utterances), got.Utterances)
	}
	if len(got.Utterances) > 0 && got.Utterances[0].Role != call.RoleAgent {
		t.Errorf("got role %s, want agent", got.Utterances[0].Role)
	}
}

func TestCallOfUnknownRoles(t *testing.T) {
	t.Parallel()
	r := open(t, demoCalls(t)[0])
	ring := call.Sound{Span: call.Span{Start: 100, End: 1100}, Kind: call.SoundRingback}
	r.Channels[1].Sounds = []call.Sound{ring}
	got, _, err := transcribe.New(newEngine(t), transcribe.Config{}).Call(t.Context(), r.File, r.Analysis, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.By(call.RoleUnknown)) != len(got.Utterances) || len(got.Utterances) == 0 {
		t.Errorf("got %d utterances, %d of unknown role", len(got.Utterances), len(got.By(call.RoleUnknown)))
	}
	if d := cmp.Diff(map[call.Role][]call.Sound{call.RoleUnknown: {ring}}, got.Sounds); d != "" {
		t.Errorf("sounds (-want +got):\n%s", d)
	}
	both := call.Merge(append(slices.Clone(r.Channels[0].Speech), r.Channels[1].Speech...), 0)
	if d := cmp.Diff(both, got.Speech[call.RoleUnknown]); d != "" {
		t.Errorf("speech of both channels (-want +got):\n%s", d)
	}
}
