package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
)

// demo is where the demo day lies.
var demo = filepath.Join("..", "testdata", "demo")

// The shortest demo calls, for tests that need real calls but not all of them.
const (
	noGreeting = "20261120-102055-1031.wav"
	shirking   = "20261120-110820-2015.wav"
)

// bench is one use of the program with its outputs.
type bench struct {
	app.Env
	out, err *bytes.Buffer
	logs     *bytes.Buffer
}

// setup returns a bench with a data folder of its own. keys change its settings.
func setup(t *testing.T, change ...func(*config.Config)) *bench {
	t.Helper()
	return benchOf(t, change...)
}

func benchOf(t testing.TB, change ...func(*config.Config)) *bench {
	t.Helper()
	settings := config.Default()
	settings.DataDir = filepath.Join(t.TempDir(), "data")
	settings.ModelsDir = filepath.Join(settings.DataDir, "models")
	for _, c := range change {
		c(&settings)
	}
	b := &bench{out: &bytes.Buffer{}, err: &bytes.Buffer{}, logs: &bytes.Buffer{}}
	b.Env = app.Env{
		Config: settings, Out: b.out, Err: b.err,
		Log:        slog.New(slog.NewJSONHandler(b.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Registerer: prometheus.NewRegistry(), Version: "test",
	}
	return b
}

// again returns a bench with the same data folder, as another run of the program has.
func (b *bench) again(t *testing.T, change ...func(*config.Config)) *bench {
	t.Helper()
	return setup(t, append([]func(*config.Config){func(c *config.Config) { *c = b.Config }}, change...)...)
}

var theDay struct {
	sync.Once
	*bench
}

// scoredDay returns the bench of the whole demo day, scored once for all tests. Its outputs may be read
// and not changed.
func scoredDay(t *testing.T) *bench {
	t.Helper()
	theDay.Do(func() {
		b := setup(t, asJSON)
		data, err := os.MkdirTemp("", "zhijian-day-*")
		if err != nil {
			t.Fatal(err)
		}
		b.Config.DataDir = data
		if err := app.Score(context.Background(), b.Env, []string{filepath.Join(demo, "manifest.csv")}); err != nil {
			t.Error(err)
		}
		theDay.bench = b
	})
	return theDay.bench
}

func TestMain(m *testing.M) {
	code := m.Run()
	postgres.Stop()
	if built.dir != "" {
		_ = os.RemoveAll(built.dir)
	}
	if theDay.bench != nil {
		_ = os.RemoveAll(theDay.Config.DataDir)
	}
	os.Exit(code)
}

func asJSON(c *config.Config) { c.JSON = true }

// folder returns a new folder with the files named, copied from the demo day.
func folder(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		copyFile(t, filepath.Join(demo, name), filepath.Join(dir, name))
	}
	return dir
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	write(t, to, data)
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// line is one object of the JSON Lines that score prints.
type line struct {
	score.Record
	Error *struct{ Code, Message string } `json:"error"`
}

func readLines(t *testing.T, r io.Reader) map[string]line {
	t.Helper()
	lines := map[string]line{}
	decoder := json.NewDecoder(r)
	for {
		var l line
		err := decoder.Decode(&l)
		if errors.Is(err, io.EOF) {
			return lines
		}
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(l.Recording.Path)
		if _, twice := lines[name]; twice {
			t.Errorf("%s is printed twice", name)
		}
		lines[name] = l
	}
}

func TestOneBrokenRecordingStopsNothing(t *testing.T) {
	t.Parallel()
	dir := folder(t, noGreeting)
	good, err := os.ReadFile(filepath.Join(dir, noGreeting))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "empty.wav"), nil)
	write(t, filepath.Join(dir, "text.wav"), []byte("this is no sound at all, only text in a file that is named as sound"))
	write(t, filepath.Join(dir, "header.wav"), good[:44])
	write(t, filepath.Join(dir, "cut.wav"), good[:len(good)/3])
	write(t, filepath.Join(dir, "sub", "copy.wav"), good)
	b := setup(t, asJSON)
	err = app.Score(t.Context(), b.Env, []string{dir, filepath.Join(dir, "gone.wav")})
	if !errors.Is(err, app.ErrSomeFailed) || app.ExitCode(err) != 2 {
		t.Fatalf("got %v, want ErrSomeFailed and exit code 2", err)
	}
	lines := readLines(t, b.out)
	for name, wantFault := range map[string]bool{
		noGreeting: false, "cut.wav": false, "empty.wav": true, "text.wav": true, "header.wav": true, "gone.wav": true,
	} {
		l, ok := lines[name]
		if name == noGreeting && !ok { // whichever of the two names came first
			l, ok = lines["copy.wav"]
		}
		if !ok || (l.Error != nil) != wantFault {
			t.Errorf("%s: printed %v, error %v; want a fault: %v", name, ok, l.Error, wantFault)
		}
		if l.Error != nil && (l.Error.Code == "" || l.Error.Code == "internal" || !strings.Contains(b.err.String(), l.Error.Code)) {
			t.Errorf("%s: reason code %q is missing or not on standard error", name, l.Error.Code)
		}
	}
	if cut := lines["cut.wav"]; len(cut.Health) == 0 || !strings.Contains(strings.Join(cut.Health[0].Reasons, " "), "truncated") {
		t.Errorf("the cut recording is not called truncated: %+v", cut.Health)
	}
}

