package worker_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/store/storetest"
	"github.com/zhijian-qa/zhijian/worker"
)

// strict asks for more than lax: what passes the one fails the other.
const lax, strict = "pass_mark: 0.1", "pass_mark: 1"

func scorerOf(t *testing.T, lex *lexicon.Set, mark string) *score.Scorer {
	t.Helper()
	path := filepath.Join(t.TempDir(), "card.yaml")
	text := "name: mine\nzh: 我的\n" + mark + `
rules:
  - {id: closing.farewell, zh: 道别, kind: must_say, lists: [closing], where: {last: {seconds: 20}}, points: 5}
  - {id: forbidden.shirking, zh: 推诿, kind: must_not_say, lists: [shirking], per_hit: 5, points: 5}
`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	card, err := score.LoadScorecard(path)
	if err != nil {
		t.Fatal(err)
	}
	scorer, err := score.New(lex, card, score.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return scorer
}

// kept is a store of calls that were scored by lax rules, and a scorer with strict ones.
func kept(t *testing.T, calls int) (*store.Store, *score.Scorer) {
	t.Helper()
	lex, err := lexicon.Load(lexicon.Config{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lex.Close)
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "zhijian.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	scorer := scorerOf(t, lex, lax)
	for n := range calls {
		talk := storetest.Talk(n, 120)
		if err := st.SaveTranscript(t.Context(), talk.Recording, talk.Health, talk.Transcript); err != nil {
			t.Fatal(err)
		}
		if err := st.SaveResult(t.Context(), scorer.Score(talk.Recording, talk.Health, talk.Transcript)); err != nil {
			t.Fatal(err)
		}
	}
	return st, scorerOf(t, lex, strict)
}

// shown returns the result that is shown of each call.
func shown(t *testing.T, st *store.Store) map[string]score.Record {
	t.Helper()
	all := map[string]score.Record{}
	for rec, err := range st.Calls(t.Context(), store.CallFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		all[rec.Recording.ID] = rec
	}
	return all
}

// collect runs r and returns what it reports of each call.
func collect(t *testing.T, r worker.Rescorer) map[string]worker.Rescored {
	t.Helper()
	all := map[string]worker.Rescored{}
	err := r.Run(t.Context(), store.CallFilter{}, func(done worker.Rescored) {
		if _, twice := all[done.After.Recording.ID]; twice {
			t.Errorf("call %s is reported twice", done.After.Recording.ID)
		}
		all[done.After.Recording.ID] = done
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// outlined is what is told of a call that is not scored anew.
func outlined(rec score.Record) score.Record {
	rec.Measures, rec.Score = score.Measures{}, rec.Score.Outline()
	return rec
}

func TestRescoreKeepsNewResultsBesideTheOldOnes(t *testing.T) {
	t.Parallel()
	st, scorer := kept(t, 150)
	before := shown(t, st)
	dry := collect(t, worker.Rescorer{Store: st, Scorer: scorer, Workers: 3, DryRun: true})
	if diff := cmp.Diff(before, shown(t, st)); diff != "" {
		t.Fatalf("a dry run changed the store (-before +after):\n%s", diff)
	}
	done := collect(t, worker.Rescorer{Store: st, Scorer: scorer, Workers: 3})
	if diff := cmp.Diff(dry, done); diff != "" {
		t.Errorf("a dry run differs from a real one (-dry +real):\n%s", diff)
	}
	after := shown(t, st)
	for id, d := range done {
		if diff := cmp.Diff(outlined(before[id]), outlined(d.Before)); diff != "" || !d.Fresh {
			t.Errorf("call %s: fresh %v, before differs:\n%s", id, d.Fresh, diff)
		}
		if diff := cmp.Diff(after[id], d.After); diff != "" {
			t.Errorf("call %s: after differs:\n%s", id, diff)
		}
	}
	if len(done) != len(before) {
		t.Errorf("%d calls are reported, want %d", len(done), len(before))
	}
	again := collect(t, worker.Rescorer{Store: st, Scorer: scorer, Workers: 2})
	for id, d := range again {
		if d.Fresh || !cmp.Equal(outlined(d.Before), outlined(before[id])) || !cmp.Equal(outlined(d.After), outlined(after[id])) {
			t.Errorf("call %s is scored again, or its difference is forgotten", id)
		}
	}
}

func TestRescoreGoesOnWhereItWasInterrupted(t *testing.T) {
	t.Parallel()
	st, scorer := kept(t, 200)
	before := shown(t, st)
	ctx, cancel := context.WithCancel(t.Context())
	rescorer := worker.Rescorer{Store: st, Scorer: scorer, Workers: 2}
	reported := 0
	err := rescorer.Run(ctx, store.CallFilter{}, func(worker.Rescored) {
		if reported++; reported == 70 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v after %d calls, want that it was interrupted", err, reported)
	}
	fresh := 0
	for id, d := range collect(t, rescorer) {
		if d.Fresh {
			fresh++
		}
		if !cmp.Equal(outlined(d.Before), outlined(before[id])) {
			t.Errorf("call %s: the result before is forgotten", id)
		}
	}
	if fresh == 0 || fresh > len(before)-64 {
		t.Errorf("%d of %d calls are scored by the second run, want the rest", fresh, len(before))
	}
}

func TestRescoreTakesTheDaysAskedFor(t *testing.T) {
	t.Parallel()
	st, scorer := kept(t, 8)
	since := storetest.Talk(5, 120).Recording.StartedAt
	n := 0
	rescorer := worker.Rescorer{Store: st, Scorer: scorer}
	err := rescorer.Run(t.Context(), store.CallFilter{Since: since, Until: since.Add(time.Minute)}, func(worker.Rescored) { n++ })
	if err != nil || n != 2 {
		t.Errorf("%d calls, %v; want the 2 of that minute", n, err)
	}
}
