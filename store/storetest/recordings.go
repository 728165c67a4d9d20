package storetest

import (
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/store"
)

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
