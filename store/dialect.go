package store

import (
	"context"
	"database/sql"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/uptrace/bun/schema"
)

// backend is one opened database and everything in which databases differ.
type backend struct {
	read, write *sql.DB
	dialect     schema.Dialect
	goose       goose.Dialect
	migrations  fs.FS
	// rowLocks says that writers run at the same time and lock the rows they are about to change.
	rowLocks bool
	// again reports whether a transaction failed for a reason that passes: another one, or a server that is
	// away. All that the store writes may be written twice. Nil where that cannot be.
	again func(error) bool
	// copyTo writes a consistent copy into the empty file at path. Nil where the database has tools for that.
	copyTo func(ctx context.Context, path string) error
	// forget takes what was deleted out of the journal. Nil where that is the server's business.
	forget func(ctx context.Context) error
	// migrate runs fn while no other process does the same on this database.
	migrate func(fn func() error) error
}

// close closes both pools.
func (b backend) close() error {
	err := b.read.Close()
	if writeErr := b.write.Close(); err == nil {
		err = writeErr
	}
	return err
}
