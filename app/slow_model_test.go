package app_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/config"
)

// TestCancelDoesNotWaitForAModel reads the model from a pipe into which nobody writes, as from a disk that does not
// answer: a run that is cancelled ends all the same.
func TestCancelDoesNotWaitForAModel(t *testing.T) {
	t.Parallel()
	runs := map[string]func(context.Context, app.Env, []string) error{"score": app.Score, "transcribe": app.Transcribe}
	for name, run := range runs {
		path := filepath.Join(t.TempDir(), "model.bin")
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
		b := setup(t, func(c *config.Config) { c.Model = path })
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- run(ctx, b.Env, []string{filepath.Join(demo, shirking)}) }()
		pipe := opened(t, path, ended) // the run has come to the model
		cancel()
		select {
		case err := <-ended:
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s: got %v, want cancelled", name, err)
			}
		case <-time.After(10 * time.Second): // within a second on an idle machine
			t.Errorf("%s waits for the model", name)
		}
		_ = pipe.Close() // whoever still reads comes to an end
	}
}

// opened returns the end of a pipe for writing once somebody has opened the other one, which a run does that has not
// ended.
func opened(t *testing.T, path string, ended <-chan error) *os.File {
	t.Helper()
	for {
		pipe, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0)
		if err == nil {
			return pipe
		}
		if !errors.Is(err, syscall.ENXIO) { // nobody reads yet
			t.Fatal(err)
		}
		select {
		case err := <-ended:
			t.Fatalf("did not wait for the model: %v", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
