package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
)

// Run holds the stores that open returns, a new and empty one each time, to what store promises.
func Run(t *testing.T, open func(t *testing.T) *store.Store) {
	for name, test := range map[string]func(t *testing.T, s *store.Store){
		"a transcript comes back whole":                        transcriptComesBack,
		"a transcript is kept once per revision":               transcriptKeptOnce,
		"a recording at two paths is one with two sightings":   oneRecordingTwoSightings,
		"contradicting metadata keep the first":                firstMetadataKept,
		"missing metadata are filled in":                       missingMetadataFilled,
		"metadata are corrected at the first path":             metadataCorrected,
		"a result comes back whole":                            resultComesBack,
		"a result needs its transcript":                        resultNeedsTranscript,
		"the result saved last is shown, once per recording":   lastResultShown,
		"a result once more changes nothing":                   resultOnceMore,
		"calls are filtered":                                   callsFiltered,
		"calls come in order of their start and can be left":   callsInOrder,
		"calls can be read while others are written":           callsWhileWriting,
		"a call is found by ID, prefix, path and name":         callFound,
		"an unknown or ambiguous call is an error that helps":  callNotFound,
		"a failure is counted and cleared by a result":         failureCounted,
		"failures are filtered":                                failuresFiltered,
		"failures that are gone are cleared":                   failuresCleared,
		"failures belong to the day of their call":             failuresByDay,
		"a file that was replaced counts once":                 replacedFileLeftOut,
		"many writers write at once":                           manyWriters,
		"many writers add to one recording":                    manyAdd,
		"batches in any order don't lock each other out":       batchesCross,
		"what lacks its key is refused":                        keysRequired,
		"decisions are kept, the latest first":                 decisionsKept,
		"a decision needs a result and a name":                 decisionNeedsResult,
		"scored calls are read in pages":                       keptInPages,
		"an erased call leaves nothing but that it was erased": erasedLeavesNothing,
		"what is erased while others save it is gone":          erasedWhileSaved,
		"calls expire by age, scenario and verdict":            expiredByPolicy,
		"calls expire by the verdict that people gave":         expiredAsDecided,
		"expired calls are read in pages":                      expiredInPages,
		"a customer is found however the number is spelt":      customerFound,
		"failures can be erased":                               failuresErased,
		"broken rules are counted by agent and team":           brokenCounted,
		"what counts is the result that is shown":              brokenAsShown,
		"a replaced file counts for nothing":                   brokenWhereSeen,
		"late calls are found by when they came":               lateCallsFound,
		"file names in GBK stay what they are":                 namesInGBK,
		"a job is put down once":                               jobsAddedOnce,
		"a job goes its way and ends once":                     jobFinished,
		"a job that was taken over cannot be given up":         jobTakenOver,
		"a job can be given back and set aside":                jobGivenBack,
		"jobs that were set aside are retried":                 jobsRetried,
		"a job without a message is offered again once":        jobOfferedAgainOnce,
		"jobs are filtered and counted":                        jobsFiltered,
		"the job of an erased call says nothing":               jobErased,
		"a job that was set aside can be erased":               jobAsideErased,
		"each claim of a job counts":                           jobClaimedByMany,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

// must saves the transcript and the result of rec.
func must(t *testing.T, s *store.Store, rec score.Record) {
	t.Helper()
	check(t, s.SaveTranscript(t.Context(), rec.Recording, rec.Health, rec.Transcript))
	check(t, s.SaveResult(t.Context(), rec))
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantIs(t *testing.T, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Fatalf("got error %v, want one that is %v", err, target)
	}
}

func wantEqual(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("got (+) differs from want (-):\n%s", diff)
	}
}

// calls returns what s.Calls yields.
func calls(t *testing.T, s *store.Store, filter store.CallFilter) []score.Record {
	t.Helper()
	var all []score.Record
	for rec, err := range s.Calls(t.Context(), filter) {
		check(t, err)
		all = append(all, rec)
	}
	return all
}

// paths returns the paths of the calls that filter chooses.
func paths(t *testing.T, s *store.Store, filter store.CallFilter) []string {
	t.Helper()
	got := []string{}
	for _, rec := range calls(t, s, filter) {
		got = append(got, rec.Recording.Path)
	}
	return got
}

func transcriptComesBack(t *testing.T, s *store.Store) {
	want := Sample(1)
	check(t, s.SaveTranscript(t.Context(), want.Recording, want.Health, want.Transcript))
	rec, health, tr, err := s.FindTranscript(t.Context(), want.Recording.SHA256, "t1")
	check(t, err)
	wantEqual(t, rec, want.Recording)
	wantEqual(t, health, want.Health)
	wantEqual(t, tr, want.Transcript)
	_, offset := rec.StartedAt.Zone()
	wantEqual(t, offset, 8*3600)
	_, _, _, err = s.FindTranscript(t.Context(), want.Recording.SHA256, "t2")
	wantIs(t, err, call.ErrNotFound)
	_, _, _, err = s.FindTranscript(t.Context(), Hash(2), "t1")
	wantIs(t, err, call.ErrNotFound)
}

func transcriptKeptOnce(t *testing.T, s *store.Store) {
	rec := Sample(1)
	check(t, s.SaveTranscript(t.Context(), rec.Recording, rec.Health, rec.Transcript))
	other := rec.Transcript
	other.Language = "en"
	check(t, s.SaveTranscript(t.Context(), rec.Recording, rec.Health, other))
	other.Revision = "t2"
	check(t, s.SaveTranscript(t.Context(), rec.Recording, rec.Health, other))
	_, _, tr, err := s.FindTranscript(t.Context(), rec.Recording.SHA256, "t1")
	check(t, err)
	wantEqual(t, tr.Language, "zh")
	_, _, tr, err = s.FindTranscript(t.Context(), rec.Recording.SHA256, "t2")
	check(t, err)
	wantEqual(t, tr.Language, "en")
}

func oneRecordingTwoSightings(t *testing.T, s *store.Store) {
	rec := Sample(1)
	must(t, s, rec)
	copied := rec.Recording
	copied.Path = "/other/copy.wav"
	for range 2 {
		conflict, err := s.AddSighting(t.Context(), copied)
		check(t, err)
		wantEqual(t, conflict, false)
	}
	wantEqual(t, paths(t, s, store.CallFilter{}), []string{rec.Recording.Path})
	for _, ref := range []string{"copy.wav", "/other/copy.wav", rec.Recording.Path} {
		found, err := s.FindCall(t.Context(), ref)
		check(t, err)
		wantEqual(t, found.Recording.Path, rec.Recording.Path)
	}
}

func firstMetadataKept(t *testing.T, s *store.Store) {
	first := Sample(1)
	must(t, s, first)
	other := first.Recording
	other.Path, other.Agent, other.Scenario = "/other/copy.wav", "2222", ""
	conflict, err := s.AddSighting(t.Context(), other)
	check(t, err)
	wantEqual(t, conflict, true)
	told := func(fields ...string) {
		t.Helper()
		kept, err := s.FindRecording(t.Context(), first.Recording.SHA256)
		check(t, err)
		want := first.Recording
		want.MetadataConflict = fields
		wantEqual(t, kept, want)
	}
	told("agent")
	third := other
	third.Path, third.Agent, third.Scenario = "/third/copy.wav", "3333", "consultation"
	_, err = s.AddSighting(t.Context(), third)
	check(t, err)
	told("agent", "scenario")
	_, err = s.AddSighting(t.Context(), first.Recording) // the first path changes nothing
	check(t, err)
	check(t, s.SaveTranscript(t.Context(), withPath(first.Recording, third.Path), first.Health, first.Transcript))
	told("agent", "scenario")
	third.Metadata = first.Recording.Metadata // mended where it was wrong
	_, err = s.AddSighting(t.Context(), third)
	check(t, err)
	told("agent")
}

func withPath(rec call.Recording, path string) call.Recording {
	rec.Path = path
	return rec
}

func missingMetadataFilled(t *testing.T, s *store.Store) {
	full := Sample(1).Recording
	bare := full
	bare.Metadata = call.Metadata{Agent: full.Agent}
	for _, rec := range []call.Recording{bare, full, bare} {
		conflict, err := s.AddSighting(t.Context(), rec)
		check(t, err)
		wantEqual(t, conflict, false)
	}
	kept, err := s.FindRecording(t.Context(), full.SHA256)
	check(t, err)
	wantEqual(t, kept, full)
	_, err = s.FindRecording(t.Context(), Hash(9))
	wantIs(t, err, call.ErrNotFound)
}

func metadataCorrected(t *testing.T, s *store.Store) {
	rec := Sample(1)
	must(t, s, rec)
	corrected := rec.Recording
	no := false
	corrected.Scenario, corrected.Complaint = "complaint", &no
	conflict, err := s.AddSighting(t.Context(), corrected)
	check(t, err)
	wantEqual(t, conflict, false)
	got := calls(t, s, store.CallFilter{Scenarios: []string{"complaint"}})
	if len(got) != 1 {
		t.Fatalf("got %d calls, want 1", len(got))
	}
	wantEqual(t, got[0].Recording, corrected)
}

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
	for _, ref := range []string{"", "  ", "nothing.wav", "%", "same_wav", unscored.Recording.ID} {
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

func keysRequired(t *testing.T, s *store.Store) {
	rec := Sample(1)
	nameless, hashless, bare := rec.Recording, rec.Recording, rec.Transcript
	nameless.Path, hashless.SHA256, bare.Revision = "", "", ""
	for _, err := range []error{
		s.SaveTranscript(t.Context(), nameless, nil, rec.Transcript),
		s.SaveTranscript(t.Context(), hashless, nil, rec.Transcript),
		s.SaveTranscript(t.Context(), rec.Recording, nil, bare),
		s.SaveFailure(t.Context(), call.Failure{Code: "empty"}),
		s.SaveFailure(t.Context(), call.Failure{Path: "/a.wav"}),
	} {
		wantIs(t, err, call.ErrInvalid)
	}
}
