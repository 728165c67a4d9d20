package app_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/config"
)

// A backup of the day that is made while the data folder is in use, restored as docs/stores.md says, gives
// the same report.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	day := scoredDay(t)
	file := filepath.Join(t.TempDir(), "backup.db")
	backup := day.again(t)
	if err := app.Backup(t.Context(), backup.Env, file); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(backup.out.String(), `"bytes":`) {
		t.Errorf("printed %q", backup.out)
	}
	again := day.again(t)
	if err := app.Backup(t.Context(), again.Env, file); !errors.Is(err, call.ErrConflict) || app.ExitCode(err) != 1 {
		t.Errorf("got %v, want that the file is there already", err)
	}
	madeAt := regexp.MustCompile(`"made_at": "[^"]*"`)
	report := func(b *bench) string {
		if err := app.Report(t.Context(), b.Env); err != nil {
			t.Fatal(err)
		}
		return madeAt.ReplaceAllString(b.out.String(), "")
	}
	want := report(day.again(t))
	restored := t.TempDir()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(restored, "zhijian.db"), data)
	got := report(day.again(t, func(c *config.Config) { c.DataDir = restored }))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("report (-before +restored):\n%s", diff)
	}
}

func TestBackupNeedsSomethingToBackUp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	err := app.Backup(t.Context(), b.Env, filepath.Join(t.TempDir(), "backup.db"))
	if !errors.Is(err, call.ErrNotFound) {
		t.Errorf("got %v, want that nothing has been scored yet", err)
	}
}
