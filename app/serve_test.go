package app_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/internal/proctest"
	"github.com/zhijian-qa/zhijian/internal/shortcalls"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/web"
)

// served is a data folder on which the real program serves.
type served struct {
	t           *testing.T
	binary      string
	data, calls string // folders
	settings    []string
	process     *exec.Cmd
	log         proctest.Log
}

// newServed returns a data folder and an empty folder of calls. settings are lines of the configuration file.
func newServed(t *testing.T, settings ...string) *served {
	t.Helper()
	s := &served{t: t, binary: program(t), data: filepath.Join(t.TempDir(), "data"), calls: t.TempDir(), settings: settings}
	t.Cleanup(func() {
		if s.process != nil && s.process.ProcessState == nil {
			s.kill()
		}
		if t.Failed() {
			t.Logf("serve said:\n%s", &s.log)
		}
	})
	return s
}

// config writes the configuration file and returns its name.
func (s *served) config() string {
	path := filepath.Join(filepath.Dir(s.data), "zhijian.yml")
	lines := append([]string{
		"data_dir: " + s.data, "listen: 127.0.0.1:0", "log_level: info", "min_free_mb: 0", "scan_every: 1s",
		"sources:", "  - name: calls", "    url: file://" + s.calls, "    settle: 0s",
	}, s.settings...)
	write(s.t, path, []byte(strings.Join(lines, "\n")+"\n"))
	return path
}

// start starts serve.
func (s *served) start() {
	s.t.Helper()
	s.process = exec.Command(s.binary, "serve", "--config", s.config())
	s.process.Stderr, s.process.Stdout = &s.log, &s.log
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *served) kill() {
	_ = s.process.Process.Kill()
	_ = s.process.Wait() // it was killed
}

// stopped waits for the end and returns the exit code, -1 when a signal ended it.
func (s *served) stopped(limit time.Duration) int {
	s.t.Helper()
	timer := time.AfterFunc(limit, func() {
		s.t.Errorf("serve does not stop within %s", limit)
		_ = s.process.Process.Kill()
	})
	defer timer.Stop()
	_ = s.process.Wait() // the exit code tells
	return s.process.ProcessState.ExitCode()
}

// get asks the server at its socket.
func (s *served) get(path string) (int, string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://serve"+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	response, err := web.SocketClient(filepath.Join(s.data, "zhijian.sock")).Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(body)
}

// until waits until fine is.
func (s *served) until(what string, limit time.Duration, fine func() bool) {
	s.t.Helper()
	for end := time.Now().Add(limit); !fine(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("after %s still waiting for %s", limit, what)
		}
	}
}

func (s *served) ready() {
	s.t.Helper()
	s.until("serve to answer", time.Minute, func() bool { status, _ := s.get("/opened"); return status == http.StatusOK })
}

