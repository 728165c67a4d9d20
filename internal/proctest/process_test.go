package proctest_test

import (
	"context"
	"errors"
	"net"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/internal/proctest"
)

// A server that ends by itself is not waited for: the error tells how it ended and what it said.
func TestServeTellsWhyTheServerEnded(t *testing.T) {
	t.Parallel()
	never := func(context.Context) error { return errors.New("no answer") }
	ended, err := proctest.Serve(exec.Command("sh", "-c", "echo no disk; exit 3"), filepath.Join(t.TempDir(), "log"), never)
	if err == nil || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "no disk") {
		t.Errorf("got %v, want how it ended and what it said", err)
	}
	<-ended // does not block once it was read
	if _, err := proctest.Start(exec.Command(filepath.Join(t.TempDir(), "nothing"))); err == nil {
		t.Error("a program that is not there starts")
	}
}

// Ports that are given out together differ, and can be taken.
func TestFreePortsCanBeTaken(t *testing.T) {
	t.Parallel()
	ports, err := proctest.FreePorts(3)
	if err != nil {
		t.Fatal(err)
	}
	for _, port := range ports {
		listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
	}
}

// The peak of a process is its own, whatever the one that started it has in memory, and outlives what it gave back.
func TestPeakIsOfTheProcessAlone(t *testing.T) {
	t.Parallel()
	mine := make([]byte, 256<<20)
	for i := 0; i < len(mine); i += 4096 {
		mine[i] = 1
	}
	for _, tt := range []struct {
		script      string
		least, most int64 // MB
	}{
		{"sleep 0.3", 0, 20},
		{"x=$(head -c 64000000 /dev/zero | tr '\\0' a); sleep 0.1; x=; sleep 0.3", 60, 250},
	} {
		got, err := proctest.RunPeak(exec.Command("sh", "-c", tt.script))
		if err != nil {
			t.Error(err)
		}
		if got >>= 20; got < tt.least || got > tt.most {
			t.Errorf("%s: got %d MB, want %d to %d", tt.script, got, tt.least, tt.most)
		}
	}
	runtime.KeepAlive(mine)
}
