package cluster_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/zhijian-qa/zhijian/internal/pgtest"
	"github.com/zhijian-qa/zhijian/internal/s3test"
	"github.com/zhijian-qa/zhijian/internal/shortcalls"
	"github.com/zhijian-qa/zhijian/store"
)

// envCluster has the whole test run. It takes minutes, so that it has a target of its own.
const envCluster = "ZHIJIAN_CLUSTER"

var (
	postgres pgtest.Server
	buckets  s3test.Server
)

func TestMain(m *testing.M) {
	if settings := os.Getenv(envNode); settings != "" {
		if err := serveNode(settings); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := m.Run()
	postgres.Stop()
	buckets.Stop()
	os.Exit(code)
}

const (
	calls = 200
	// rounds is how often each kind of fault comes while calls do. They come in parts, one before each fault: a
	// quick machine would be done with all of them before the second.
	rounds  = 2
	ackWait = 5 * time.Second
	// takeover is how long after its death a worker's calls are with another at the latest.
	takeover = ackWait + 10*time.Second
	// longest is how long all may take.
	longest = 15 * time.Minute
)

// fault is one way in which machines fail.
type fault struct {
	name   string
	strike func()
}

// machines is the whole of them.
type machines struct {
	*testing.T
	bucket  s3test.Bucket
	waiting [][]byte   // calls that are not in the bucket yet
	workers []*process // serve, which works too, is the first
	nodes   []*process
	js      jetstream.JetStream
	store   *store.Store
	db      *sql.DB
	random  *rand.Rand
	slowest time.Duration // of all takeovers
	taken   int           // calls that were taken over
}

// Workers, a node of the queue and the database are killed, and workers cut off for a while, until all calls are
// done: each has exactly one result, and what a dead worker had is taken over in time.
func TestMachinesFail(t *testing.T) {
	if os.Getenv(envCluster) == "" {
		t.Skip("ZHIJIAN_CLUSTER is not set: make test-cluster runs this; TestServeKilledAgainAndAgain of app is its form on one machine")
	}
	m := start(t)
	faults := []fault{{"kill a worker", m.killWorker}, {"kill a node", m.killNode}, {"restart the database", m.restartDatabase}, {"cut off a worker", m.cutOff}}
	done, counts := 0, map[string]int{}
	for began := time.Now(); done < calls && time.Since(began) < longest; {
		for _, i := range m.random.Perm(len(faults)) {
			if done = m.count("jobs WHERE state = 'done'"); done == calls {
				break
			}
			m.put(calls / (rounds * len(faults)))
			time.Sleep(time.Duration(m.random.IntN(1000)) * time.Millisecond)
			t.Logf("%s: %d calls done, %s", time.Since(began).Round(time.Second), done, faults[i].name)
			faults[i].strike()
			counts[faults[i].name]++
		}
	}
	m.verify()
	for _, f := range faults {
		if counts[f.name] < rounds {
			t.Errorf("%s: it came to that %d times, want %d", f.name, counts[f.name], rounds)
		}
	}
	for _, worker := range m.workers {
		if code := worker.stop(t, 40*time.Second); code != 0 {
			t.Errorf("%s ends with code %d, want 0", worker.name, code)
		}
	}
	t.Logf("%v; %d calls taken over, the slowest after %s (at most %s)", counts, m.taken, m.slowest.Round(100*time.Millisecond), takeover)
}

// start starts everything, with no call in the bucket yet.
func start(t *testing.T) *machines {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "zhijian")
	if said, err := exec.Command(filepath.Join("..", "..", "scripts", "build.sh"), "./cmd/zhijian", binary).CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, said)
	}
	bucket := buckets.Bucket(t)
	cuts, err := shortcalls.Cut(filepath.Join("..", "..", "testdata", "demo"), calls)
	if err != nil {
		t.Fatal(err)
	}
	m := &machines{T: t, bucket: bucket, waiting: cuts, random: rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))}
	var queue string
	m.nodes, queue = startNodes(t)
	m.js = connect(t, queue)
	location := postgres.Database(t)
	if m.store, err = store.Open(t.Context(), location); err != nil {
		t.Fatal(err)
	}
	if m.db, err = sql.Open("pgx", location); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(m.store.Close(), m.db.Close()) })
	for i, use := range []string{"serve", "worker", "worker"} {
		settings := fmt.Sprintf(`store: %q
queue: %q
queue_replicas: 3
ack_wait: %s
max_attempts: 20
workers: 1
log_level: info
min_free_mb: 0
listen: 127.0.0.1:0
scan_every: 2s
data_dir: %q
sources:
  - name: pbx
    url: %q
    credentials: %q
    settle: 0s
`, location, queue, ackWait, filepath.Join(t.TempDir(), "data"), bucket.URL+"&prefix=in/", bucket.Credentials)
		config := filepath.Join(t.TempDir(), "zhijian.yml")
		if err := os.WriteFile(config, []byte(settings), 0o600); err != nil {
			t.Fatal(err)
		}
		p := &process{name: fmt.Sprintf("%s %d", use, i), make: func() *exec.Cmd { return exec.Command(binary, use, "--config", config) }}
		p.start(t)
		m.workers = append(m.workers, p)
	}
	t.Cleanup(m.tell)
	wait(t, "all copies of the queue", time.Minute, func() bool { return whole(t.Context(), m.js) })
	return m
}

