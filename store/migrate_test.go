package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/store/storetest"
)

// newest is the version that the last migration leads to.
const newest = 9

// onBoth runs test with the location of a new database of either kind.
func onBoth(t *testing.T, test func(t *testing.T, location string)) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, filepath.Join(t.TempDir(), "zhijian.db"))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, postgres.Database(t))
	})
}

func TestBothDatabasesHaveTheSameMigrations(t *testing.T) {
	t.Parallel()
	names := map[string][]string{}
	for _, kind := range []string{"sqlite", "postgres"} {
		files, err := os.ReadDir(filepath.Join("migrations", kind))
		if err != nil {
			t.Fatal(err)
		}
		for i, file := range files {
			names[kind] = append(names[kind], file.Name())
			if number, _, _ := strings.Cut(file.Name(), "_"); number != fmt.Sprintf("%05d", i+1) {
				t.Errorf("%s: %s is out of order", kind, file.Name())
			}
		}
	}
	if diff := cmp.Diff(names["sqlite"], names["postgres"]); diff != "" || len(names["sqlite"]) != newest {
		t.Errorf("got %d, want %d; -sqlite +postgres:\n%s", len(names["sqlite"]), newest, diff)
	}
}

// openOnSignal is the child of TestProcessesMigrateAtOnce: it opens the database when its input ends.
func openOnSignal(ctx context.Context, location string) error {
	fmt.Println("ready")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	s, err := store.Open(ctx, location)
	if err != nil {
		return err
	}
	rec := storetest.Sample(1)
	if err := s.SaveTranscript(ctx, rec.Recording, rec.Health, rec.Transcript); err != nil {
		return err
	}
	return s.Close()
}

func TestProcessesMigrateAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, location string) {
		const processes = 8
		children := make([]*exec.Cmd, processes)
		says := make([]bytes.Buffer, processes)
		hold, start, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer hold.Close()
		for i := range children {
			child := exec.Command(os.Args[0])
			child.Env = append(os.Environ(), envOpen+"="+location)
			child.Stdin, child.Stderr = hold, &says[i]
			out, err := child.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(out, make([]byte, len("ready\n"))); err != nil {
				t.Fatal(err)
			}
			children[i] = child
		}
		if err := start.Close(); err != nil { // all read the end of their input now
			t.Fatal(err)
		}
		for i, child := range children {
			if err := child.Wait(); err != nil {
				t.Errorf("process %d: %v: %s", i, err, &says[i])
			}
		}
		var each []int
		for version := range newest {
			each = append(each, version+1)
		}
		if diff := cmp.Diff(applied(t, location), each); diff != "" {
			t.Errorf("migrations (-got +want):\n%s", diff)
		}
		if got := count(t, location, "transcripts"); got != 1 {
			t.Errorf("got %d transcripts, want 1", got)
		}
	})
}

// applied returns the migrations that a database went through, in order.
func applied(t *testing.T, location string) []int {
	t.Helper()
	rows, err := raw(t, location).QueryContext(t.Context(), "SELECT version_id FROM goose_db_version WHERE version_id > 0 ORDER BY id")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var versions []int
	for rows.Next() {
		var version int
		if err := rows.Scan(&version); err != nil {
			t.Fatal(err)
		}
		versions = append(versions, version)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return versions
}

// A database of every earlier version comes up to date with all that is in it.
func TestOldDatabasesMigrate(t *testing.T) {
	t.Parallel()
	for version := 1; version <= newest; version++ {
		t.Run("from version "+strconv.Itoa(version), func(t *testing.T) {
			onBoth(t, func(t *testing.T, old string) {
				full, want := filepath.Join(t.TempDir(), "full.db"), storetest.Sample(1)
				s := open(t, full)
				if err := s.SaveTranscript(t.Context(), want.Recording, want.Health, want.Transcript); err != nil {
					t.Fatal(err)
				}
				if err := s.SaveResult(t.Context(), want); err != nil {
					t.Fatal(err)
				}
				migrateTo(t, old, int64(version))
				for _, table := range []string{"recordings", "sightings", "transcripts", "results"} {
					copyTable(t, full, old, table)
				}
				if version < 3 {
					want.Recording.Rings, want.Recording.HungUpBy = nil, ""
				}
				if version < 5 {
					want.Recording.AnswerDelay = nil
				}
				var got []score.Record
				migrated := open(t, old)
				if version < 8 { // with which violations came
					wantBroken(t, migrated, want)
				}
				for rec, err := range migrated.Calls(t.Context(), store.CallFilter{}) {
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, rec)
				}
				if diff := cmp.Diff([]score.Record{want}, got); diff != "" {
					t.Errorf("got (+) differs from want (-):\n%s", diff)
				}
			})
		})
	}
}

