package accuracy_test

import (
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/accuracy"
	"github.com/zhijian-qa/zhijian/internal/callgen"
	"github.com/zhijian-qa/zhijian/internal/scene"
)

// louder is by how much a shout is louder than the speech around it before the telephone's limit: what
// ANSI S3.5 has between normal effort and a shout is 20 dB.
const louder = 15

// TestShoutsInScenes turns one line of each party up by 15 dB, into a limiter as a telephone has, and looks
// whether it and nothing else is found as a shout.
func TestShoutsInScenes(t *testing.T) {
	t.Parallel()
	calls := 4
	if n, err := strconv.Atoi(os.Getenv("ZHIJIAN_SHOUT_CALLS")); err == nil {
		calls = n
	}
	r := newRunner(t)
	dir := t.TempDir()
	columns := accuracy.Columns()
	for _, column := range columns[:2] {
		shouted, found, wrong := 0, 0, 0
		for _, set := range accuracy.Sets() {
			for i := range calls / 2 {
				seed, conditions := set.Conditions(column, i)
				conditions.DriveDB = 0 // a clipped channel has no levels to judge
				s, err := r.Maker.Make(t.Context(), seed, conditions)
				if err != nil {
					t.Fatal(err)
				}
				var want []callgen.Utterance
				for c, role := range scene.Roles() {
					if u, ok := lineOf(s, role); ok {
						turnUp(s, c, u.Span)
						want = append(want, u)
					}
				}
				shouted += len(want)
				hits, others := shouts(t, r, dir, s, want)
				found, wrong = found+hits, wrong+others
			}
		}
		t.Logf("%s: %d of %d shouts found, %d wrong", column.Name, found, shouted, wrong)
		if shouted < calls || found < shouted*8/10 || wrong > calls/4 {
			t.Errorf("%s: %d of %d shouts found, %d wrong", column.Name, found, shouted, wrong)
		}
	}
}

// lineOf returns a line of role in the middle of the call, of at least 1.5 s, over which nobody speaks.
func lineOf(s *scene.Scene, role call.Role) (callgen.Utterance, bool) {
	for _, u := range s.Truth.Utterances[len(s.Truth.Utterances)/3:] {
		if u.Role == role && u.Length() >= 1500 && len(call.Clip(s.Truth.Speech[role.Other()], u.Span)) == 0 {
			return u, true
		}
	}
	return callgen.Utterance{}, false
}

// turnUp makes the voice louder in a stretch, but no louder than the line can carry.
func turnUp(s *scene.Scene, channel int, span call.Span) {
	gain := float32(math.Pow(10, louder/20.0) - 1)
	for i := span.Start.Samples(scene.Rate); i < span.End.Samples(scene.Rate); i++ {
		v := s.PCM[channel][i] + gain*s.Clean[channel][i]
		s.PCM[channel][i] = float32(0.95 * math.Tanh(float64(v)/0.95))
	}
}

// shouts counts the wanted shouts that are found, and the others.
func shouts(t *testing.T, r *accuracy.Runner, dir string, s *scene.Scene, want []callgen.Utterance) (hits, others int) {
	t.Helper()
	a, err := accuracy.Analyse(t.Context(), dir, s, audio.VADConfig{})
	if err != nil {
		t.Fatal(err)
	}
	tr := s.Truth.Transcript()
	tr.Speech, tr.Levels = map[call.Role][]call.Span{}, map[call.Role][]call.SpanLevels{}
	for i, role := range scene.Roles() {
		tr.Speech[role], tr.Levels[role] = a.Channels[i].Speech, a.Channels[i].Levels
	}
	m := r.Scorer.Score(s.Truth.Recording(), healthy(), tr).Measures
	seen := map[call.Span]bool{}
	for _, got := range m.Shouts {
		wrong := true
		for _, u := range want {
			if u.Role == got.Role && u.Overlaps(got.Span) {
				seen[u.Span], wrong = true, false
			}
		}
		if wrong {
			others++
			t.Logf("%s: no shout: %+v, median %v", s.Truth.File, got, m.LevelDB)
		}
	}
	return len(seen), others
}
