package store_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/store/storetest"
)

// The environment variables that turn the test binary into the child of a test.
const (
	envCrash  = "ZHIJIAN_STORE_TEST_CRASH"  // database; first sample to write
	envLock   = "ZHIJIAN_STORE_TEST_LOCK"   // data folder to lock
	envOpen   = "ZHIJIAN_STORE_TEST_OPEN"   // database to open
	envBackup = "ZHIJIAN_STORE_TEST_BACKUP" // database; backup to write
)

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(envCrash) != "":
		path, first, _ := strings.Cut(os.Getenv(envCrash), ";")
		n, _ := strconv.Atoi(first)
		fmt.Println("error", writeForever(context.Background(), path, n))
		os.Exit(1)
	case os.Getenv(envLock) != "":
		holdLock(os.Getenv(envLock))
		os.Exit(0)
	case os.Getenv(envBackup) != "":
		from, to, _ := strings.Cut(os.Getenv(envBackup), ";")
		fmt.Println("error", backupForever(context.Background(), from, to))
		os.Exit(1)
	case os.Getenv(envOpen) != "":
		if err := openOnSignal(context.Background(), os.Getenv(envOpen)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

// writeForever is the child that gets killed. It says what is written after it is written. Every other call is saved
// at once.
func writeForever(ctx context.Context, path string, first int) error {
	s, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	fmt.Println("open")
	for n := first; ; n++ {
		if err := writeCall(ctx, s, n); err != nil {
			return err
		}
		if err := s.SaveFailure(ctx, call.Failure{Path: fmt.Sprintf("/failed/%d.wav", n), Code: "empty"}); err != nil {
			return err
		}
		fmt.Println("failure", n)
	}
}

func writeCall(ctx context.Context, s *store.Store, n int) error {
	rec := storetest.Sample(n)
	if n%2 > 0 {
		if _, err := s.SaveNew(ctx, rec.Health, rec, ""); err != nil {
			return err
		}
		fmt.Printf("transcript %d\nresult %d\n", n, n)
		return nil
	}
	if err := s.SaveTranscript(ctx, rec.Recording, rec.Health, rec.Transcript); err != nil {
		return err
	}
	fmt.Println("transcript", n)
	if err := s.SaveResult(ctx, rec); err != nil {
		return err
	}
	fmt.Println("result", n)
	return nil
}

func TestStoreSurvivesKill(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		killAgainAndAgain(t, filepath.Join(t.TempDir(), "zhijian.db"))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		killAgainAndAgain(t, postgres.Database(t))
	})
}

// killAgainAndAgain kills a writing process at random instants, many times on one database.
// What was acknowledged must be there exactly once, and no more than one write beyond it.
func killAgainAndAgain(t *testing.T, path string) {
	rounds := 12
	if testing.Short() {
		rounds = 4
	}
	random := rand.New(rand.NewPCG(1, 2))
	acked := map[string]int{"transcript": 0, "result": 0, "failure": 0}
	for round := range rounds {
		// Begin a few back: a restart repeats what it doesn't know to be done. Lives become longer, for a machine with
		// other work.
		first := max(0, acked["result"]-3)
		for kind, next := range killAfter(t, path, first, time.Duration((5+random.IntN(120))*(1+round))*time.Millisecond) {
			acked[kind] = max(acked[kind], next)
		}
		verify(t, path, acked)
	}
	if acked["result"] == 0 {
		t.Error("no child lived long enough to write anything")
	}
}

// killAfter starts a child, lets it write for a while once it is open, kills it, and returns for
// each kind of write the number after the last one acknowledged.
func killAfter(t *testing.T, path string, first int, life time.Duration) map[string]int {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), fmt.Sprintf("%s=%s;%d", envCrash, path, first))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	acked := make(map[string]int)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		kind, rest, _ := strings.Cut(lines.Text(), " ")
		switch kind {
		case "open":
			time.AfterFunc(life, func() { _ = child.Process.Kill() })
		case "transcript", "result", "failure":
			n, err := strconv.Atoi(rest)
			if err == nil {
				acked[kind] = n + 1
			}
		default:
			t.Errorf("child said %q", lines.Text())
		}
	}
	_ = child.Wait() // it was killed
	return acked
}

// verify checks the database after a kill.
func verify(t *testing.T, path string, acked map[string]int) {
	t.Helper()
	if !strings.Contains(path, "://") {
		checkIntegrity(t, path)
	}
	s, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	seen := make(map[string]score.Record)
	for rec, err := range s.Calls(t.Context(), store.CallFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := seen[rec.Recording.ID]; twice {
			t.Errorf("call %s is there twice", rec.Recording.ID)
		}
		seen[rec.Recording.ID] = rec
	}
	for n := range acked["result"] {
		want := storetest.Sample(n)
		if diff := cmp.Diff(want, seen[want.Recording.ID]); diff != "" {
			t.Fatalf("acknowledged call %d: got (+) differs from want (-):\n%s", n, diff)
		}
	}
	failures, err := s.Failures(t.Context(), store.FailureFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for table, got := range map[string]int{
		"transcript": count(t, path, "transcripts"), "result": count(t, path, "results"), "failure": len(failures),
	} {
		if got < acked[table] || got > acked[table]+1 {
			t.Errorf("got %d of kind %s, acknowledged were %d", got, table, acked[table])
		}
	}
	for kind, got := range map[string]int{"recordings": len(seen), "sightings": len(seen)} {
		if n := count(t, path, kind); n < got || n > got+1 {
			t.Errorf("got %d %s for %d results", n, kind, got)
		}
	}
}

func checkIntegrity(t *testing.T, path string) {
	t.Helper()
	var state string
	if err := raw(t, path).QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&state); err != nil || state != "ok" {
		t.Fatalf("integrity check: got %q, %v", state, err)
	}
}
