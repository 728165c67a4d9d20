package storetest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

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
		"a new call is saved with all it has":                  newCallAtOnce,
		"a call is new once":                                   newCallOnce,
		"a new call needs what saving it needs":                newCallRefused,
		"many save new calls at once":                          newCallsTogether,
		"a new call that is erased stays so":                   newCallErased,
		"calls are filtered":                                   callsFiltered,
		"calls come in order of their start and can be left":   callsInOrder,
		"calls go on after one of them":                        callsGoOn,
		"a secret is made once":                                secretMadeOnce,
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
		"finished jobs go when they are old":                   jobsPurged,
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
