package app_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/store"
)

func TestOneProcessOwnsADataFolder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	release, err := store.Lock(b.Config.DataDir)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	err = app.Score(t.Context(), b.Env, []string{filepath.Join(demo, noGreeting)})
	if app.ExitCode(err) != 1 || !strings.Contains(err.Error(), "in use by") {
		t.Errorf("got %v, want a sentence that says who uses the folder", err)
	}
}
