package storetest

import (
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/store"
)

// callsGoOn reads calls page by page, while the one that a page ended with may be erased.
func callsGoOn(t *testing.T, s *store.Store) {
	for n := range 4 {
		must(t, s, Sample(n))
	}
	ids := func(filter store.CallFilter) (ids []string) {
		for _, rec := range calls(t, s, filter) {
			ids = append(ids, rec.Recording.ID)
		}
		return ids
	}
	all := ids(store.CallFilter{})
	wantEqual(t, ids(store.CallFilter{After: all[1]}), all[2:])
	wantEqual(t, len(ids(store.CallFilter{After: all[3]})), 0)
	team := store.CallFilter{Teams: []string{Sample(1).Recording.Team}}
	fit := ids(team)
	team.After = fit[0]
	wantEqual(t, ids(team), fit[1:])

	refused := func(filter store.CallFilter) {
		t.Helper()
		for rec, err := range s.Calls(t.Context(), filter) {
			if err == nil {
				t.Fatalf("got %s, want an error", rec.Recording.ID)
			}
			wantIs(t, err, call.ErrConflict)
			return
		}
		t.Error("got nothing, want an error")
	}
	refused(store.CallFilter{After: "0000000000000000"})
	refused(store.CallFilter{After: all[3], Until: time.Unix(0, 0)})
	must(t, s, Sample(5))
	_, err := s.Erase(t.Context(), []string{Hash(1)}, onRequest)
	check(t, err)
	refused(store.CallFilter{After: Sample(1).Recording.ID})
}

func secretMadeOnce(t *testing.T, s *store.Store) {
	got := make([][]byte, 8)
	atOnce(t, len(got), func(i int) (err error) {
		got[i], err = s.Secret(t.Context(), "one")
		return err
	})
	for _, secret := range got {
		wantEqual(t, secret, got[0])
	}
	other, err := s.Secret(t.Context(), "other")
	check(t, err)
	if len(other) != 32 || string(other) == string(got[0]) {
		t.Errorf("got %d bytes, want 32 others", len(other))
	}
}
