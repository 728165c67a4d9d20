package score_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/calltest"
	"github.com/zhijian-qa/zhijian/score"
)

// scripts are all calls that the tests have as text, with the roles as they should be.
func scripts(t *testing.T, s *score.Scorer) []calltest.Call {
	t.Helper()
	var all []calltest.Call
	for _, l := range slices.Concat(readTuned(t, s), readHeldOut(t, "testdata/heldout.txt")) {
		all = append(all, l.call)
	}
	paths, err := filepath.Glob("testdata/*.call")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		all = append(all, parse(t, readFile(t, path)))
	}
	return all
}

// TestNoCallWithItsRolesRightIsNamedSwapped takes every script as it is written, and misheard more and more.
func TestNoCallWithItsRolesRightIsNamedSwapped(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	all := scripts(t, s)
	for _, rate := range []float64{0, 0.2} {
		c, named, missed, clear := newConfuser(t, 77), 0, 0, 0
		for _, script := range all {
			tr := misheard(script.Transcript, func(w []call.Word) []call.Word { return c.words(w, rate) })
			if s.Swapped(script.Health, tr) {
				named++
				t.Errorf("%.0f %% misheard: named swapped:\n%s", 100*rate, textOf(script))
			}
			if len(script.Health) != 2 || len(script.Transcript.Utterances) < 8 {
				continue
			}
			clear++
			if health, tr := score.SwapRoles(script.Health, tr); !s.Swapped(health, tr) {
				missed++
			}
		}
		t.Logf("%.0f %% misheard: %d of %d calls named with their roles right, %d of %d of 8 turns and more not named when swapped", 100*rate, named, len(all), missed, clear)
	}
}

// TestRolesAreAskedAtEachScoring holds that what an earlier scoring said of the roles does not outlive it.
func TestRolesAreAskedAtEachScoring(t *testing.T) {
	t.Parallel()
	s, c := scorer(t, "power-service"), parseCall(t, wholeCall)
	health, tr := score.SwapRoles(c.Health, c.Transcript)
	first := s.Score(c.Recording, health, tr)
	if !first.Score.RolesSwapped || !slices.Contains(first.Health[1].Reasons, call.ReasonSwapped) || first.Health[0].Status != call.StatusWarn {
		t.Fatalf("not named: %+v", first.Health)
	}
	again := s.Score(c.Recording, first.Health, tr)
	if !slices.Equal(again.Health[0].Reasons, first.Health[0].Reasons) {
		t.Errorf("scored again: %+v, then %+v", first.Health, again.Health)
	}
	right := s.Score(c.Recording, first.Score.HealthOf(c.Health), c.Transcript)
	if right.Score.RolesSwapped || len(right.Health[0].Reasons) > 0 || right.Health[0].Status != call.StatusOK {
		t.Errorf("the roles are right by now: %+v", right.Health)
	}
}
