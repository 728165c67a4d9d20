package store_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/store"
)

// holdLock is the child that owns a data folder until it is killed.
func holdLock(dir string) {
	if _, err := store.Lock(dir); err != nil {
		fmt.Println("error", err)
		return
	}
	fmt.Println("locked")
	time.Sleep(time.Minute)
}

func TestLockHasOneOwner(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	for range 2 {
		release, err := store.Lock(dir)
		if err != nil {
			t.Fatal(err)
		}
		_, err = store.Lock(dir)
		want := fmt.Sprintf("conflict: data folder %s is in use by store.test (process %d)", dir, os.Getpid())
		if !errors.Is(err, call.ErrConflict) || err.Error() != want {
			t.Errorf("got error %v, want %q", err, want)
		}
		release()
	}
}

func TestLockEndsWithItsProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	child := exec.Command(os.Args[0], "serve")
	child.Env = append(os.Environ(), envLock+"="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if lines := bufio.NewScanner(out); !lines.Scan() || lines.Text() != "locked" {
		t.Fatalf("child said %q", lines.Text())
	}
	_, err = store.Lock(dir)
	want := fmt.Sprintf("conflict: data folder %s is in use by store.test serve (process %d)", dir, child.Process.Pid)
	if err == nil || err.Error() != want {
		t.Errorf("got error %v, want %q", err, want)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	release, err := store.Lock(dir)
	if err != nil {
		t.Fatalf("after its owner was killed: %v", err)
	}
	release()
}

func TestLockNeedsAFolder(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Lock(file); err == nil {
		t.Error("got no error for a file, want one")
	}
}
