package storetest

import (
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/store"
)

func failureCounted(t *testing.T, s *store.Store) {
	rec := Sample(1)
	fail := func(code string) {
		check(t, s.SaveFailure(t.Context(), call.Failure{Path: rec.Recording.Path, Code: code, Message: "Because of " + code + "."}))
	}
	fail("unreadable")
	fail("not_audio")
	got, err := s.Failures(t.Context(), store.FailureFilter{})
	check(t, err)
	if len(got) != 1 || got[0].Code != "not_audio" || got[0].Times != 2 || got[0].Message != "Because of not_audio." {
		t.Fatalf("got %+v, want not_audio twice", got)
	}
	if got[0].First.After(got[0].Last) || time.Since(got[0].First) > time.Minute {
		t.Errorf("got times %v to %v", got[0].First, got[0].Last)
	}
	must(t, s, rec)
	got, err = s.Failures(t.Context(), store.FailureFilter{})
	check(t, err)
	wantEqual(t, len(got), 0)

	copied := rec.Recording // a second path fails first, then turns out to be the same audio
	copied.Path = "/other/copy.wav"
	check(t, s.SaveFailure(t.Context(), call.Failure{Path: copied.Path, Code: "unreadable"}))
	_, err = s.AddSighting(t.Context(), copied)
	check(t, err)
	check(t, s.SaveResult(t.Context(), rec))
	got, err = s.Failures(t.Context(), store.FailureFilter{})
	check(t, err)
	wantEqual(t, len(got), 0)
}

func failuresFiltered(t *testing.T, s *store.Store) {
	for _, path := range []string{"/b/2.wav", "/a/1.wav"} {
		check(t, s.SaveFailure(t.Context(), call.Failure{Path: path, Code: "empty"}))
	}
	for _, test := range []struct {
		filter store.FailureFilter
		want   []string
	}{
		{store.FailureFilter{}, []string{"/a/1.wav", "/b/2.wav"}},
		{store.FailureFilter{Paths: []string{"/b"}}, []string{"/b/2.wav"}},
		{store.FailureFilter{Since: time.Now().Add(-time.Minute)}, []string{"/a/1.wav", "/b/2.wav"}},
		{store.FailureFilter{Since: time.Now().Add(time.Minute)}, nil},
	} {
		failures, err := s.Failures(t.Context(), test.filter)
		check(t, err)
		var got []string
		for _, f := range failures {
			got = append(got, f.Path)
		}
		wantEqual(t, got, test.want)
	}
}

// A run over a folder or a manifest clears what it did not meet any more, and nothing else.
func failuresCleared(t *testing.T, s *store.Store) {
	for _, path := range []string{"/day/a.wav", "/day/m.csv:12", "/day/m.csv", "/other/b.wav", "/daylight/c.wav"} {
		check(t, s.SaveFailure(t.Context(), call.Failure{Path: path, Code: "empty"}))
	}
	wait()
	start := time.Now()
	check(t, s.SaveFailure(t.Context(), call.Failure{Path: "/day/a.wav", Code: "empty"}))
	check(t, s.ClearFailures(t.Context(), []string{"/day/m.csv"}, start))
	wantPaths(t, s, "/day/a.wav", "/daylight/c.wav", "/other/b.wav")
	check(t, s.ClearFailures(t.Context(), []string{"/day/", "/other"}, start))
	wantPaths(t, s, "/day/a.wav", "/daylight/c.wav")
}

// wait lets the store's clock, which counts milliseconds, go on.
func wait() {
	for from := time.Now().UnixMilli(); time.Now().UnixMilli() < from+2; {
	}
}

func wantPaths(t *testing.T, s *store.Store, want ...string) {
	t.Helper()
	failures, err := s.Failures(t.Context(), store.FailureFilter{})
	check(t, err)
	var got []string
	for _, f := range failures {
		got = append(got, f.Path)
	}
	wantEqual(t, got, want)
}

// A failure belongs to the day of its call, where that is known.
func failuresByDay(t *testing.T, s *store.Store) {
	day := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	check(t, s.SaveFailure(t.Context(), call.Failure{Path: "/dated.wav", Code: "empty", StartedAt: day}))
	check(t, s.SaveFailure(t.Context(), call.Failure{Path: "/undated.wav", Code: "empty"}))
	failures, err := s.Failures(t.Context(), store.FailureFilter{Since: day.Add(-time.Hour), Until: day.Add(time.Hour)})
	check(t, err)
	if len(failures) != 1 || failures[0].Path != "/dated.wav" || !failures[0].StartedAt.Equal(day) {
		t.Errorf("got %+v, want the dated one", failures)
	}
}

// A file that holds another recording by now leaves the one before out of the calls: it was never whole.
func replacedFileLeftOut(t *testing.T, s *store.Store) {
	half, whole := Sample(1), Sample(2)
	half.Recording.Path, whole.Recording.Path = "/a.wav", "/a.wav"
	must(t, s, half)
	must(t, s, whole)
	var got []string
	for rec, err := range s.Calls(t.Context(), store.CallFilter{}) {
		check(t, err)
		got = append(got, rec.Recording.SHA256)
	}
	wantEqual(t, got, []string{whole.Recording.SHA256})
	paths, err := s.Paths(t.Context(), whole.Recording.SHA256)
	check(t, err)
	wantEqual(t, paths, []string{"/a.wav"})
}
