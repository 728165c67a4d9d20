package storetest

import (
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
)

// sampleDecision is about the only finding of a Sample.
func sampleDecision(ruling score.Ruling, note string) score.Decision {
	finding := Sample(1).Score.Criteria[0]
	return score.Decision{
		Rule: finding.Rule, Ruling: ruling, By: "李四", At: time.UnixMilli(1_800_000_000_123).UTC(), Note: note, Appeal: true,
		Outcome: finding.Outcome, Points: finding.Points, Evidence: finding.Evidence,
	}
}

func decisionsKept(t *testing.T, s *store.Store) {
	rec := Sample(1)
	must(t, s, rec)
	must(t, s, Sample(2))
	reject, accept := sampleDecision(score.RulingReject, "不是抱怨"), sampleDecision(score.RulingAccept, "")
	check(t, s.SaveDecision(t.Context(), rec.Recording.SHA256, reject))
	got, err := s.FindCall(t.Context(), rec.Recording.ID)
	check(t, err)
	wantEqual(t, got.Score, rec.Score.Decided([]score.Decision{reject}))
	wantEqual(t, got.Score.Criteria[0].Outcome, score.OutcomePass)
	check(t, s.SaveDecision(t.Context(), rec.Recording.SHA256, accept))
	history, err := s.Decisions(t.Context(), rec.Recording.SHA256)
	check(t, err)
	wantEqual(t, history, []score.Decision{accept, reject})
	for _, shown := range calls(t, s, store.CallFilter{}) {
		decided := shown.Score.Criteria[0].Decision != nil
		wantEqual(t, decided, shown.Recording.ID == rec.Recording.ID)
	}
	page, err := s.KeptCalls(t.Context(), store.CallFilter{}, "", 10)
	check(t, err)
	for _, kept := range page {
		judged, err := kept.Record()
		check(t, err)
		wantEqual(t, judged.Score.IsDecided(), false)
		wantEqual(t, len(kept.Decisions()) == 2, kept.SHA256() == rec.Recording.SHA256)
	}
}

func decisionNeedsResult(t *testing.T, s *store.Store) {
	rec := Sample(1)
	decision := sampleDecision(score.RulingReject, "")
	wantIs(t, s.SaveDecision(t.Context(), rec.Recording.SHA256, decision), call.ErrNotFound)
	must(t, s, rec)
	decision.By = ""
	wantIs(t, s.SaveDecision(t.Context(), rec.Recording.SHA256, decision), call.ErrInvalid)
	rec.Score = rec.Score.Decided([]score.Decision{sampleDecision(score.RulingReject, "")})
	wantIs(t, s.SaveResult(t.Context(), rec), call.ErrInvalid)
}

func keptInPages(t *testing.T, s *store.Store) {
	for n := range 7 {
		must(t, s, Sample(n))
	}
	next := Sample(3)
	next.Score.Revision, next.Score.Points = "r2", 50
	check(t, s.SaveResults(t.Context(), []score.Record{next}))
	check(t, s.SaveResults(t.Context(), []score.Record{next}))
	n, err := s.CountCalls(t.Context(), store.CallFilter{})
	check(t, err)
	wantEqual(t, n, int64(7))
	seen := map[string]bool{}
	for last := ""; ; {
		page, err := s.KeptCalls(t.Context(), store.CallFilter{}, last, 3)
		check(t, err)
		if len(page) == 0 {
			break
		}
		for _, kept := range page {
			last = kept.SHA256()
			seen[last] = true
			same, err := kept.ScoredBy("r2")
			check(t, err)
			wantEqual(t, same, last == next.Recording.SHA256)
			previous, ok, err := kept.Previous()
			check(t, err)
			wantEqual(t, ok, same)
			if ok {
				wantEqual(t, previous, Sample(3).Score)
			}
		}
	}
	wantEqual(t, len(seen), 7)
}
