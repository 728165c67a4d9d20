package app_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/internal/pgtest"
)

// postgres is the server of these tests. TestMain stops it.
var postgres pgtest.Server

func TestCheckReachesThePostgres(t *testing.T) {
	t.Parallel()
	url := postgres.Database(t)
	b := setup(t, func(c *config.Config) { c.Store = url })
	if err := app.Check(t.Context(), b.Env); err != nil || !strings.Contains(b.err.String(), "✔ 数据库") {
		t.Errorf("got %v: %s", err, b.err)
	}
	b.Config.Store = strings.Replace(url, "/test_", "/no_such_", 1)
	if err := app.Check(t.Context(), b.Env); !errors.Is(err, app.ErrCheckFailed) || !strings.Contains(b.err.String(), "does not exist") {
		t.Errorf("got %v: %s", err, b.err)
	}
}

// Two machines, each with a data folder of its own, score together into one database: what comes out is
// what one machine with SQLite makes of the same calls.
func TestTwoMachinesShareAPostgres(t *testing.T) {
	t.Parallel()
	url := postgres.Database(t)
	shared := func(c *config.Config) { c.Store, c.JSON = url, true }
	first, second := setup(t, shared), setup(t, shared)
	day := folder(t, noGreeting, shirking)
	var both errgroup.Group
	both.Go(func() error { return app.Score(t.Context(), first.Env, []string{day}) })
	both.Go(func() error { return app.Score(t.Context(), second.Env, []string{filepath.Join(day, shirking)}) })
	if err := both.Wait(); err != nil {
		t.Fatal(err)
	}
	alone := setup(t, asJSON)
	if err := app.Score(t.Context(), alone.Env, []string{day}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(readLines(t, alone.out), readLines(t, first.out)); diff != "" {
		t.Errorf("scores (-SQLite +PostgreSQL):\n%s", diff)
	}

	ruling := second.again(t)
	if err := app.Reject(t.Context(), ruling.Env, shirking, "forbidden.shirking"); err != nil {
		t.Fatal(err)
	}
	rescored := first.again(t)
	if err := app.Rescore(t.Context(), rescored.Env); err != nil {
		t.Fatal(err)
	}
	reported, reviewed := first.again(t), first.again(t)
	if err := app.Report(t.Context(), reported.Env); err != nil {
		t.Fatal(err)
	}
	if err := app.ReviewList(t.Context(), reviewed.Env); err != nil {
		t.Fatal(err)
	}
	for want, in := range map[string]*bytes.Buffer{`"calls":2`: reported.out, `"ruling":"reject"`: reviewed.out} {
		if !bytes.Contains(bytes.ReplaceAll(in.Bytes(), []byte(": "), []byte(":")), []byte(want)) {
			t.Errorf("got %s, want it to hold %s", in, want)
		}
	}
}
