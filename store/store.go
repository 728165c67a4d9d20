package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/uptrace/bun"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/gather"
)

// Store is an opened database. It may be used from many goroutines.
type Store struct {
	backend     backend
	read, write *bun.DB
	now         func() time.Time

	claims   *gather.Gatherer[*claim]
	finishes *gather.Gatherer[ending]
	meetings *gather.Gatherer[*meeting]
	arrivals *gather.Gatherer[*newCall]
}

// Open opens the database at location, the name of a SQLite file or a URL postgres://…, and migrates it as
// needed. A SQLite file is made when it is missing; a PostgreSQL database must exist. Errors do not show
// the password of a URL.
func Open(ctx context.Context, location string) (*Store, error) {
	open, shown := openSQLite, location
	switch {
	case isPostgres(location):
		open, shown = openPostgres, showPostgres(location)
	case strings.Contains(location, "://"):
		scheme, _, _ := strings.Cut(location, "://")
		return nil, fmt.Errorf("open store: %w: %s:// is no known database: give a file name or postgres://…", call.ErrInvalid, scheme)
	}
	backend, err := open(ctx, location)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", shown, err)
	}
	if err := migrate(ctx, backend); err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", shown, err), backend.close())
	}
	s := &Store{
		backend: backend, now: time.Now,
		read:  bun.NewDB(backend.read, backend.dialect),
		write: bun.NewDB(backend.write, backend.dialect),
	}
	s.claims, s.finishes = gather.New(s.claim, s.again), gather.New(s.finish, s.again)
	s.meetings, s.arrivals = gather.New(s.meet, s.again), gather.New(s.saveNew, s.again)
	if err := s.listViolations(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", shown, err), backend.close())
	}
	return s, nil
}

// Close closes the database. It waits for no one: finish all calls before.
func (s *Store) Close() error {
	if err := s.backend.close(); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// Ping fails when the database cannot be read now.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	if err := s.read.NewSelect().ColumnExpr("1").Scan(ctx, &one); err != nil {
		return fmt.Errorf("reach store: %w", err)
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

// conflictTries is how often a transaction is tried that others got in the way of, or that a server which
// went away cut off.
const conflictTries = 10

// inTx runs fn in one transaction: all of it is kept or nothing. Only this function begins and commits. fn may run
// more than once. For a single statement once saves the ways to the server and back that BEGIN and COMMIT take.
func (s *Store) inTx(ctx context.Context, fn func(ctx context.Context, tx bun.Tx) error) error {
	return s.tried(ctx, func() error { return s.write.RunInTx(ctx, nil, fn) })
}

// once runs the one statement of fn, which is a transaction by itself. fn may run more than once.
func (s *Store) once(ctx context.Context, fn func(db *bun.DB) error) error {
	return s.tried(ctx, func() error { return fn(s.write) })
}

// together sends queries to the server at once, which does one after the other and answers once: sent one by one, the
// ways there and back take longer than the work.
func together(ctx context.Context, tx bun.Tx, queries ...any) error {
	_, err := tx.NewRaw(strings.Repeat("?;\n", len(queries)), queries...).Exec(ctx)
	return err
}

// tried runs fn until it succeeds or fails for a reason that does not pass. Reads that a worker needs go by it too:
// a server that restarts may cut off any of them.
func (s *Store) tried(ctx context.Context, fn func() error) error {
	for try := 1; ; try++ {
		err := fn()
		if err == nil || try == conflictTries || ctx.Err() != nil || !s.again(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rand.N(time.Duration(try) * 10 * time.Millisecond)):
		}
	}
}

// again reports whether err is one that passes.
func (s *Store) again(err error) bool { return s.backend.again != nil && s.backend.again(err) }

// locked makes query hold the rows that it finds until its transaction ends.
func (s *Store) locked(query *bun.SelectQuery) *bun.SelectQuery {
	if s.backend.rowLocks {
		query.For("UPDATE")
	}
	return query
}

// nowMS returns the time for rows' creation columns.
func (s *Store) nowMS() int64 { return s.now().UnixMilli() }
