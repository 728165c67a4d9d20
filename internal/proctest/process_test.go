package proctest_test

import (
	"context"
	"errors"
	"net"
	"os/exec"
	"path/filepath"
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
