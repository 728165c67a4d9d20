package app_test

import (
	"bufio"
	"bytes"
	"database/sql"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/internal/pgtest"
)

// postgres is the server of these tests. TestMain stops it.
var postgres pgtest.Server

func TestCheckReachesThePostgres(t *testing.T) {
	t.Parallel()
	url := postgres.Database(t)
	b := setup(t, func(c *config.Config) { c.Store = url })
	if err := app.Check(t.Context(), b.Env); err != nil || !strings.Contains(b.err.String(), "✔ 数据库") {
		t.Errorf("got %v: %s", err, b.err)
	}
	b.Config.Store = strings.Replace(url, "/test_", "/no_such_", 1)
	if err := app.Check(t.Context(), b.Env); !errors.Is(err, app.ErrCheckFailed) || !strings.Contains(b.err.String(), "does not exist") {
		t.Errorf("got %v: %s", err, b.err)
	}
}

// Two machines, each with a data folder of its own, score together into one database: what comes out is
// what one machine with SQLite makes of the same calls.
func TestTwoMachinesShareAPostgres(t *testing.T) {
	t.Parallel()
	url := postgres.Database(t)
	shared := func(c *config.Config) { c.Store, c.JSON = url, true }
	first, second := setup(t, shared), setup(t, shared)
	day := folder(t, noGreeting, shirking)
	var both errgroup.Group
	both.Go(func() error { return app.Score(t.Context(), first.Env, []string{day}) })
	both.Go(func() error { return app.Score(t.Context(), second.Env, []string{filepath.Join(day, shirking)}) })
	if err := both.Wait(); err != nil {
		t.Fatal(err)
	}
	alone := setup(t, asJSON)
	if err := app.Score(t.Context(), alone.Env, []string{day}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(readLines(t, alone.out), readLines(t, first.out)); diff != "" {
		t.Errorf("scores (-SQLite +PostgreSQL):\n%s", diff)
	}

	ruling := second.again(t)
	if err := app.Reject(t.Context(), ruling.Env, shirking, "forbidden.shirking"); err != nil {
		t.Fatal(err)
	}
	rescored := first.again(t)
	if err := app.Rescore(t.Context(), rescored.Env); err != nil {
		t.Fatal(err)
	}
	reported, reviewed := first.again(t), first.again(t)
	if err := app.Report(t.Context(), reported.Env); err != nil {
		t.Fatal(err)
	}
	if err := app.ReviewList(t.Context(), reviewed.Env); err != nil {
		t.Fatal(err)
	}
	for want, in := range map[string]*bytes.Buffer{`"calls":2`: reported.out, `"ruling":"reject"`: reviewed.out} {
		if !bytes.Contains(bytes.ReplaceAll(in.Bytes(), []byte(": "), []byte(":")), []byte(want)) {
			t.Errorf("got %s, want it to hold %s", in, want)
		}
	}
}

// Two machines score one folder into one PostgreSQL; both are killed again and again, and the server once:
// every call ends with one transcript and one result, the same as undisturbed.
func TestMachinesAndServerKilled(t *testing.T) {
	t.Parallel()
	if os.Getenv("ZHIJIAN_LONG") == "" {
		t.Skip("ZHIJIAN_LONG is not set; TestTwoMachinesShareAPostgres and the kill tests of store are its shorter form")
	}
	k := killing{binary: program(t), day: folder(t, crashCalls...), random: rand.New(rand.NewPCG(5, 5))}
	t.Cleanup(k.server.Stop)
	k.url = k.server.Database(t)
	undisturbed := scores(t, k.binary, k.day, t.TempDir())
	db, err := sql.Open("pgx", k.url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	count := func(table string) (n int) {
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	data, kills := []string{t.TempDir(), t.TempDir()}, 0
	for round := range len(crashCalls) - 1 {
		kills += k.round(t, data, round)
	}
	if kills == 0 || count("results") == 0 {
		t.Fatalf("%d killed, %d results: this test shows nothing", kills, count("results"))
	}
	last := k.machine(t.TempDir())
	last.Stderr = os.Stderr
	output, err := last.Output()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(undisturbed, readLines(t, bytes.NewReader(output))); diff != "" {
		t.Errorf("after %d kills (-undisturbed +killed):\n%s", kills, diff)
	}
	for _, table := range []string{"recordings", "sightings", "transcripts", "results"} {
		if n := count(table); n != len(crashCalls) {
			t.Errorf("got %d %s, want %d", n, table, len(crashCalls))
		}
	}
	t.Logf("%d processes killed", kills)
}

// killing is what TestMachinesAndServerKilled works with.
type killing struct {
	server           pgtest.Server
	url, binary, day string
	random           *rand.Rand
}

// machine scores the day with a data folder of its own.
func (k *killing) machine(data string) *exec.Cmd {
	run := exec.Command(k.binary, "score", k.day, "--data-dir", data, "--workers", "1", "--json")
	run.Env = append(os.Environ(), "ZHIJIAN_STORE="+k.url)
	return run
}

// round starts a machine for each data folder and kills all of them some time after the first has got through
// one call more than the rounds before; in the third round the server too. It returns how many it killed.
func (k *killing) round(t *testing.T, data []string, round int) (kills int) {
	t.Helper()
	var running []*exec.Cmd
	var first io.Reader
	for _, folder := range data {
		run := k.machine(folder)
		out, err := run.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = out
		}
		running = append(running, run)
	}
	lines := bufio.NewReader(first)
	for range round + 1 {
		if _, err := lines.ReadBytes('\n'); err != nil {
			t.Fatalf("the first machine ended by itself: %v", err)
		}
	}
	time.Sleep(time.Duration(k.random.IntN(2000)) * time.Millisecond)
	if round == 2 {
		if err := errors.Join(k.server.Halt(), k.server.Start()); err != nil {
			t.Fatal(err)
		}
	}
	for _, run := range running {
		_ = run.Process.Kill()
		if err := run.Wait(); err != nil {
			kills++
		}
	}
	return kills
}
