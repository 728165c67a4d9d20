package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/uptrace/bun"
)

// Store is an opened database. It may be used from many goroutines.
type Store struct {
	backend     backend
	read, write *bun.DB
	now         func() time.Time
}

// Open opens the database at path, the name of a SQLite file, and creates or migrates it as needed.
func Open(ctx context.Context, path string) (*Store, error) {
	if strings.Contains(path, "://") {
		return nil, fmt.Errorf("open store: %q is not a file name, and other databases are not supported yet", path)
	}
	backend, err := openSQLite(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	if err := migrate(ctx, backend); err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", path, err), backend.close())
	}
	return &Store{
		backend: backend, now: time.Now,
		read:  bun.NewDB(backend.read, backend.dialect),
		write: bun.NewDB(backend.write, backend.dialect),
	}, nil
}

// Close closes the database. It waits for no one: finish all calls before.
func (s *Store) Close() error {
	if err := s.backend.close(); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// migrate brings the schema up to date and refuses one that is newer than this program.
func migrate(ctx context.Context, b backend) error {
	return b.migrate(func() error {
		provider, err := goose.NewProvider(b.goose, b.write, b.migrations)
		if err != nil {
			return fmt.Errorf("read migrations: %w", err)
		}
		sources := provider.ListSources()
		known := sources[len(sources)-1].Version
		version, err := provider.GetDBVersion(ctx)
		if err != nil {
			return fmt.Errorf("read schema version: %w", err)
		}
		if version > known {
			return fmt.Errorf("schema version %d is newer than this program's %d: use a newer version of zhijian", version, known)
		}
		if _, err := provider.Up(ctx); err != nil {
			return fmt.Errorf("migrate schema: %w", err)
		}
		return nil
	})
}

// inTx runs fn in one transaction: all of it is kept or nothing. Only this function begins and commits.
func (s *Store) inTx(ctx context.Context, fn func(ctx context.Context, tx bun.Tx) error) error {
	return s.write.RunInTx(ctx, nil, fn)
}

// nowMS returns the time for rows' creation columns.
func (s *Store) nowMS() int64 { return s.now().UnixMilli() }