// put puts the next n calls into the bucket, as many as are left, and waits for the first of them to be put down.
func (m *machines) put(n int) {
	m.Helper()
	n = min(n, len(m.waiting))
	if n == 0 {
		return
	}
	known := m.count("jobs")
	for i, cut := range m.waiting[:n] {
		m.bucket.Put(m.T, fmt.Sprintf("in/%03d.wav", calls-len(m.waiting)+i), string(cut), nil)
	}
	m.waiting = m.waiting[n:]
	wait(m.T, "calls to be put down", 2*time.Minute, func() bool { return m.count("jobs") > known })
}

// tell shows what the processes said when something went wrong, and ends those that are left.
func (m *machines) tell() {
	for _, p := range append(m.workers, m.nodes...) {
		select {
		case <-p.ended:
		default:
			_ = p.cmd.Process.Kill()
			<-p.ended
		}
		if m.Failed() {
			said := p.log.String()
			m.Logf("%s said:\n%s", p.name, said[max(0, len(said)-6000):])
		}
	}
}

// count counts rows, also while the database restarts.
func (m *machines) count(rows string) (n int) {
	m.Helper()
	wait(m.T, "the database to answer", time.Minute, func() bool {
		return m.db.QueryRowContext(m.Context(), "SELECT count(*) FROM "+rows).Scan(&n) == nil
	})
	return n
}

// inWork returns the jobs that the process had begun and not ended.
func (m *machines) inWork(p *process) []store.Job {
	m.Helper()
	jobs, err := m.store.Jobs(m.Context(), store.JobFilter{States: []store.JobState{store.JobWorking}})
	if err != nil {
		m.Fatal(err)
	}
	var own []store.Job
	for _, job := range jobs {
		if strings.Contains(job.Worker, fmt.Sprintf("-%d-", p.pid())) {
			own = append(own, job)
		}
	}
	return own
}

// takenOver waits until other workers have the jobs of one that is gone.
func (m *machines) takenOver(jobs []store.Job, gone time.Time) {
	m.Helper()
	for _, job := range jobs {
		for {
			now, err := m.store.FindJob(m.Context(), job.ID)
			if err != nil {
				m.Fatal(err)
			}
			if now.State == store.JobDone || now.Worker != job.Worker {
				break
			}
			if time.Since(gone) > takeover {
				m.Errorf("job %s is still with a worker that went %s ago", job.ID, time.Since(gone).Round(time.Second))
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		m.taken++
		m.slowest = max(m.slowest, time.Since(gone))
	}
}

func (m *machines) anyWorker() *process { return m.workers[m.random.IntN(len(m.workers))] }

// busy waits a little for the process to have work, so that its end is felt.
func (m *machines) busy(p *process) {
	for end := time.Now().Add(10 * time.Second); len(m.inWork(p)) == 0 && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
}

func (m *machines) killWorker() {
	victim := m.anyWorker()
	m.busy(victim)
	victim.kill(m.T)
	gone := time.Now()
	jobs := m.inWork(victim)
	victim.start(m.T)
	m.takenOver(jobs, gone)
}

func (m *machines) killNode() {
	victim := m.nodes[m.random.IntN(len(m.nodes))]
	victim.kill(m.T)
	time.Sleep(time.Duration(1000+m.random.IntN(2000)) * time.Millisecond)
	victim.start(m.T)
	wait(m.T, "the copies of the queue to be whole again", 2*time.Minute, func() bool { return whole(m.Context(), m.js) })
}

func (m *machines) restartDatabase() {
	if err := postgres.Halt(); err != nil {
		m.Fatal(err)
	}
	time.Sleep(time.Duration(500+m.random.IntN(1500)) * time.Millisecond)
	if err := postgres.Start(); err != nil {
		m.Fatal(err)
	}
}

// cutOff stops a worker for longer than the ack wait: to all others it looks as if its network were cut.
func (m *machines) cutOff() {
	victim := m.anyWorker()
	m.busy(victim)
	victim.signal(m.T, syscall.SIGSTOP)
	gone := time.Now()
	m.takenOver(m.inWork(victim), gone)
	time.Sleep(time.Until(gone.Add(ackWait + 2*time.Second)))
	victim.signal(m.T, syscall.SIGCONT)
}

// verify holds what is in the database to what was in the bucket.
func (m *machines) verify() {
	m.Helper()
	for rows, want := range map[string]int{
		"jobs": calls, "jobs WHERE state = 'done' AND recording_id <> ''": calls, "recordings": calls, "sightings": calls, "transcripts": calls, "results": calls,
		"(SELECT DISTINCT sha256, transcript_revision, result_revision FROM results) AS each": calls,
		"(SELECT DISTINCT revision FROM transcripts) AS one":                                  1, "failures": 0,
	} {
		if n := m.count(rows); n != want {
			m.Errorf("got %d %s, want %d", n, rows, want)
		}
	}
	wait(m.T, "the queue to be empty", takeover, func() bool {
		ctx, cancel := context.WithTimeout(m.Context(), 2*time.Second)
		defer cancel()
		stream, err := m.js.Stream(ctx, "ZHIJIAN")
		return err == nil && stream.CachedInfo().State.Msgs == 0
	})
}

// wait waits until fine is.
func wait(t *testing.T, what string, limit time.Duration, fine func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !fine(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after %s still waiting for %s", limit, what)
		}
		if errors.Is(t.Context().Err(), context.Canceled) {
			return
		}
	}
}
