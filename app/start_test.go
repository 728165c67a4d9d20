package app_test

import (
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/zhijian-qa/zhijian/internal/pgtest"
	"github.com/zhijian-qa/zhijian/internal/proctest"
)

// says waits until serve has said text.
func (s *served) says(text string) {
	s.t.Helper()
	s.until("serve to say "+text, time.Minute, func() bool { return strings.Contains(s.log.String(), text) })
}

// startNATS starts a NATS server on that port and waits until it answers.
func startNATS(t *testing.T, port int) {
	t.Helper()
	srv, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	srv.Start()
	t.Cleanup(func() { srv.Shutdown(); srv.WaitForShutdown() })
	if !srv.ReadyForConnections(time.Minute) {
		t.Fatal("the NATS server does not start")
	}
}

// Compose and Kubernetes start all at once: serve waits for a database and a queue that come after it. A score that
// is typed meanwhile waits with it and is done.
func TestServeWaitsForItsServers(t *testing.T) {
	t.Parallel()
	database := new(pgtest.Server)
	t.Cleanup(database.Stop)
	url := database.Database(t)
	if err := database.Halt(); err != nil {
		t.Fatal(err)
	}
	ports, err := proctest.FreePorts(1)
	if err != nil {
		t.Fatal(err)
	}
	queue := "nats://127.0.0.1:" + strconv.Itoa(ports[0])
	s := newServed(t, "store: "+url, "queue: "+queue)
	s.start()
	s.says("数据库连不上，最多等 2m0s")
	if status, said := s.get("/healthz"); status != http.StatusOK || said != "starting\n" {
		t.Errorf("got %d %q, want that it is starting", status, said)
	}
	var said proctest.Log
	score := exec.Command(s.binary, "score", folder(t, noGreeting), "--store", url, "--data-dir", s.data)
	score.Stdout, score.Stderr = &said, &said
	ended, err := proctest.Start(score)
	if err != nil {
		t.Fatal(err)
	}
	s.until("score to say that it waits", time.Minute, func() bool { return strings.Contains(said.String(), "serve 还在启动") })
	if err := database.Start(); err != nil {
		t.Fatal(err)
	}
	s.says("队列连不上，最多等 2m0s")
	startNATS(t, ports[0])
	select {
	case err := <-ended:
		if err != nil || !strings.Contains(said.String(), "交给它处理") {
			t.Errorf("score: %v; it said:\n%s", err, &said)
		}
	case <-time.After(2 * time.Minute):
		t.Fatalf("score does not end; it said:\n%s", &said)
	}
	if status, body := s.get("/api/v1/calls"); status != http.StatusOK || strings.Count(body, `"id"`) != 1 {
		t.Errorf("got %d %s, want the call that was handed over", status, body)
	}
}

// A database that does not come ends the start with what to do, for serve and for whoever waits for it.
func TestServeWaitsNoLongerThanItIsTold(t *testing.T) {
	t.Parallel()
	address, err := proctest.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	url := "postgres://zhijian@" + address + "/zhijian"
	s := newServed(t, "store: "+url, "start_timeout: 4s")
	s.start()
	s.says("数据库连不上")
	score := exec.Command(s.binary, "score", folder(t, noGreeting), "--store", url, "--data-dir", s.data)
	said, err := score.CombinedOutput()
	if err == nil || !strings.Contains(string(said), "serve ended before it was ready") {
		t.Errorf("score: %v; it said:\n%s", err, said)
	}
	if code := s.stopped(time.Minute); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	if !strings.Contains(s.log.String(), "see that PostgreSQL runs where store says, or raise start_timeout, 4s") {
		t.Errorf("serve does not say what to do:\n%s", &s.log)
	}
	// One that refuses is not waited for.
	began := time.Now()
	url = postgres.Database(t)
	s.settings = []string{"store: " + strings.Replace(url, "/test_", "/no_such_", 1)}
	s.start()
	if code := s.stopped(time.Minute); code != 1 || time.Since(began) > 30*time.Second {
		t.Errorf("exit code %d after %s, want 1 at once", code, time.Since(began))
	}
}
