package cluster_test

import (
	"bytes"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is one that can be killed and started again.
type process struct {
	name  string
	make  func() *exec.Cmd
	mutex sync.Mutex // of log
	log   bytes.Buffer
	cmd   *exec.Cmd
	ended chan struct{}
}

// Write takes what the process says.
func (p *process) Write(text []byte) (int, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.log.Write(text)
}

func (p *process) said() string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.log.String()
}

// start starts the process, which ends with this one however that ends.
func (p *process) start(t *testing.T) {
	t.Helper()
	p.cmd, p.ended = p.make(), make(chan struct{})
	p.cmd.Stdout, p.cmd.Stderr = p, p
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started := make(chan error, 1)
	go func(cmd *exec.Cmd, ended chan struct{}) { // it is told of the end of the thread that started it: the thread must stay
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(ended)
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is asked for elsewhere
		}
	}(p.cmd, p.ended)
	if err := <-started; err != nil {
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
