package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"
	"github.com/pressly/goose/v3"
	"github.com/uptrace/bun/dialect/sqlitedialect"
)

//go:embed migrations/sqlite/*.sql
var sqliteMigrations embed.FS

const (
	// sqliteReaders bounds the read pool. Readers don't wait for the writer (WAL).
	sqliteReaders = 4
	// sqliteBusyMS is how long a statement waits for another process's write to end.
	sqliteBusyMS = "15000"
)

// openSQLite opens or creates the file at path. What is deleted is overwritten (secure_delete). Writes go over a single connection: SQLite has one
// writer at a time, and waiting in Go is fair where its busy handler isn't.
func openSQLite(ctx context.Context, path string) (backend, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return backend{}, err
	}
	if err := makePrivate(path); err != nil {
		return backend{}, err
	}
	migrations, err := fs.Sub(sqliteMigrations, "migrations/sqlite")
	if err != nil {
		return backend{}, err
	}
	b := backend{
		dialect: sqlitedialect.New(), goose: goose.DialectSQLite3, migrations: migrations,
		migrate: func(fn func() error) error { return lockedDo(ctx, path+".migrate", fn) },
	}
	if b.write, err = sql.Open("sqlite3", sqliteURL(path, "_journal_mode", "WAL", "_synchronous", "FULL", "_txlock", "immediate", "_secure_delete", "true")); err != nil {
		return backend{}, err
	}
	b.write.SetMaxOpenConns(1)
	if b.read, err = sql.Open("sqlite3", sqliteURL(path, "_query_only", "true")); err != nil {
		return backend{}, errors.Join(err, b.write.Close())
	}
	b.read.SetMaxOpenConns(sqliteReaders)
	b.forget = func(ctx context.Context) error {
		_, err := b.write.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
		return err
	}
	b.copyTo = func(ctx context.Context, to string) error { return copySQLite(ctx, path, to) }
	// One process after the other: where several switch a new file to WAL at once, SQLite does not wait.
	if err := b.migrate(func() error { return assertWAL(ctx, b.write) }); err != nil {
		return backend{}, errors.Join(err, b.close())
	}
	return b, nil
}

// copySQLite writes what is committed in the file from into the empty file to. It takes a connection of its
// own: readers may not, and the writer would be kept waiting.
func copySQLite(ctx context.Context, from, to string) error {
	db, err := sql.Open("sqlite3", sqliteURL(from))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", to)
	return errors.Join(err, db.Close())
}

// sqliteURL returns the data source name of path with settings given as keys and values.
func sqliteURL(path string, settings ...string) string {
	query := url.Values{"_busy_timeout": {sqliteBusyMS}, "_foreign_keys": {"true"}}
	for i := 0; i+1 < len(settings); i += 2 {
		query.Set(settings[i], settings[i+1])
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String()
}

// makePrivate makes the folder 0700 when it is missing and the file 0600, before SQLite could create
// it with the user's umask. The files that SQLite puts beside it take over the file's mode.
func makePrivate(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = file.Chmod(0o600)
	}
	return errors.Join(err, file.Close())
}

// assertWAL fails when the file is no database or its file system cannot hold a write-ahead log.
func assertWAL(ctx context.Context, db *sql.DB) error {
	var mode string
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return fmt.Errorf("read journal mode: %w", err)
	}
	if mode != "wal" {
		return fmt.Errorf("journal mode is %s, want wal: the data folder must lie on a local file system", mode)
	}
	return nil
}