func TestTheSameAudioIsTranscribedOnce(t *testing.T) {
	t.Parallel()
	dir := folder(t, noGreeting)
	copyFile(t, filepath.Join(dir, noGreeting), filepath.Join(dir, "other-name.wav"))
	first := setup(t, asJSON)
	if err := app.Score(t.Context(), first.Env, []string{dir}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(first.err.String(), "新转写 1 通") {
		t.Errorf("the first run says %q, want one recording transcribed", first.err)
	}
	second := first.again(t)
	if err := app.Score(t.Context(), second.Env, []string{dir}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(second.err.String(), "新转写 0 通") {
		t.Errorf("the second run says %q, want none transcribed", second.err)
	}
}

func TestLogsHoldNothingThatWasSaid(t *testing.T) {
	t.Parallel()
	b := scoredDay(t)
	text := b.logs.String() + b.err.String()
	for _, l := range readLines(t, bytes.NewReader(b.out.Bytes())) {
		for _, u := range l.Transcript.Utterances {
			if len([]rune(u.Text)) >= 4 && strings.Contains(text, u.Text) {
				t.Errorf("the log holds what was said in %s", l.Recording.ID)
			}
		}
		for _, private := range []string{l.Recording.AgentName, "13800138001", "13912345678"} {
			if private != "" && strings.Contains(text, private) {
				t.Errorf("the log holds a name or a number")
			}
		}
	}
}

// signaller closes its channel at the first write.
type signaller struct {
	io.Writer
	once  sync.Once
	wrote chan struct{}
}

func (s *signaller) Write(p []byte) (int, error) {
	s.once.Do(func() { close(s.wrote) })
	return s.Writer.Write(p)
}

func TestCancelEndsARunSoonAndTheNextGoesOn(t *testing.T) {
	t.Parallel()
	dir := folder(t, noGreeting, shirking, "20261121-153305-1024.wav")
	b := setup(t, asJSON, func(c *config.Config) { c.Workers = 1 })
	out := &signaller{Writer: b.out, wrote: make(chan struct{})}
	b.Out = out
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- app.Score(ctx, b.Env, []string{dir}) }()
	<-out.wrote // the first call is done, the second under way
	cancelled := time.Now()
	cancel()
	err := <-ended
	if !errors.Is(err, context.Canceled) || app.ExitCode(err) != 130 {
		t.Errorf("got %v, exit code %d; want cancelled, 130", err, app.ExitCode(err))
	}
	if took := time.Since(cancelled); took > 5*time.Second { // within a second on an idle machine
		t.Errorf("the run ended %s after it was cancelled", took)
	}
	kept := scoredCalls(t, b) // one, or two where the call under way ended in the same instant
	next := b.again(t)
	if err := app.Score(t.Context(), next.Env, []string{dir}); err != nil {
		t.Fatal(err)
	}
	var anew int
	_, said, _ := strings.Cut(next.err.String(), "新转写 ")
	if _, err := fmt.Sscanf(said, "%d", &anew); err != nil || anew < 1 || kept < 1 || kept+anew > 3 {
		t.Errorf("%d calls were kept and the next run says %q, want none transcribed twice and one at least anew", kept, next.err)
	}
	if lines := readLines(t, next.out); len(lines) != 3 {
		t.Errorf("the next run printed %d calls, want 3", len(lines))
	}
}

// scoredCalls is the number of calls with a result in the bench's store.
func scoredCalls(t *testing.T, b *bench) int {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(b.Config.DataDir, "zhijian.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	n, err := st.CountCalls(t.Context(), store.CallFilter{})
	if err != nil {
		t.Fatal(err)
	}
	return int(n)
}

func TestTheFirstMetadataStay(t *testing.T) {
	t.Parallel()
	dir := folder(t, noGreeting)
	write(t, filepath.Join(dir, "day.csv"), []byte("path,agent,agent_channel\n"+noGreeting+",7,right\n"))
	first := setup(t, asJSON)
	if err := app.Score(t.Context(), first.Env, []string{filepath.Join(dir, "day.csv")}); err != nil {
		t.Fatal(err)
	}
	copyFile(t, filepath.Join(dir, noGreeting), filepath.Join(dir, "again.wav"))
	write(t, filepath.Join(dir, "again.wav.json"), []byte(`{"agent_channel": 0}`))
	second := first.again(t)
	if err := app.Score(t.Context(), second.Env, []string{dir}); err != nil {
		t.Fatal(err)
	}
	want := readLines(t, first.out)[noGreeting]
	for name, got := range readLines(t, second.out) {
		got.Recording.MetadataConflict = nil // known once the copy's turn has come
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: the folder without its manifest changes the result (-first +second):\n%s", name, diff)
		}
	}
	if !strings.Contains(second.logs.String(), "metadata_conflict") || !strings.Contains(second.err.String(), "新转写 0 通") {
		t.Errorf("no conflict logged, or transcribed again: %s", second.err)
	}
	shown := second.again(t, func(c *config.Config) { c.JSON = false })
	if err := app.Explain(t.Context(), shown.Env, noGreeting); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(shown.out.String(), "通话信息矛盾：坐席声道") {
		t.Errorf("the conflict is not shown:\n%s", shown.out)
	}
}

func TestFailuresThatAreMendedGo(t *testing.T) {
	t.Parallel()
	dir := folder(t, noGreeting)
	bad := filepath.Join(dir, "bad.wav")
	write(t, bad, []byte("no sound"))
	b := setup(t)
	if err := app.Score(t.Context(), b.Env, []string{dir}); app.ExitCode(err) != 2 {
		t.Fatalf("got %v, want exit code 2", err)
	}
	if err := os.Remove(bad); err != nil {
		t.Fatal(err)
	}
	if err := app.Score(t.Context(), b.again(t).Env, []string{dir}); err != nil {
		t.Fatal(err)
	}
	report := b.again(t, asJSON)
	if err := app.Report(t.Context(), report.Env); err != nil {
		t.Fatal(err)
	}
	var got struct{ Failures []any }
	if err := json.Unmarshal(report.out.Bytes(), &got); err != nil || len(got.Failures) != 0 {
		t.Errorf("%v, failures %v, want none", err, got.Failures)
	}
}

func TestAMistypedPathIsNoFailedRecording(t *testing.T) {
	t.Parallel()
	b := setup(t)
	err := app.Score(t.Context(), b.Env, []string{filepath.Join(t.TempDir(), "nosuchday")})
	if !errors.Is(err, app.ErrNothingFound) || app.ExitCode(err) != 1 || !strings.Contains(b.err.String(), "[not_found]") {
		t.Errorf("got %v and %q, want ErrNothingFound and the path named", err, b.err)
	}
}

func TestNothingFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if err := app.Score(t.Context(), b.Env, []string{t.TempDir()}); !errors.Is(err, app.ErrNothingFound) || app.ExitCode(err) != 1 {
		t.Errorf("got %v, want ErrNothingFound and exit code 1", err)
	}
	for name, use := range map[string]func() error{
		"report":  func() error { return app.Report(t.Context(), b.Env) },
		"explain": func() error { return app.Explain(t.Context(), b.Env, "x") },
		"clip":    func() error { return app.Clip(t.Context(), b.Env, "x") },
	} {
		if err := use(); err == nil || !strings.Contains(err.Error(), "run zhijian score") {
			t.Errorf("%s of an empty data folder: got %v, want a hint", name, err)
		}
	}
}
