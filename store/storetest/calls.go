package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/store"
)

func callsFiltered(t *testing.T, s *store.Store) {
	for n := range 4 { // agents 1000 1001 1002 1000; teams and scenarios alternate
		must(t, s, Sample(n))
	}
	undated := Sample(4)
	undated.Recording.StartedAt, undated.Recording.Path = time.Time{}, "/calls/night/0004.wav"
	must(t, s, undated)
	at := func(n int) time.Time { return Sample(n).Recording.StartedAt }
	for _, test := range []struct {
		name   string
		filter store.CallFilter
		want   []int
	}{
		{"all", store.CallFilter{}, []int{0, 1, 2, 3, 4}},
		{"since is inclusive", store.CallFilter{Since: at(2)}, []int{2, 3}},
		{"until is exclusive", store.CallFilter{Until: at(2)}, []int{0, 1}},
		{"in another zone", store.CallFilter{Since: at(1).UTC(), Until: at(2).UTC()}, []int{1}},
		{"agent", store.CallFilter{Agents: []string{"1000"}}, []int{0, 3}},
		{"agents", store.CallFilter{Agents: []string{"1002", "1000"}}, []int{0, 2, 3}},
		{"team and scenario", store.CallFilter{Teams: []string{"二组"}, Scenarios: []string{"complaint"}}, []int{1, 3}},
		{"nothing", store.CallFilter{Teams: []string{"一组"}, Scenarios: []string{"complaint"}}, nil},
		{"file", store.CallFilter{Paths: []string{"/calls/day/0002.wav"}}, []int{2}},
		{"folder", store.CallFilter{Paths: []string{"/calls/day/"}}, []int{0, 1, 2, 3}},
		{"folders", store.CallFilter{Paths: []string{"/calls/night", "/calls/day"}}, []int{0, 1, 2, 3, 4}},
		{"no half name", store.CallFilter{Paths: []string{"/calls/d"}}, nil},
	} {
		want := []string{}
		for _, n := range test.want {
			want = append(want, map[bool]string{true: undated.Recording.Path, false: Sample(n).Recording.Path}[n == 4])
		}
		if diff := cmp.Diff(want, paths(t, s, test.filter)); diff != "" {
			t.Errorf("%s: got (+) differs from want (-):\n%s", test.name, diff)
		}
	}
}

func callsInOrder(t *testing.T, s *store.Store) {
	var want []string
	for n := range 8 {
		must(t, s, Sample(7-n))
		want = append(want, Sample(n).Recording.Path)
	}
	wantEqual(t, paths(t, s, store.CallFilter{}), want)
	seen := 0
	for _, err := range s.Calls(t.Context(), store.CallFilter{}) {
		check(t, err)
		if seen++; seen == 3 {
			break
		}
	}
	wantEqual(t, paths(t, s, store.CallFilter{}), want) // the connection was given back
}

func callsWhileWriting(t *testing.T, s *store.Store) {
	for n := range 3 {
		must(t, s, Sample(n))
	}
	seen := 0
	for rec, err := range s.Calls(t.Context(), store.CallFilter{}) {
		check(t, err)
		seen++
		next := Sample(10 + seen)
		must(t, s, next)
		_, err := s.FindCall(t.Context(), rec.Recording.ID)
		check(t, err)
	}
	wantEqual(t, seen, 3)
	wantEqual(t, len(paths(t, s, store.CallFilter{})), 6)
}

func callFound(t *testing.T, s *store.Store) {
	for n := range 3 {
		must(t, s, Sample(n))
	}
	want := Sample(1)
	for _, ref := range []string{
		want.Recording.ID, want.Recording.ID[:6], want.Recording.SHA256, "0001.wav", "0001", want.Recording.Path, " 0001.wav ",
	} {
		got, err := s.FindCall(t.Context(), ref)
		if err != nil {
			t.Errorf("FindCall(%q): %v", ref, err)
			continue
		}
		wantEqual(t, got, want)
	}
}

func callNotFound(t *testing.T, s *store.Store) {
	for n := range 2 {
		rec := Sample(n)
		rec.Recording.Path = fmt.Sprintf("/calls/%d/same.wav", n)
		must(t, s, rec)
	}
	unscored := Sample(5)
	check(t, s.SaveTranscript(t.Context(), unscored.Recording, nil, unscored.Transcript))
	for _, ref := range []string{"", "  ", "\x00", "nothing.wav", "%", "same_wav", unscored.Recording.ID} {
		_, err := s.FindCall(t.Context(), ref)
		wantIs(t, err, call.ErrNotFound)
	}
	for _, ref := range []string{"same.wav", "same"} {
		_, err := s.FindCall(t.Context(), ref)
		wantIs(t, err, call.ErrConflict)
		want := fmt.Sprintf("find call: conflict: %q means several calls:\n  %s  /calls/0/same.wav\n  %s  /calls/1/same.wav",
			ref, call.NewID(Hash(0)), call.NewID(Hash(1)))
		wantEqual(t, err.Error(), want)
	}
}
