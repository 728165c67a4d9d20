package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"slices"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

const (
	// postgresPatience is how long a server that answered before may be away, as in a restart or a failover.
	postgresPatience = time.Minute
	// postgresPause is how long to wait before it is tried again.
	postgresPause = 200 * time.Millisecond
	// postgresIdle is from when on a connection that nobody used is tried before it is read from.
	postgresIdle = 100 * time.Millisecond
)

// patient makes connections and waits for a server that is away for a while, once it has answered.
type patient struct {
	driver.Connector
	answered *atomic.Bool
}

// openPool returns a pool of connections. With ping one that was idle is tried before it is used, as reading wants it:
// a transaction that finds its connection broken is tried again by inTx.
func openPool(cfg pgx.ConnConfig, answered *atomic.Bool, ping bool) *sql.DB {
	var options []stdlib.OptionOpenDB
	if ping {
		options = append(options, stdlib.OptionShouldPing(func(_ context.Context, p stdlib.ShouldPingParams) bool { return p.IdleDuration > postgresIdle }))
	}
	db := sql.OpenDB(patient{stdlib.GetConnector(cfg, options...), answered})
	db.SetMaxOpenConns(postgresConnections)
	db.SetMaxIdleConns(postgresConnections)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return db
}

// Connect returns a new connection.
func (p patient) Connect(ctx context.Context) (driver.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, postgresPatience)
	defer cancel()
	for {
		conn, err := p.Connector.Connect(ctx)
		if err == nil {
			p.answered.Store(true)
			return conn, nil
		}
		if !p.answered.Load() || !postgresAway(err) {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(postgresPause):
		}
	}
}

// awayCodes are admin_shutdown, crash_shutdown and cannot_connect_now. Source: PostgreSQL, "PostgreSQL Error
// Codes".
var awayCodes = []string{"57P01", "57P02", "57P03"}

// postgresAway reports whether err says that the server cannot be reached or has gone, not that it refuses.
func postgresAway(err error) bool {
	var refusal *pgconn.PgError
	if errors.As(err, &refusal) {
		return slices.Contains(awayCodes, refusal.Code)
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || pgconn.SafeToRetry(err)
}

// IsAway reports whether Open failed because the database could not be reached, not because it refused.
func IsAway(err error) bool { return postgresAway(err) }
