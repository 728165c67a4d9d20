package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
)

var onRequest = store.Erasure{Reason: store.ErasedOnRequest, By: "李四", Note: "工单 17"}

func erasedLeavesNothing(t *testing.T, s *store.Store) {
	gone, other, stays := Sample(1), Sample(2), Sample(3)
	for _, rec := range []score.Record{gone, other, stays} {
		must(t, s, rec)
		check(t, s.SaveDecision(t.Context(), rec.Recording.SHA256, sampleDecision(score.RulingReject, "不是抱怨")))
		check(t, s.SaveFailure(t.Context(), call.Failure{Path: rec.Recording.Path, Code: "unreadable"}))
	}
	copied := gone.Recording
	copied.Path = "/other/copy.wav"
	_, err := s.AddSighting(t.Context(), copied)
	check(t, err)
	_, was, err := s.Erased(t.Context(), gone.Recording.SHA256)
	check(t, err)
	wantEqual(t, was, false)

	n, err := s.Erase(t.Context(), []string{gone.Recording.SHA256, Hash(99), other.Recording.SHA256, gone.Recording.SHA256}, onRequest)
	check(t, err)
	wantEqual(t, n, 2)
	for _, rec := range []score.Record{gone, other} {
		_, err := s.FindRecording(t.Context(), rec.Recording.SHA256)
		wantIs(t, err, call.ErrNotFound)
		_, _, _, err = s.FindTranscript(t.Context(), rec.Recording.SHA256, "t1")
		wantIs(t, err, call.ErrNotFound)
		for _, ref := range []string{rec.Recording.ID, rec.Recording.Path, "copy.wav"} {
			_, err = s.FindAny(t.Context(), ref)
			wantIs(t, err, call.ErrNotFound)
		}
		decisions, err := s.Decisions(t.Context(), rec.Recording.SHA256)
		check(t, err)
		wantEqual(t, len(decisions), 0)
	}
	wantPaths(t, s, stays.Recording.Path)
	wantEqual(t, paths(t, s, store.CallFilter{}), []string{stays.Recording.Path})
	kept, err := s.Decisions(t.Context(), stays.Recording.SHA256)
	check(t, err)
	wantEqual(t, len(kept), 1)
	_, err = s.AddSighting(t.Context(), copied)
	wantIs(t, err, store.ErrErased)
	wantIs(t, s.SaveTranscript(t.Context(), gone.Recording, gone.Health, gone.Transcript), store.ErrErased)
	wantIs(t, s.SaveResult(t.Context(), gone), call.ErrNotFound)
	_, err = s.FindRecording(t.Context(), gone.Recording.SHA256)
	wantIs(t, err, call.ErrNotFound)
	erasuresKept(t, s, gone, other)
}

// What is erased while others save it does not come back.
func erasedWhileSaved(t *testing.T, s *store.Store) {
	for n := range 20 {
		rec := Sample(n)
		must(t, s, rec)
		atOnce(t, 4, func(i int) error {
			if i == 0 {
				_, err := s.Erase(t.Context(), []string{rec.Recording.SHA256}, onRequest)
				return err
			}
			again := rec
			again.Transcript = Transcript(fmt.Sprintf("t%d", i+1))
			err := s.SaveTranscript(t.Context(), again.Recording, again.Health, again.Transcript)
			if err == nil {
				err = s.SaveResult(t.Context(), again)
			}
			if errors.Is(err, store.ErrErased) || errors.Is(err, call.ErrNotFound) {
				return nil
			}
			return err
		})
		_, err := s.FindRecording(t.Context(), rec.Recording.SHA256)
		wantIs(t, err, call.ErrNotFound)
	}
	wantEqual(t, len(paths(t, s, store.CallFilter{})), 0)
}

// erasuresKept holds what is left of erased calls.
func erasuresKept(t *testing.T, s *store.Store, erased ...score.Record) {
	t.Helper()
	list, err := s.Erasures(t.Context(), time.Now().Add(-time.Minute), time.Now().Add(time.Minute))
	check(t, err)
	want := map[string]store.Erasure{}
	for _, rec := range erased {
		e := onRequest
		e.ID = rec.Recording.ID
		want[e.ID] = e
		found, was, err := s.Erased(t.Context(), rec.Recording.SHA256)
		check(t, err)
		wantEqual(t, was && found.ID == e.ID, true)
	}
	got := map[string]store.Erasure{}
	for _, e := range list {
		got[e.ID] = e
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(store.Erasure{}, "At")); diff != "" || len(list) != len(want) {
		t.Errorf("%d erasures: got (+) differs from want (-):\n%s", len(list), diff)
	}
	list, err = s.Erasures(t.Context(), time.Now().Add(time.Minute), time.Time{})
	check(t, err)
	wantEqual(t, len(list), 0)
	n, err := s.Erase(t.Context(), []string{erased[0].Recording.SHA256}, onRequest)
	check(t, err)
	wantEqual(t, n, 0)
	_, err = s.Erase(t.Context(), []string{Hash(3)}, store.Erasure{Reason: store.ErasedForAge})
	wantIs(t, err, call.ErrInvalid)
}

// agedSample is the n-th sample as it began so many days before now.
func agedSample(n, days int, change func(*score.Record)) score.Record {
	rec := Sample(n)
	rec.Recording.StartedAt = time.Now().Add(-time.Duration(days)*24*time.Hour - time.Hour).Truncate(time.Millisecond)
	if change != nil {
		change(&rec)
	}
	return rec
}