// jobs returns the jobs as the database has them.
func (s *served) jobs() []store.Job {
	s.t.Helper()
	st, err := store.Open(s.t.Context(), filepath.Join(s.data, "zhijian.db"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer st.Close()
	jobs, err := st.Jobs(s.t.Context(), store.JobFilter{})
	if err != nil {
		s.t.Fatal(err)
	}
	return jobs
}

func (s *served) count(state store.JobState) int {
	n := 0
	for _, job := range s.jobs() {
		if job.State == state {
			n++
		}
	}
	return n
}

// short puts n short calls into the folder of calls.
func (s *served) short(n int) {
	s.t.Helper()
	cuts, err := shortcalls.Cut(demo, n)
	if err != nil {
		s.t.Fatal(err)
	}
	for i, cut := range cuts {
		write(s.t, filepath.Join(s.calls, fmt.Sprintf("%03d.wav", i)), cut)
	}
}

// One process with all that is its own is killed again and again: every call ends with one result.
func TestServeKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	const calls = 24
	s := newServed(t, "max_attempts: 100")
	s.short(calls)
	random := rand.New(rand.NewPCG(3, 3))
	kills := 0
	for kills < 60 {
		s.start()
		s.ready()
		// Lives become longer, so that a machine with other work comes to the end too.
		life := time.NewTimer(time.Duration((200+random.IntN(2500))*(10+kills)/10) * time.Millisecond)
		for alive := true; alive && s.count(store.JobDone) < calls; {
			select {
			case <-life.C:
				alive = false
			case <-time.After(100 * time.Millisecond):
			}
		}
		if s.count(store.JobDone) == calls {
			break
		}
		s.kill()
		kills++
	}
	if kills < 2 {
		t.Errorf("killed %d times: this test shows nothing", kills)
	}
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := s.stopped(30 * time.Second); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(s.data, "zhijian.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, table := range []string{"jobs", "recordings", "sightings", "transcripts", "results"} {
		var n int
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n != calls {
			t.Errorf("after %d kills: got %d %s, want %d", kills, n, table, calls)
		}
	}
	t.Logf("killed %d times", kills)
}

// Asked to stop, serve takes no more, hands back what it cannot finish in time, and ends well; the next finishes it
// and the attempt does not count.
func TestServeDrains(t *testing.T) {
	t.Parallel()
	s := newServed(t, "workers: 1", "drain_timeout: 1s", "max_attempts: 1")
	for _, name := range []string{noGreeting, shirking} {
		copyFile(t, filepath.Join(demo, name), filepath.Join(s.calls, name))
	}
	s.start()
	s.ready()
	s.until("a call to be worked on", time.Minute, func() bool { return s.count(store.JobWorking) > 0 })
	if status, body := s.get("/api/v1/jobs?state=working"); status != http.StatusOK || !strings.Contains(body, `"state":"working"`) {
		t.Errorf("got %d %s, want the call that is worked on", status, body)
	}
	began := time.Now()
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := s.stopped(20 * time.Second); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	t.Logf("stopped after %s", time.Since(began))
	if n := s.count(store.JobWorking); n != 0 {
		t.Errorf("%d calls are left in work, want them handed back", n)
	}
	for _, job := range s.jobs() {
		if job.State == store.JobQueued && job.Attempts != 0 {
			t.Errorf("a call that was handed back counts %d attempts, want 0", job.Attempts)
		}
	}
	s.settings = []string{"max_attempts: 1"}
	s.start()
	s.until("all calls to be done", 2*time.Minute, func() bool { return s.count(store.JobDone) == 2 })
}

// A signal that comes while serve still opens things is no failure either.
func TestServeStopsWhileItStarts(t *testing.T) {
	t.Parallel()
	for _, after := range []string{"zhijian.db", "queue"} {
		s := newServed(t)
		s.start()
		s.until("the data folder to be opened", time.Minute, func() bool { _, err := os.Stat(filepath.Join(s.data, after)); return err == nil })
		if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if code := s.stopped(20 * time.Second); code != 0 {
			t.Errorf("stopped after %s was made: exit code %d, want 0", after, code)
		}
	}
}

// A second signal ends serve at once.
func TestASecondSignalEndsServeAtOnce(t *testing.T) {
	t.Parallel()
	s := newServed(t, "workers: 1", "drain_timeout: 5m")
	copyFile(t, filepath.Join(demo, noGreeting), filepath.Join(s.calls, noGreeting))
	s.start()
	s.ready()
	s.until("a call to be worked on", time.Minute, func() bool { return s.count(store.JobWorking) > 0 })
	for range 2 {
		if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		time.Sleep(200 * time.Millisecond)
	}
	if code := s.stopped(5 * time.Second); code != -1 {
		t.Errorf("exit code %d, want the signal to end it", code)
	}
}

// The queue may lose all it has: the jobs are in the database.
func TestTheQueueMayBeLost(t *testing.T) {
	t.Parallel()
	s := newServed(t, "workers: 1")
	const calls = 6
	s.short(calls)
	s.start()
	s.ready()
	s.until("all calls to be put down", time.Minute, func() bool { return len(s.jobs()) == calls })
	s.kill()
	left := calls - s.count(store.JobDone)
	if err := os.RemoveAll(filepath.Join(s.data, "queue")); err != nil {
		t.Fatal(err)
	}
	s.start()
	s.until("all calls to be done", 2*time.Minute, func() bool { return s.count(store.JobDone) == calls })
	if left == 0 {
		t.Error("all calls were done before the queue was lost: this test shows nothing")
	}
}

// What cannot be scored is set aside at once with its reason, listed, and retried when asked for.
func TestBrokenCallsAreSetAside(t *testing.T) {
	t.Parallel()
	s := newServed(t)
	broken := filepath.Join(s.calls, "13800138000.wav")
	write(t, broken, []byte("this is no sound at all, only text in a file that is named as sound"))
	s.start()
	s.ready()
	s.until("the call to be set aside", time.Minute, func() bool { return s.count(store.JobSetAside) == 1 })
	run := func(args ...string) string {
		t.Helper()
		output, err := exec.Command(s.binary, append(args, "--data-dir", s.data)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, output)
		}
		return string(output)
	}
	listed := run("calls", "failed")
	if !strings.Contains(listed, "text_file") || !strings.Contains(listed, "内容是文字") || strings.Contains(listed, "13800138000") {
		t.Errorf("got %s, want the reason in words and the number hidden", listed)
	}
	var job struct {
		ID       string
		Attempts int
		Reason   string
	}
	if err := json.Unmarshal([]byte(run("calls", "failed", "--json")), &job); err != nil || job.Attempts != 1 || job.Reason != "text_file" {
		t.Errorf("got %+v, %v, want it tried once", job, err)
	}
	good, err := os.ReadFile(filepath.Join(demo, noGreeting))
	if err != nil {
		t.Fatal(err)
	}
	write(t, broken, good) // mended in place: another version of the object, so a job of its own
	s.until("the mended call to be done", time.Minute, func() bool { return s.count(store.JobDone) == 1 })
	before := s.jobs()
	if said := run("calls", "retry", job.ID[:8]); !strings.Contains(said, "1 通重新排队") {
		t.Errorf("got %s, want one queued again", said)
	}
	s.until("the retried job to end", time.Minute, func() bool { return s.count(store.JobQueued)+s.count(store.JobWorking) == 0 })
	if len(s.jobs()) != len(before) {
		t.Errorf("got %d jobs, want %d", len(s.jobs()), len(before))
	}
}

