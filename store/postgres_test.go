package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/internal/pgtest"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/store/storetest"
)

// postgres is the server of these tests. TestMain stops it.
var postgres pgtest.Server

func TestPostgresConforms(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) *store.Store { return open(t, postgres.Database(t)) })
}

func TestPostgresRefuses(t *testing.T) {
	t.Parallel()
	url := postgres.Database(t)
	newer := postgres.Database(t)
	if err := open(t, newer).Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, newer, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
	latin := postgres.Database(t, "ENCODING 'LATIN1' TEMPLATE template0")
	for _, test := range []struct{ url, want string }{
		{newer, fmt.Sprintf("schema version 99999 is newer than this program's %d: use a newer version of zhijian", newest)},
		{strings.Replace(url, "/test_", "/no_such_", 1), "does not exist"},
		{strings.Replace(url, "zhijian@", "zhijian:secret@", 1) + "&port=1", "no such file"},
		{"postgres://zhijian:secret@127.0.0.1:1/zhijian", "connection refused"},
		{"postgres://zhijian:sec ret@[::1", "this is no PostgreSQL URL"},
		{"postgres://zhijian:secret@localhost/zhijian?sslmode=perhaps", "sslmode"},
		{latin, "the database has the encoding LATIN1, UTF8 is needed"},
	} {
		s, err := store.Open(t.Context(), test.url)
		if err == nil {
			_ = s.Close()
			t.Errorf("%s: got no error, want %q", test.url, test.want)
		} else if !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got error %q, want it to say %q and no password", test.url, err, test.want)
		}
	}
}

func TestPostgresDecisionsAreNeverChanged(t *testing.T) {
	t.Parallel()
	url := postgres.Database(t)
	s, rec := open(t, url), storetest.Sample(1)
	decideSample(t, s, rec)
	for _, statement := range []string{"UPDATE decisions SET ruling = 'accept'", "DELETE FROM decisions"} {
		if _, err := raw(t, url).ExecContext(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "decisions are never") {
			t.Errorf("%s: got %v, want that it is refused", statement, err)
		}
	}
}

// decideSample saves rec and a decision about its first finding.
func decideSample(t *testing.T, s *store.Store, rec score.Record) {
	t.Helper()
	if err := s.SaveTranscript(t.Context(), rec.Recording, rec.Health, rec.Transcript); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveResult(t.Context(), rec); err != nil {
		t.Fatal(err)
	}
	decision, err := score.NewDecision(rec.Score, rec.Score.Criteria[0].Rule, score.RulingReject)
	if err != nil {
		t.Fatal(err)
	}
	decision.By = "李四"
	if err := s.SaveDecision(t.Context(), rec.Recording.SHA256, decision); err != nil {
		t.Fatal(err)
	}
}

// A transaction that the server undid because it and another waited for each other is tried again.
func TestPostgresTriesAgainAfterADeadlock(t *testing.T) {
	t.Parallel()
	url := postgres.Database(t)
	name := url[strings.Index(url, "/test_")+1 : strings.Index(url, "?")]
	// The store's side is to find the deadlock, so that the other goes on.
	if err := postgres.Do(t.Context(), "ALTER DATABASE "+name+" SET deadlock_timeout = '2s'"); err != nil {
		t.Fatal(err)
	}
	s := open(t, url)
	first, second := storetest.Sample(1), storetest.Sample(2)
	if first.Recording.SHA256 > second.Recording.SHA256 {
		first, second = second, first
	}
	for _, rec := range []score.Record{first, second} {
		if err := s.SaveTranscript(t.Context(), rec.Recording, rec.Health, rec.Transcript); err != nil {
			t.Fatal(err)
		}
	}
	other, err := raw(t, url).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	touch := "UPDATE recordings SET team = '三组' WHERE sha256 = $1"
	run(t, other, "SET LOCAL deadlock_timeout = '5min'")
	run(t, other, touch, second.Recording.SHA256)
	saved := make(chan error, 1)
	go func() { saved <- s.SaveResults(t.Context(), []score.Record{first, second}) }()
	for waiting := 0; waiting == 0; {
		const blocked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
		if err := raw(t, url).QueryRowContext(t.Context(), blocked).Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	run(t, other, touch, first.Recording.SHA256)
	if err := other.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-saved; err != nil {
		t.Fatal(err)
	}
	if got := count(t, url, "results"); got != 2 {
		t.Errorf("got %d results, want 2", got)
	}
	var deadlocks int
	stats := raw(t, url)
	for deadlocks == 0 && t.Context().Err() == nil { // the statistics come late
		if err := stats.QueryRowContext(t.Context(), "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").Scan(&deadlocks); err != nil {
			t.Fatal(err)
		}
	}
}

func run(t *testing.T, tx *sql.Tx, statement string, args ...any) {
	t.Helper()
	if _, err := tx.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

// A server that is killed and started anew while it is written to and read from is waited for.
func TestPostgresRestartIsSatOut(t *testing.T) {
	t.Parallel()
	var own pgtest.Server
	t.Cleanup(own.Stop)
	url := own.Database(t)
	s := open(t, url)
	stop := writing(t, s)
	for range 3 {
		time.Sleep(150 * time.Millisecond)
		if err := own.Halt(); err != nil {
			t.Fatal(err)
		}
		started := make(chan error, 1)
		go func() {
			time.Sleep(500 * time.Millisecond)
			started <- own.Start()
		}()
		for rec, err := range s.Calls(t.Context(), store.CallFilter{Agents: []string{"1000"}}) { // while it is away
			if err != nil {
				t.Fatalf("read call %s: %v", rec.Recording.ID, err)
			}
		}
		if err := <-started; err != nil {
			t.Fatal(err)
		}
	}
	written := stop() // the writer failed the test if anything was refused
	if got := wantPrefix(t, s, written); got != written {
		t.Errorf("got %d calls, want %d", got, written)
	}
	gone, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := own.Halt(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.FindRecording(gone, storetest.Hash(1)); err == nil || gone.Err() == nil {
		t.Errorf("got %v, want that it waits as long as it may", err)
	}
	if err := own.Start(); err != nil {
		t.Fatal(err)
	}
}