func expiredByPolicy(t *testing.T, s *store.Store) {
	policy, err := store.ParsePolicy([]string{"100d", "complaint: 300d", "pass: 10d", "complaint fail: 500d", "repair fail: 50d"}, plain)
	check(t, err)
	verdict := func(v score.Verdict) func(*score.Record) { return func(r *score.Record) { r.Score.Verdict = v } }
	bare := agedSample(7, 0, verdict(score.VerdictPass)) // its time is when it was stored
	bare.Recording.StartedAt = time.Time{}
	detected := agedSample(8, 60, func(r *score.Record) {
		r.Score.Verdict, r.Recording.Scenario, r.Score.Scenario = score.VerdictFail, "", &score.Scenario{Name: "repair"}
	})
	for _, rec := range []score.Record{ // even samples are of repairs, odd ones of complaints
		agedSample(0, 9, verdict(score.VerdictPass)),
		agedSample(2, 11, verdict(score.VerdictPass)),
		agedSample(1, 299, verdict(score.VerdictPass)),
		agedSample(3, 301, verdict(score.VerdictReview)),
		agedSample(5, 499, verdict(score.VerdictFail)),
		agedSample(9, 501, verdict(score.VerdictFail)),
		agedSample(4, 99, verdict(score.VerdictReview)),
		bare, detected,
	} {
		must(t, s, rec)
	}
	unscored := agedSample(6, 101, nil)
	check(t, s.SaveTranscript(t.Context(), unscored.Recording, unscored.Health, unscored.Transcript))
	want := map[string]string{
		Hash(2): "pass: 10d", Hash(3): "complaint: 300d", Hash(9): "complaint fail: 500d", Hash(8): "repair fail: 50d", Hash(6): "100d",
	}
	got := map[string]string{}
	for e, err := range s.Expired(t.Context(), policy, time.Now()) {
		check(t, err)
		got[e.SHA256] = e.Keep
		n, err := s.Erase(t.Context(), []string{e.SHA256}, store.Erasure{Reason: store.ErasedForAge, By: "cron", Note: e.Keep})
		check(t, err)
		wantEqual(t, n, 1)
	}
	wantEqual(t, got, want)
	for e, err := range s.Expired(t.Context(), policy, time.Now()) {
		check(t, err)
		t.Errorf("%s is still there", e.ID)
	}
}

// A verdict that people changed counts as they decided.
func expiredAsDecided(t *testing.T, s *store.Store) {
	rec := agedSample(1, 20, nil)
	must(t, s, rec)
	policy, err := store.ParsePolicy([]string{"fail: 10d", "pass: 10d", "30d"}, plain)
	check(t, err)
	for _, ruling := range []score.Ruling{score.RulingReject, score.RulingAccept} {
		check(t, s.SaveDecision(t.Context(), rec.Recording.SHA256, sampleDecision(ruling, "")))
		shown, err := s.FindCall(t.Context(), rec.Recording.ID)
		check(t, err)
		for e, err := range s.Expired(t.Context(), policy, time.Now()) {
			check(t, err)
			wantEqual(t, e.Verdict, shown.Score.Verdict)
		}
	}
}

func expiredInPages(t *testing.T, s *store.Store) {
	policy, err := store.ParsePolicy([]string{"10d"}, plain)
	check(t, err)
	const calls = 450
	for n := range calls {
		rec := agedSample(n, 10+n%2-1, nil)
		check(t, s.SaveTranscript(t.Context(), rec.Recording, nil, rec.Transcript))
	}
	seen := 0
	for _, err := range s.Expired(t.Context(), policy, time.Now()) {
		check(t, err)
		seen++
	}
	wantEqual(t, seen, calls/2)
}

func customerFound(t *testing.T, s *store.Store) {
	for n, number := range []string{"13800138000", "+86 138-0013-8000", "008613800138000", "13800138001", "", "010-63416000"} {
		rec := Sample(n).Recording
		rec.Customer = number
		_, err := s.AddSighting(t.Context(), rec)
		check(t, err)
	}
	for number, want := range map[string][]int{
		"138 0013 8000": {0, 1, 2}, "8613800138000": {0, 1, 2}, "13800138001": {3}, "01063416000": {5}, "8000": nil,
	} {
		found, err := s.OfCustomer(t.Context(), number)
		check(t, err)
		got, wanted := map[string]bool{}, map[string]bool{}
		for _, rec := range found {
			got[rec.SHA256] = true
		}
		for _, n := range want {
			wanted[Hash(n)] = true
		}
		wantEqual(t, got, wanted)
	}
	_, err := s.OfCustomer(t.Context(), " - ")
	wantIs(t, err, call.ErrInvalid)
}

func failuresErased(t *testing.T, s *store.Store) {
	for _, path := range []string{"/a.wav", "/b.wav"} {
		check(t, s.SaveFailure(t.Context(), call.Failure{Path: path, Code: "empty"}))
	}
	n, err := s.EraseFailures(t.Context(), []call.Failure{{Path: "/a.wav"}, {Path: "/c.wav"}})
	check(t, err)
	wantEqual(t, n, 1)
	wantPaths(t, s, "/b.wav")
}

func plain(scenario string) string { return scenario }
