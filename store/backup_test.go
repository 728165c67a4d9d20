package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/store/storetest"
)

// writing saves samples, one after the other, until the test or stop ends it.
func writing(t *testing.T, s *store.Store) (stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	written := make(chan int, 1)
	go func() {
		n := 0
		for ; ctx.Err() == nil; n++ {
			rec := storetest.Sample(n)
			if err := s.SaveTranscript(context.Background(), rec.Recording, rec.Health, rec.Transcript); err != nil {
				t.Error(err)
				break
			}
			if err := s.SaveResult(context.Background(), rec); err != nil {
				t.Error(err)
				break
			}
		}
		written <- n
	}()
	return func() int {
		cancel()
		return <-written
	}
}

// wantPrefix fails unless s holds the first of the samples that a writer saves in order, and no others.
func wantPrefix(t *testing.T, s *store.Store, atLeast int) int {
	t.Helper()
	got := make(map[string]score.Record)
	for rec, err := range s.Calls(t.Context(), store.CallFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		got[rec.Recording.ID] = rec
	}
	if len(got) < atLeast {
		t.Errorf("got %d calls, want at least %d", len(got), atLeast)
	}
	for n := range len(got) {
		want := storetest.Sample(n)
		if diff := cmp.Diff(want, got[want.Recording.ID]); diff != "" {
			t.Fatalf("call %d: got (+) differs from want (-):\n%s", n, diff)
		}
	}
	return len(got)
}

func TestBackupWhileWriting(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "zhijian.db"))
	stop := writing(t, s)
	least := 0
	for n := range 5 {
		path := filepath.Join(dir, fmt.Sprintf("备份 %d.db", n))
		if err := s.Backup(t.Context(), path, false); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("got mode %v, %v, want 600", info.Mode(), err)
		}
		copied := open(t, path)
		least = wantPrefix(t, copied, least)
	}
	if written := stop(); written < least {
		t.Errorf("wrote %d calls, backed up %d", written, least)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.partial")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

func TestBackupNeverOverwrites(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "zhijian.db"))
	taken := filepath.Join(dir, "taken")
	if err := os.WriteFile(taken, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := s.Backup(t.Context(), taken, false)
	if !errors.Is(err, call.ErrConflict) || !strings.Contains(err.Error(), "--force") {
		t.Errorf("got %v, want a conflict that names --force", err)
	}
	if text, err := os.ReadFile(taken); err != nil || string(text) != "precious" {
		t.Errorf("got %q, %v, want it as it was", text, err)
	}
	if err := s.Backup(t.Context(), taken, true); err != nil {
		t.Fatal(err)
	}
	wantPrefix(t, open(t, taken), 0)
	if err := s.Backup(t.Context(), filepath.Join(dir, "no", "folder"), false); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want that there is no such folder", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Backup(gone, filepath.Join(dir, "cancelled"), false); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it is cancelled", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "cancelled*")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

// backupForever is the child that gets killed while it replaces one backup by the next.
func backupForever(ctx context.Context, from, to string) error {
	s, err := store.Open(ctx, from)
	if err != nil {
		return err
	}
	for {
		if err := s.Backup(ctx, to, true); err != nil {
			return err
		}
		fmt.Println("done")
	}
}

func TestBackupIsWholeOrNotThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "zhijian.db"), filepath.Join(dir, "backup.db")
	s := open(t, from)
	for n := range 60 {
		rec := storetest.Sample(n)
		if err := errors.Join(s.SaveTranscript(t.Context(), rec.Recording, rec.Health, rec.Transcript), s.SaveResult(t.Context(), rec)); err != nil {
			t.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 8 {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), envBackup+"="+from+";"+to)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		if lines := bufio.NewScanner(out); !lines.Scan() || lines.Text() != "done" {
			t.Fatalf("child said %q", lines.Text())
		}
		time.Sleep(time.Duration(random.IntN(40)) * time.Millisecond)
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait()
		wantPrefix(t, openCopy(t, to), 60)
	}
	if err := s.Backup(t.Context(), to, true); err != nil { // what a killed one left is no hindrance
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.partial")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

// openCopy opens a copy of the file at path: a backup has no journal beside it until someone opens it.
func openCopy(t *testing.T, path string) *store.Store {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(copied, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, copied)
}

// documented returns the lines of docs/stores.md that begin so, as a shell takes them.
func documented(t *testing.T, beginnings ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "docs", "stores.md"))
	if err != nil {
		t.Fatal(err)
	}
	var script []string
	for _, beginning := range beginnings {
		_, rest, found := strings.Cut(string(text), "\n"+beginning)
		if !found {
			t.Fatalf("docs/stores.md lacks %q", beginning)
		}
		line, _, _ := strings.Cut(rest, "\n")
		script = append(script, beginning+line)
	}
	return "set -eu\n" + strings.Join(script, "\n")
}

// The documented commands put a backup in the place of a database whose journal a killed process has left.
func TestRestoringAsDocumented(t *testing.T) {
	t.Parallel()
	folder, backup := t.TempDir(), filepath.Join(t.TempDir(), "backup.db")
	path := filepath.Join(folder, "zhijian.db")
	s, want := open(t, path), storetest.Sample(0)
	if err := errors.Join(s.SaveTranscript(t.Context(), want.Recording, want.Health, want.Transcript), s.SaveResult(t.Context(), want)); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), backup, false); err != nil {
		t.Fatal(err)
	}
	killAfter(t, path, 1, 300*time.Millisecond)
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() == 0 {
		t.Fatalf("no journal is left: %v", err)
	}
	script := documented(t, "mkdir /srv/zhijian/", "install -m 600 ")
	script = strings.NewReplacer("/srv/zhijian", folder, "/备份/zhijian-2026-11-21.db", backup).Replace(script)
	if out, err := exec.Command("sh", "-c", script).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if got := wantPrefix(t, open(t, path), 1); got != 1 {
		t.Errorf("got %d calls, want the one that was backed up", got)
	}
}

// A PostgreSQL store is backed up and restored by its own tools, as docs/stores.md says.
func TestPostgresBackupAndRestore(t *testing.T) {
	t.Parallel()
	url, other, file := postgres.Database(t), postgres.Database(t), filepath.Join(t.TempDir(), "zhijian.dump")
	s := open(t, url)
	if err := s.Backup(t.Context(), file, false); !errors.Is(err, call.ErrInvalid) || !strings.Contains(err.Error(), "pg_dump") {
		t.Errorf("got %v, want that pg_dump does it", err)
	}
	stop := writing(t, s)
	for count(t, url, "results") < 5 {
	}
	inShell := func(beginning string) {
		t.Helper()
		script := strings.NewReplacer("zhijian.dump", file, "postgres://zhijian@db.example/zhijian2", "'"+other+"'").Replace(documented(t, beginning))
		if out, err := postgres.Shell(t.Context(), "ZHIJIAN_STORE='"+url+"'\n"+script).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", beginning, err, out)
		}
	}
	inShell("pg_dump ")
	stop()
	inShell("pg_restore ")
	restored := open(t, other)
	n := wantPrefix(t, restored, 5)
	rec := storetest.Sample(n + 1000)
	if err := restored.SaveTranscript(t.Context(), rec.Recording, rec.Health, rec.Transcript); err != nil {
		t.Error(err)
	}
}
