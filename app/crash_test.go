package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// built is the real program, built once for all tests.
var built struct {
	sync.Once
	dir    string
	output []byte
	err    error
}

// program builds the real binary.
func program(t *testing.T) string {
	t.Helper()
	built.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "zhijian-bin-*"); built.err == nil {
			build := exec.Command(filepath.Join("..", "scripts", "build.sh"), "./cmd/zhijian", filepath.Join(built.dir, "zhijian"))
			built.output, built.err = build.CombinedOutput()
		}
	})
	if built.err != nil {
		t.Fatalf("build: %v\n%s", built.err, built.output)
	}
	return filepath.Join(built.dir, "zhijian")
}

// crashCalls are a day short enough to be killed often; ZHIJIAN_LONG takes the whole demo day.
var crashCalls = []string{
	noGreeting, shirking, "20261120-160210-2015.wav", "20261121-091540-2015.wav", "20261121-113025-1031.wav", "20261121-153305-1024.wav",
}

// A day that is killed again and again ends with the same scores as one that is not: nothing lost,
// nothing doubled.
func TestKilledAtAnyInstantTheDayIsFinished(t *testing.T) {
	t.Parallel()
	binary, day := program(t), folder(t, crashCalls...)
	if os.Getenv("ZHIJIAN_LONG") != "" {
		day = filepath.Join(demo, "manifest.csv")
	}
	undisturbed := scores(t, binary, day, t.TempDir())
	data := t.TempDir()
	random := rand.New(rand.NewPCG(7, 7))
	kills := 0
	for range 12 {
		run := exec.Command(binary, "score", day, "--data-dir", data, "--json")
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(100+random.IntN(4000))*time.Millisecond, func() { _ = run.Process.Kill() })
		err := run.Wait()
		timer.Stop()
		if err == nil {
			break
		}
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.Exited() {
			t.Fatalf("run %d ended by itself: %v", kills, err)
		}
		kills++
	}
	if kills == 0 {
		t.Fatal("no run was killed")
	}
	killed := scores(t, binary, day, data)
	if diff := cmp.Diff(undisturbed, killed); diff != "" {
		t.Errorf("after %d kills (-undisturbed +killed):\n%s", kills, diff)
	}
	if calls := reported(t, binary, data); calls != len(killed) {
		t.Errorf("after %d kills the report counts %d calls, want %d", kills, calls, len(killed))
	}
	t.Logf("%d runs killed", kills)
}

// reported returns how many calls the report counts.
func reported(t *testing.T, binary, data string) int {
	t.Helper()
	output, err := exec.Command(binary, "report", "--json", "--data-dir", data).Output()
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Summary struct{ Calls int }
		Calls   []any
	}
	if err := json.Unmarshal(output, &report); err != nil {
		t.Fatal(err)
	}
	if report.Summary.Calls != len(report.Calls) {
		t.Errorf("the report counts %d calls and lists %d", report.Summary.Calls, len(report.Calls))
	}
	return report.Summary.Calls
}

// scores runs the day to its end and returns all that is known of each recording.
func scores(t *testing.T, binary, day, data string) map[string]line {
	t.Helper()
	run := exec.Command(binary, "score", day, "--data-dir", data, "--json")
	run.Stderr = os.Stderr
	output, err := run.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := readLines(t, bytes.NewReader(output))
	if len(lines) < len(crashCalls) {
		t.Fatalf("%d recordings scored, want the whole day", len(lines))
	}
	return lines
}
