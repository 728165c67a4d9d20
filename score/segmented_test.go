package score_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/store/storetest"
)

// A call is scored alike with and without how its texts fall into words, and one that was kept by dictionaries
// of old, or belongs to other texts, is not used.
func TestSegmentationChangesNothing(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	for n := range 12 {
		talk := storetest.Talk(n, 600)
		for i := range talk.Transcript.Utterances {
			if u := &talk.Transcript.Utterances[i]; i%4 == n%4 {
				u.Text, u.Words = "行不行？步行不行，"+u.Text+"\xff 对 不对", nil
			}
		}
		want := s.Score(talk.Recording, talk.Health, talk.Transcript)
		segmented := s.Segment(talk.Transcript)
		got := s.Score(talk.Recording, talk.Health, segmented)
		if diff := cmp.Diff(want.Score, got.Score); diff != "" {
			t.Fatalf("call %d: with (+) differs from without (-):\n%s", n, diff)
		}
		wrong := *segmented.Segmentation
		wrong.Revision, wrong.Stray = "old", 900
		segmented.Segmentation = &wrong
		if diff := cmp.Diff(want.Score, s.Score(talk.Recording, talk.Health, segmented).Score); diff != "" {
			t.Fatalf("call %d: an old one is used:\n%s", n, diff)
		}
	}
}