// A score that is typed while serve runs on the data folder is done by serve, with the same output.
func TestScoreHandsOverToServe(t *testing.T) {
	t.Parallel()
	day := folder(t, noGreeting, shirking)
	write(t, filepath.Join(day, "text.wav"), []byte("this is no sound at all, only text in a file that is named as sound"))
	score := func(binary, data string, args ...string) (string, string, int) {
		run := exec.Command(binary, append([]string{"score", day, "--json", "--data-dir", data}, args...)...)
		var out, said bytes.Buffer
		run.Stdout, run.Stderr = &out, &said
		_ = run.Run() // the exit code tells
		return out.String(), said.String(), run.ProcessState.ExitCode()
	}
	s := newServed(t)
	s.start()
	s.ready()
	out, said, code := score(s.binary, s.data)
	if code != 2 || !strings.Contains(said, "交给它处理") || !strings.Contains(said, "[text_file]") {
		t.Errorf("exit code %d, want 2, and that it was handed over: %s", code, said)
	}
	alone, _, _ := score(s.binary, t.TempDir())
	if diff := cmp.Diff(readLines(t, strings.NewReader(alone)), readLines(t, strings.NewReader(out))); diff != "" {
		t.Errorf("scores (-alone +handed over):\n%s", diff)
	}
	if _, said, code = score(s.binary, s.data, "--scorecard", "state-grid"); code != 1 || !strings.Contains(said, "other settings: scorecard") {
		t.Errorf("exit code %d: %s; want 1, and which setting differs", code, said)
	}
	status, body := s.get("/api/v1/calls")
	var page struct {
		Calls []struct{ ID, Verdict string }
	}
	if err := json.Unmarshal([]byte(body), &page); err != nil || status != http.StatusOK || len(page.Calls) != 2 {
		t.Fatalf("got %d %s, want two calls", status, body)
	}
	if status, body = s.get("/api/v1/calls/" + page.Calls[0].ID); status != http.StatusOK || !strings.Contains(body, `"criteria"`) {
		t.Errorf("got %d %.200s, want the result of the call", status, body)
	}
	// A person decides while serve runs, and serve knows it.
	if said, err := exec.Command(s.binary, "review", "reject", shirking, "forbidden.shirking", "--reviewer", "qa", "--data-dir", s.data).CombinedOutput(); err != nil {
		t.Errorf("review while serve runs: %v: %s", err, said)
	}
	if status, body = s.get("/api/v1/calls/" + shirking); status != http.StatusOK || !strings.Contains(body, `"ruling":"reject"`) {
		t.Errorf("got %d %.300s, want the decision in the result", status, body)
	}
	if status, body = s.get("/api/v1/calls/ffff"); status != http.StatusNotFound {
		t.Errorf("got %d %s, want 404", status, body)
	}
	if status, body = s.get("/api/v1/calls?since=soon"); status != http.StatusBadRequest {
		t.Errorf("got %d %s, want 400", status, body)
	}
	s.kill()
	if _, said, code = score(s.binary, s.data); code != 2 || strings.Contains(said, "交给它处理") {
		t.Errorf("exit code %d after serve was killed, want it scored here: %s", code, said)
	}
}
