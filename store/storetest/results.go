package storetest

import (
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
)

func resultComesBack(t *testing.T, s *store.Store) {
	want := Sample(1)
	must(t, s, want)
	wantEqual(t, calls(t, s, store.CallFilter{}), []score.Record{want})
}

func resultNeedsTranscript(t *testing.T, s *store.Store) {
	rec := Sample(1)
	wantIs(t, s.SaveResult(t.Context(), rec), call.ErrNotFound)
	_, err := s.AddSighting(t.Context(), rec.Recording)
	check(t, err)
	wantIs(t, s.SaveResult(t.Context(), rec), call.ErrNotFound)
	wantEqual(t, paths(t, s, store.CallFilter{}), []string{})
}

func lastResultShown(t *testing.T, s *store.Store) {
	rec := Sample(1)
	must(t, s, rec)
	later := Sample(1)
	later.Transcript = Transcript("t2")
	later.Score.Revision, later.Score.Points = "r2", 70
	must(t, s, later)
	wantEqual(t, calls(t, s, store.CallFilter{}), []score.Record{later})
	check(t, s.SaveResult(t.Context(), rec)) // back to the earlier rules
	wantEqual(t, calls(t, s, store.CallFilter{}), []score.Record{rec})
}

func resultOnceMore(t *testing.T, s *store.Store) {
	rec := Sample(1)
	must(t, s, rec)
	again := Sample(1)
	again.Score.Points = 1 // the same key must not bring another content
	must(t, s, again)
	wantEqual(t, calls(t, s, store.CallFilter{}), []score.Record{rec})
}
