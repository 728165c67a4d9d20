package store_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/store/storetest"
)

func open(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestSQLiteConforms(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) *store.Store {
		return open(t, filepath.Join(t.TempDir(), "zhijian.db"))
	})
}

func TestSQLiteFileIsPrivateAndNamesAreFree(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"质检.db", "a b?c%20d#e.db", "plain.db"} {
		dir := filepath.Join(t.TempDir(), "data")
		path := filepath.Join(dir, name)
		s := open(t, path)
		rec := storetest.Sample(1)
		if err := s.SaveTranscript(t.Context(), rec.Recording, rec.Health, rec.Transcript); err != nil {
			t.Fatal(err)
		}
		for file, want := range map[string]os.FileMode{dir: 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600} {
			info, err := os.Stat(file)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			} else if info.Mode().Perm() != want {
				t.Errorf("%s has mode %o, want %o", file, info.Mode().Perm(), want)
			}
		}
	}
}

func TestSQLiteModeIsTightened(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "zhijian.db")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	open(t, path)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("got mode %o, want 600", info.Mode().Perm())
	}
}

func TestSQLiteMigratesTwice(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "zhijian.db")
	rec := storetest.Sample(1)
	for range 2 {
		s, err := store.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.SaveTranscript(t.Context(), rec.Recording, rec.Health, rec.Transcript); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveResult(t.Context(), rec); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for table, want := range map[string]int{"recordings": 1, "sightings": 1, "transcripts": 1, "results": 1, "failures": 0} {
		if got := count(t, path, table); got != want {
			t.Errorf("got %d rows in %s, want %d", got, table, want)
		}
	}
}

func TestSQLiteOpensAtOnceFromTwoSides(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "zhijian.db")
	errs := make(chan error, 4)
	for range cap(errs) {
		go func() {
			s, err := store.Open(t.Context(), path)
			if err == nil {
				err = s.Close()
			}
			errs <- err
		}()
	}
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestSQLiteRefuses(t *testing.T) {
	t.Parallel()
	newer := filepath.Join(t.TempDir(), "newer.db")
	if err := open(t, newer).Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, newer, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)")
	text := filepath.Join(t.TempDir(), "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is no database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ path, want string }{
		{newer, fmt.Sprintf("schema version 99999 is newer than this program's %d: use a newer version of zhijian", newest)},
		{text, "file is not a database"},
		{t.TempDir(), "is a directory"},
		{"mysql://localhost/zhijian", "mysql:// is no known database"},
	} {
		s, err := store.Open(t.Context(), test.path)
		if err == nil {
			_ = s.Close()
			t.Errorf("%s: got no error, want %q", test.path, test.want)
		} else if !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got error %q, want it to say %q", test.path, err, test.want)
		}
	}
}

func TestDecisionsAreNeverChanged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "zhijian.db")
	decideSample(t, open(t, path), storetest.Sample(1))
	for _, statement := range []string{"UPDATE decisions SET ruling = 'accept'", "DELETE FROM decisions"} {
		if _, err := raw(t, path).ExecContext(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "decisions are never") {
			t.Errorf("%s: got %v, want that it is refused", statement, err)
		}
	}
}

// raw opens the database behind a store for looking at its tables.
func raw(t *testing.T, location string) *sql.DB {
	t.Helper()
	driver, name := "sqlite3", "file:"+location+"?_busy_timeout=5000"
	if strings.HasPrefix(location, "postgres://") {
		driver, name = "pgx", location
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func execute(t *testing.T, location, statement string) {
	t.Helper()
	if _, err := raw(t, location).ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, location, table string) int {
	t.Helper()
	var n int
	if err := raw(t, location).QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
