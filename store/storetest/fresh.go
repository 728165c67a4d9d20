package storetest

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
)

// saveNew saves rec and fails the test when it is refused.
func saveNew(t *testing.T, s *store.Store, rec score.Record, job string) (ok bool) {
	t.Helper()
	ok, err := s.SaveNew(t.Context(), rec.Health, rec, job)
	check(t, err)
	return ok
}

// seenAt holds that the recording of rec was seen at its path and nowhere else.
func seenAt(t *testing.T, s *store.Store, rec score.Record) {
	t.Helper()
	seen, err := s.Paths(t.Context(), rec.Recording.SHA256)
	check(t, err)
	wantEqual(t, seen, []string{rec.Recording.Path})
}

func met(t *testing.T, s *store.Store, n int) store.Met {
	t.Helper()
	met, err := s.Meet(t.Context(), Hash(n))
	check(t, err)
	return met
}

// A new call is there with its result, its job is done, and what it failed with before is forgotten.
func newCallAtOnce(t *testing.T, s *store.Store) {
	rec, job := Sample(1), addJobs(t, s, 1)[0].ID
	check(t, s.SaveFailure(t.Context(), call.Failure{Path: rec.Recording.Path, Code: "empty"}))
	wantEqual(t, met(t, s, 1), store.Met{})
	wantEqual(t, saveNew(t, s, rec, job), true)
	wantEqual(t, met(t, s, 1), store.Met{Kept: true})
	wantEqual(t, calls(t, s, store.CallFilter{}), []score.Record{rec})
	seenAt(t, s, rec)
	done := findJob(t, s, job)
	wantEqual(t, done.State, store.JobDone)
	wantEqual(t, done.Recording, rec.Recording.ID)
	wantEqual(t, done.Metadata, call.Metadata{})
	failures, err := s.Failures(t.Context(), store.FailureFilter{})
	check(t, err)
	wantEqual(t, len(failures), 0)
	_, heard, transcript, err := s.FindTranscript(t.Context(), Hash(1), rec.Transcript.Revision)
	check(t, err)
	wantEqual(t, heard, rec.Health)
	wantEqual(t, transcript, rec.Transcript)
}

// A call that something is kept of is not new, whatever that is, and stays as it was.
func newCallOnce(t *testing.T, s *store.Store) {
	rec, job := Sample(1), addJobs(t, s, 1)[0].ID
	wantEqual(t, saveNew(t, s, rec, ""), true)
	other := Sample(1)
	other.Transcript, other.Score.Points, other.Recording.Path = Transcript("t2"), 1, "/other.wav"
	wantEqual(t, saveNew(t, s, other, job), false)
	wantEqual(t, findJob(t, s, job).State, store.JobQueued)
	wantEqual(t, calls(t, s, store.CallFilter{}), []score.Record{rec})
	seenAt(t, s, rec)
	seen := Sample(2)
	_, err := s.AddSighting(t.Context(), seen.Recording)
	check(t, err)
	wantEqual(t, saveNew(t, s, seen, ""), false)
	must(t, s, seen)
	wantEqual(t, len(calls(t, s, store.CallFilter{})), 2)
}

func newCallRefused(t *testing.T, s *store.Store) {
	for name, spoil := range map[string]func(*score.Record){
		"hash":     func(r *score.Record) { r.Recording.SHA256 = "" },
		"path":     func(r *score.Record) { r.Recording.Path = "" },
		"revision": func(r *score.Record) { r.Transcript.Revision = "" },
		"decided": func(r *score.Record) {
			r.Score = r.Score.Decided([]score.Decision{sampleDecision(score.RulingReject, "")})
		},
	} {
		t.Run(name, func(t *testing.T) {
			rec := Sample(1)
			spoil(&rec)
			_, err := s.SaveNew(t.Context(), rec.Health, rec, "")
			wantIs(t, err, call.ErrInvalid)
		})
	}
	wantEqual(t, met(t, s, 1), store.Met{})
}

// Many save new calls at once, some of them the same ones, and one of them one that was erased: each is saved by one
// of them, and the fault is that one's alone.
func newCallsTogether(t *testing.T, s *store.Store) {
	const writers, each = 8, 6
	gone := Sample(each)
	wantEqual(t, saveNew(t, s, gone, ""), true)
	_, err := s.Erase(t.Context(), []string{gone.Recording.SHA256}, onRequest)
	check(t, err)
	wantEqual(t, met(t, s, each), store.Met{Erased: true})
	var jobs []string
	for n := range each {
		jobs = append(jobs, addJobs(t, s, n)[0].ID)
	}
	var saved atomic.Int64
	atOnce(t, writers*(each+1), func(i int) error {
		rec, job := Sample(i%(each+1)), ""
		if i%(each+1) < each {
			job = jobs[i%(each+1)]
		}
		ok, err := s.SaveNew(t.Context(), rec.Health, rec, job)
		if ok {
			saved.Add(1)
		}
		if job == "" {
			if !errors.Is(err, store.ErrErased) {
				return fmt.Errorf("the erased one: %v, %w", ok, err)
			}
			return nil
		}
		return err
	})
	wantEqual(t, int(saved.Load()), each)
	got := map[string]score.Record{}
	for _, rec := range calls(t, s, store.CallFilter{}) {
		got[rec.Recording.SHA256] = rec
	}
	wantEqual(t, len(got), each)
	for n := range each {
		wantEqual(t, got[Hash(n)], Sample(n))
		wantEqual(t, findJob(t, s, jobs[n]).Recording, Sample(n).Recording.ID)
	}
	wantEqual(t, met(t, s, each), store.Met{Erased: true})
}

// A new call that is erased while others save it anew does not come back.
func newCallErased(t *testing.T, s *store.Store) {
	for n := range 20 {
		rec := Sample(n)
		wantEqual(t, saveNew(t, s, rec, ""), true)
		atOnce(t, 4, func(i int) error {
			if i == 0 {
				_, err := s.Erase(t.Context(), []string{rec.Recording.SHA256}, onRequest)
				return err
			}
			if _, err := s.SaveNew(t.Context(), rec.Health, rec, ""); !errors.Is(err, store.ErrErased) {
				return err
			}
			return nil
		})
		wantEqual(t, met(t, s, n), store.Met{Erased: true})
	}
	wantEqual(t, len(paths(t, s, store.CallFilter{})), 0)
}
