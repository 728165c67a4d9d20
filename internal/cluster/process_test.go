package cluster_test

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/internal/proctest"
)

// process is one that can be killed and started again.
type process struct {
	name  string
	make  func() *exec.Cmd
	log   proctest.Log
	cmd   *exec.Cmd
	ended <-chan error // how it ended is asked for elsewhere
}

// start starts the process, which ends with this one however that ends.
func (p *process) start(t *testing.T) {
	t.Helper()
	p.cmd = p.make()
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	var err error
	if p.ended, err = proctest.Start(p.cmd); err != nil {
		t.Fatalf("start %s: %v", p.name, err)
	}
}

func (p *process) pid() int { return p.cmd.Process.Pid }

func (p *process) signal(t *testing.T, signal os.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		t.Errorf("%s has ended by itself: %v", p.name, err)
	}
}

// kill ends it at once.
func (p *process) kill(t *testing.T) {
	t.Helper()
	p.signal(t, syscall.SIGKILL)
	<-p.ended
}

// stop ends it well and returns its exit code.
func (p *process) stop(t *testing.T, limit time.Duration) int {
	t.Helper()
	p.signal(t, syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(limit):
		t.Errorf("%s does not stop within %s", p.name, limit)
		p.kill(t)
	}
	return p.cmd.ProcessState.ExitCode()
}
