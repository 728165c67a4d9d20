package score_test

import (
	"path/filepath"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/callgen"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/score"
)

// TestTheDemoDayAsAPerfectRecogniserHearsIt holds the scorecard against the demo day with the words
// and times of its truth: scripts and scorecard agree before speech recognition comes in.
func TestTheDemoDayAsAPerfectRecogniserHearsIt(t *testing.T) {
	t.Parallel()
	set, err := lexicon.Load(lexicon.Config{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	card, err := score.LoadScorecard("power-service")
	if err != nil {
		t.Fatal(err)
	}
	scorer, err := score.New(set, card, score.Config{})
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join("..", "testdata", "demo", "*"+callgen.TruthSuffix))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no truth: %v", err)
	}
	health := []call.ChannelHealth{
		{Channel: 0, Role: call.RoleAgent, Status: call.StatusOK}, {Channel: 1, Role: call.RoleCustomer, Status: call.StatusOK},
	}
	for _, path := range paths {
		truth, err := callgen.ReadTruth(path)
		if err != nil {
			t.Fatal(err)
		}
		rec := scorer.Score(truth.Recording(), health, truth.Transcript())
		for _, p := range append(callgen.Compare(truth, rec), callgen.CompareMeasures(truth, rec)...) {
			t.Error(p)
		}
	}
}
