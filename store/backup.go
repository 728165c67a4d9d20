package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/zhijian-qa/zhijian/call"
)

// partialSuffix names a backup that is being written. A killed one stays, and the next takes its place.
const partialSuffix = ".partial"

// Backup writes all that is committed at one instant to the new file at path: a SQLite database that Open
// takes. Others may write meanwhile. The file appears when it is whole; one that is there stays, with a
// call.ErrConflict, unless replace is set. Only a SQLite store can do this: PostgreSQL has pg_dump.
func (s *Store) Backup(ctx context.Context, path string, replace bool) (err error) {
	if s.backend.copyTo == nil {
		return fmt.Errorf("back up store: %w: PostgreSQL is backed up by pg_dump, as docs/stores.md says", call.ErrInvalid)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("back up store: %w", err)
		}
	}()
	if _, err := os.Lstat(path); err == nil && !replace {
		return taken(path)
	}
	partial := path + partialSuffix
	file, err := os.OpenFile(partial, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := flock(file); errors.Is(err, syscall.EWOULDBLOCK) {
		return fmt.Errorf("%w: another backup to %s is under way", call.ErrConflict, path)
	} else if err != nil {
		return err
	}
	if err := s.copyInto(ctx, file); err != nil {
		return errors.Join(err, os.Remove(partial))
	}
	return publish(partial, path, replace)
}

func taken(path string) error {
	return fmt.Errorf("%w: %s is there already: choose another name, or replace it by --force", call.ErrConflict, path)
}

// copyInto writes a copy into file, which is emptied first, and looks whether it can be used.
func (s *Store) copyInto(ctx context.Context, file *os.File) error {
	if err := errors.Join(file.Chmod(0o600), file.Truncate(0)); err != nil {
		return err
	}
	if err := s.backend.copyTo(ctx, file.Name()); err != nil {
		return err
	}
	if err := checkCopy(ctx, file.Name()); err != nil {
		return err
	}
	return file.Sync()
}

// checkCopy fails when the database at path is damaged.
func checkCopy(ctx context.Context, path string) error {
	whole, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite3", sqliteURL(whole, "mode", "ro", "immutable", "1"))
	if err != nil {
		return err
	}
	defer db.Close()
	var state string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&state); err != nil {
		return fmt.Errorf("check copy: %w", err)
	}
	if state != "ok" {
		return fmt.Errorf("check copy: %s", state)
	}
	return nil
}

// publish gives the whole file partial its name, in one step.
func publish(partial, path string, replace bool) error {
	if !replace {
		err := os.Link(partial, path) // never replaces
		if errors.Is(err, os.ErrExist) {
			return errors.Join(taken(path), os.Remove(partial))
		}
		if err == nil {
			return errors.Join(os.Remove(partial), syncFolder(path))
		}
		// A file system without links: hold the name, then replace what holds it.
		held, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return errors.Join(err, os.Remove(partial))
		}
		if err := held.Close(); err != nil {
			return err
		}
	}
	if err := os.Rename(partial, path); err != nil {
		return err
	}
	return syncFolder(path)
}

// syncFolder makes a new name of path outlive a loss of power.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
