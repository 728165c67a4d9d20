package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/zhijian-qa/zhijian/call"
)

// lockName is the lock file of a data folder. It stays there when nobody holds it: removing it
// would let two processes lock two different files of that name.
const lockName = "zhijian.lock"

// Lock makes this process the owner of the data folder dir until release is called or the process
// ends, however it ends. When another process owns it, the error is a call.ErrConflict that names it.
func Lock(dir string) (release func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock file: %w", err)
	}
	err = flock(file)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = fmt.Errorf("%w: data folder %s is in use by %s", call.ErrConflict, dir, holder(file))
	}
	if err == nil {
		err = sign(file)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() { _ = file.Close() }, nil
}

// flock takes the lock of file without waiting. The kernel gives it back when file is closed.
func flock(file *os.File) error {
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// sign writes into file who holds it: the command and the process number.
func sign(file *os.File) error {
	name := filepath.Base(os.Args[0])
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-") {
		name += " " + os.Args[1]
	}
	if err := file.Truncate(0); err != nil {
		return fmt.Errorf("write lock file: %w", err)
	}
	if _, err := file.WriteAt(fmt.Appendf(nil, "%s (process %d)\n", name, os.Getpid()), 0); err != nil {
		return fmt.Errorf("write lock file: %w", err)
	}
	return nil
}

// holder reads what sign wrote.
func holder(file *os.File) string {
	text, err := io.ReadAll(io.NewSectionReader(file, 0, 200))
	name := strings.TrimSpace(string(text))
	if err != nil || name == "" {
		return "another process"
	}
	return name
}

// lockedDo runs fn under the lock file path, waiting for it until ctx ends.
func lockedDo(ctx context.Context, path string, fn func() error) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	for {
		err := flock(file)
		if err == nil {
			return fn()
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
