package proctest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// startLimit is how long a server may take until it answers.
const startLimit = time.Minute

// Start starts cmd, which is killed when the tests end unless its SysProcAttr says otherwise. ended brings what
// cmd.Wait returned and is closed then.
func Start(cmd *exec.Cmd) (ended <-chan error, err error) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	}
	started, waited := make(chan error), make(chan error, 1)
	go func() { // the program is told of the end of the thread that started it: the thread must stay
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(waited)
		err := cmd.Start()
		started <- err
		if err == nil {
			waited <- cmd.Wait()
		}
	}()
	return waited, <-started
}

// Wait asks again and again until answers returns no error, for a minute at most, or until the process has ended.
func Wait(ctx context.Context, ended <-chan error, answers func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		err := answers(ctx)
		if err == nil {
			return nil
		}
		select {
		case end := <-ended:
			return fmt.Errorf("the server ended (%v)", end)
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Serve starts a server that adds to the file log, and waits as Wait does. What the log holds is told with the
// error.
func Serve(cmd *exec.Cmd, log string, answers func(context.Context) error) (ended <-chan error, err error) {
	file, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	cmd.Stdout, cmd.Stderr = file, file
	if ended, err = Start(cmd); err != nil {
		return ended, err
	}
	if err = Wait(context.Background(), ended, answers); err != nil {
		said, _ := os.ReadFile(log)
		err = fmt.Errorf("%w: %s", err, said)
	}
	return ended, err
}
