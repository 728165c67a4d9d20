package accuracy_test

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/accuracy"
	"github.com/zhijian-qa/zhijian/internal/callgen"
	"github.com/zhijian-qa/zhijian/internal/scene"
)

// TestLevelsOfTheDemoDay holds the level of each party of the demo calls, as the product measures it,
// against the level that its script asks for.
func TestLevelsOfTheDemoDay(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	scripts, err := filepath.Glob("../../testdata/demo/scripts/*.script")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	worst := 0.0
	for _, path := range scripts {
		script, err := callgen.ReadScript(path)
		if err != nil {
			t.Fatal(err)
		}
		base := filepath.Join("../../testdata/demo", strings.TrimSuffix(filepath.Base(path), ".script"))
		truth, err := callgen.ReadTruth(base + callgen.TruthSuffix)
		if err != nil {
			t.Fatal(err)
		}
		tr := truth.Transcript()
		tr.Speech, tr.Levels = heard(t, base+".wav")
		m := r.Scorer.Score(truth.Recording(), healthy(), tr).Measures
		for role, want := range map[call.Role]float64{call.RoleAgent: script.Agent.Level, call.RoleCustomer: script.Customer.Level} {
			off := math.Abs(m.LevelDB[role] - want)
			if worst = max(worst, off); off > 2 {
				t.Errorf("%s: the %s lies at %g dBFS, want %g", truth.File, role, m.LevelDB[role], want)
			}
		}
		if len(m.Shouts) > 0 {
			t.Errorf("%s: nobody shouts, got %+v", truth.File, m.Shouts)
		}
	}
	t.Logf("%d calls, the worst level is %g dB off", len(scripts), worst)
}

func heard(t *testing.T, path string) (map[call.Role][]call.Span, map[call.Role][]call.SpanLevels) {
	t.Helper()
	file, err := audio.Open(t.Context(), path, audio.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	a, err := audio.Analyse(t.Context(), file, audio.VADConfig{})
	if err != nil {
		t.Fatal(err)
	}
	speech, levels := map[call.Role][]call.Span{}, map[call.Role][]call.SpanLevels{}
	for i, role := range scene.Roles() {
		speech[role], levels[role] = a.Channels[i].Speech, a.Channels[i].Levels
	}
	return speech, levels
}

func healthy() []call.ChannelHealth {
	return []call.ChannelHealth{{Role: call.RoleAgent, Status: call.StatusOK}, {Channel: 1, Role: call.RoleCustomer, Status: call.StatusOK}}
}

// TestTurnsUnderNoise holds the responses and monologues of scenes, by the speech that is found, against
// those of the true speech.
func TestTurnsUnderNoise(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	detect := accuracy.Product(t.TempDir(), audio.VADConfig{})
	for c, tolerance := range []call.Millis{100, 150} { // clean to 20 dB, and 10 dB
		var responses, monologues, rates []float64
		for i := range 4 {
			seed, conditions := accuracy.Sets()[1].Conditions(accuracy.Columns()[c], i)
			s, err := r.Maker.Make(t.Context(), seed, conditions)
			if err != nil {
				t.Fatal(err)
			}
			tr := s.Truth.Transcript()
			want := r.Scorer.Score(s.Truth.Recording(), healthy(), tr).Measures
			if tr.Speech, err = detect(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			got := r.Scorer.Score(s.Truth.Recording(), healthy(), tr).Measures
			for _, role := range scene.Roles() {
				if _, known := want.ResponseMS[role]; known {
					responses = append(responses, float64(got.ResponseMS[role].MedianMS-want.ResponseMS[role].MedianMS))
				}
				monologues = append(monologues, float64(got.LongestMonologue[role].Length()-want.LongestMonologue[role].Length()))
				rates = append(rates, 100*(got.CharsPerMinute[role]/want.CharsPerMinute[role]-1))
			}
		}
		name := accuracy.Columns()[c].Name
		t.Logf("%s: mean error of responses %.0f ms, of monologues %.0f ms, of speech rates %.1f %%", name, meanSize(responses), meanSize(monologues), meanSize(rates))
		if meanSize(responses) > float64(tolerance) || len(responses) < 5 {
			t.Errorf("%s: %d median responses are off by %v ms", name, len(responses), responses)
		}
		if meanSize(monologues) > 4*float64(tolerance) {
			t.Errorf("%s: monologues are off by %v ms", name, monologues)
		}
		if meanSize(rates) > 5 {
			t.Errorf("%s: speech rates are off by %v %%", name, rates)
		}
	}
}

func meanSize(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += math.Abs(v)
	}
	return sum / float64(max(1, len(values)))
}
