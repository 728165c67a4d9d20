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
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/zhijian-qa/zhijian/internal/loopback"
)

//go:embed migrations/postgres/*.sql
var postgresMigrations embed.FS

const (
	// postgresConnections bounds each of the two pools of one process, for reading and for writing.
	postgresConnections = 8
	// postgresConnectLimit is how long a server may take to answer, where the URL has no connect_timeout.
	postgresConnectLimit = 10 * time.Second
	// postgresOldest is the oldest server that is taken, as server_version_num: 13.
	postgresOldest = 130000
	// migrateLock is the advisory lock that migrations run under: "zhijian" in ASCII.
	migrateLock = 0x7a68696a69616e
)

// isPostgres tells a PostgreSQL URL from the name of a file.
func isPostgres(location string) bool {
	return strings.HasPrefix(location, "postgres://") || strings.HasPrefix(location, "postgresql://")
}

// openPostgres opens the database at location, which must exist. Its tables are made when they are missing.
func openPostgres(ctx context.Context, location string) (backend, error) {
	cfg, err := postgresConfig(location)
	if err != nil {
		return backend{}, err
	}
	migrations, err := fs.Sub(postgresMigrations, "migrations/postgres")
	if err != nil {
		return backend{}, err
	}
	answered := new(atomic.Bool)
	b := backend{
		read: openPool(*cfg, answered, true), write: openPool(*cfg, answered, false),
		dialect: pgdialect.New(), goose: goose.DialectPostgres, migrations: migrations,
		rowLocks: true, again: func(err error) bool { return postgresConflict(err) || postgresAway(err) },
	}
	b.migrate = func(fn func() error) error { return advisoryDo(ctx, b.write, fn) }
	if err := checkPostgres(ctx, b.write); err != nil {
		return backend{}, errors.Join(err, b.close())
	}
	return b, nil
}

// Reach fails when the PostgreSQL database at location cannot be used. It changes nothing there.
func Reach(ctx context.Context, location string) error {
	b, err := openPostgres(ctx, location)
	if err != nil {
		return fmt.Errorf("open store %s: %w", showPostgres(location), err)
	}
	return b.close()
}

// postgresConfig reads a URL. A server on another machine is spoken to over TLS unless the URL says otherwise.
func postgresConfig(location string) (*pgx.ConnConfig, error) {
	parsed, err := url.Parse(location)
	if err != nil {
		return nil, errors.New("this is no PostgreSQL URL such as postgres://user@host/database") // not quoted: it may hold a password
	}
	query := parsed.Query()
	host := parsed.Hostname()
	if host == "" {
		host = query.Get("host")
	}
	if query.Get("sslmode") == "" && os.Getenv("PGSSLMODE") == "" && !onThisMachine(host) {
		query.Set("sslmode", "require")
		parsed.RawQuery = query.Encode()
	}
	cfg, err := pgx.ParseConfig(parsed.String())
	if err != nil {
		return nil, err
	}
	// bun writes values into the statement, so there is nothing to prepare.
	cfg.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = postgresConnectLimit
	}
	cfg.RuntimeParams["client_encoding"] = "UTF8" // what that needs, whatever the database's defaults are
	cfg.RuntimeParams["standard_conforming_strings"] = "on"
	// A machine that was cut off must not hold rows for ever.
	if cfg.RuntimeParams["idle_in_transaction_session_timeout"] == "" {
		cfg.RuntimeParams["idle_in_transaction_session_timeout"] = "60000" // ms
	}
	if cfg.RuntimeParams["application_name"] == "" {
		cfg.RuntimeParams["application_name"] = "zhijian"
	}
	return cfg, nil
}

// onThisMachine reports whether host is loopback, the folder of a Unix socket, or the default.
func onThisMachine(host string) bool {
	return host == "" || filepath.IsAbs(host) || loopback.Host(host)
}

// checkPostgres fails when the server is not there, too old, or keeps texts in another encoding.
func checkPostgres(ctx context.Context, db *sql.DB) error {
	var version int
	var encoding string
	const settings = "SELECT current_setting('server_version_num')::int, current_setting('server_encoding')"
	if err := db.QueryRowContext(ctx, settings).Scan(&version, &encoding); err != nil {
		return err
	}
	if version < postgresOldest {
		return fmt.Errorf("the server is PostgreSQL %d, %d or newer is needed", version/10000, postgresOldest/10000)
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the database has the encoding %s, UTF8 is needed: createdb --encoding=UTF8 --template=template0", encoding)
	}
	return nil
}

// advisoryDo runs fn while no other process does the same on this database. The server gives the lock back
// when the connection ends, however it ends.
func advisoryDo(ctx context.Context, db *sql.DB, fn func() error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("SELECT pg_advisory_lock(%d)", migrateLock)); err != nil {
		return fmt.Errorf("wait for other migrations: %w", err)
	}
	err = fn()
	_, unlocking := conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("SELECT pg_advisory_unlock(%d)", migrateLock))
	return errors.Join(err, unlocking)
}

// postgresConflict reports whether a transaction was undone because of others that ran at the same time:
// serialization_failure, deadlock_detected, and foreign_key_violation, since what a row belongs to is looked
// for before it is written, and can only have been erased since. Source: PostgreSQL, "PostgreSQL Error Codes".
func postgresConflict(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && slices.Contains([]string{"40001", "40P01", "23503"}, pg.Code)
}

// showPostgres returns location without what must not be shown.
func showPostgres(location string) string {
	parsed, err := url.Parse(location)
	if err != nil {
		return "postgres://…"
	}
	return (&url.URL{Scheme: parsed.Scheme, Host: parsed.Host, Path: parsed.Path}).String()
}
