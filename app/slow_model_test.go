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
		select {
		case err := <-ended:
			t.Errorf("%s did not wait for the model: %v", name, err)
		case <-time.After(3 * time.Second): // it has come to the model, or will find that it is cancelled
		}
		cancel()
		select {
		case err := <-ended:
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s: got %v, want cancelled", name, err)
			}
		case <-time.After(time.Minute): // within a second on an idle machine; a model that is waited for never comes
			t.Errorf("%s waits for the model", name)
		}
		if pipe, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil { // whoever still reads comes to an end
			_ = pipe.Close()
		}
	}
}