// wantBroken fails unless what rec broke is counted.
func wantBroken(t *testing.T, s *store.Store, rec score.Record) {
	t.Helper()
	started := rec.Recording.StartedAt
	tally, err := s.Tally(t.Context(), started, started.Add(time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	want := []store.Broken{{
		Agent: rec.Recording.Agent, Team: rec.Recording.Team, Rule: rec.Score.Criteria[0].Rule, Severity: rec.Score.Criteria[0].Severity, Calls: 1,
	}}
	if diff := cmp.Diff(want, tally.Broken); diff != "" {
		t.Errorf("got (+) differs from want (-):\n%s", diff)
	}
}

// migrateTo makes the tables of an earlier version.
func migrateTo(t *testing.T, location string, version int64) {
	t.Helper()
	dialect, folder := goose.DialectSQLite3, "migrations/sqlite"
	if strings.Contains(location, "://") {
		dialect, folder = goose.DialectPostgres, "migrations/postgres"
	}
	provider, err := goose.NewProvider(dialect, raw(t, location), os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
}

// copyTable copies the rows of a table, without the columns that its copy lacks.
func copyTable(t *testing.T, from, to, table string) {
	t.Helper()
	target := raw(t, to)
	columns := columnsOf(t, target, table)
	source, err := raw(t, from).QueryContext(t.Context(), "SELECT "+strings.Join(columns, ", ")+" FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	places := make([]string, len(columns))
	for i := range places {
		places[i] = "$" + strconv.Itoa(i+1)
	}
	for source.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := source.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		insert := "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES (" + strings.Join(places, ", ") + ")"
		if _, err := target.ExecContext(t.Context(), insert, values...); err != nil {
			t.Fatal(err)
		}
	}
	if err := source.Err(); err != nil {
		t.Fatal(err)
	}
}

func columnsOf(t *testing.T, db *sql.DB, table string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+table+" LIMIT 0")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	return columns
}

// Whoever comes while another migrates waits for it, and gives up when its own time is over.
func TestMigrationsWaitForEachOther(t *testing.T) {
	onBoth(t, func(t *testing.T, location string) {
		release := holdMigrations(t, location)
		short, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		if s, err := store.Open(short, location); err == nil {
			_ = s.Close()
			t.Fatal("opened while another migrates")
		} else if !errors.Is(err, context.DeadlineExceeded) && short.Err() == nil {
			t.Fatalf("got %v, want that it waits", err)
		}
		opened := make(chan error, 1)
		go func() {
			s, err := store.Open(t.Context(), location)
			if err == nil {
				err = s.Close()
			}
			opened <- err
		}()
		select {
		case err := <-opened:
			t.Fatalf("opened while another migrates: %v", err)
		case <-time.After(300 * time.Millisecond):
		}
		release()
		if err := <-opened; err != nil {
			t.Fatal(err)
		}
	})
}

// holdMigrations takes the lock that migrations run under.
func holdMigrations(t *testing.T, location string) (release func()) {
	t.Helper()
	if strings.Contains(location, "://") {
		conn, err := raw(t, location).Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.ExecContext(t.Context(), "SELECT pg_advisory_lock(x'7a68696a69616e'::bigint)"); err != nil {
			t.Fatal(err)
		}
		return func() {
			if _, err := conn.ExecContext(t.Context(), "SELECT pg_advisory_unlock_all()"); err != nil {
				t.Error(err)
			}
			_ = conn.Close()
		}
	}
	file, err := os.Create(location + ".migrate")
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	return func() { _ = file.Close() }
}
