package app_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/zhijian-qa/zhijian/internal/callgen"
)

// TestDemoDayAgainstItsTruth scores the demo day by the real engine and holds every call against what
// was planted in it: every fault found at its place, no other points lost, at most one criterion of a
// call left to people, and the measures right.
func TestDemoDayAgainstItsTruth(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join(demo, "*"+callgen.TruthSuffix))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no truth in %s: %v", demo, err)
	}
	lines := readLines(t, bytes.NewReader(scoredDay(t).out.Bytes()))
	if len(lines) != len(paths) {
		t.Errorf("got %d calls, want %d", len(lines), len(paths))
	}
	for _, path := range paths {
		truth, err := callgen.ReadTruth(path)
		if err != nil {
			t.Fatal(err)
		}
		line, ok := lines[truth.File]
		if !ok {
			t.Errorf("%s is missing", truth.File)
			continue
		}
		for _, p := range append(callgen.Compare(truth, line.Record), callgen.CompareMeasures(truth, line.Record)...) {
			t.Error(p)
		}
		for role, speech := range line.Transcript.Speech {
			if levels := line.Transcript.Levels[role]; len(levels) != len(speech) {
				t.Errorf("%s: %d spans of the %s, and levels of %d", truth.File, len(speech), role, len(levels))
			}
		}
		if len(line.Measures.LevelDB) != 2 || line.Measures.Shouts == nil {
			t.Errorf("%s: loudness is not measured: %v", truth.File, line.Measures.Withheld)
		}
	}
}
