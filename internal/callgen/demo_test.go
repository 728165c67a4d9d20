package callgen_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/callgen"
)

const demo = "../../testdata/demo"

// TestTheDemoDayIsWhatItsScriptsSay holds scripts, recordings, truth and manifest against each other.
// The sound itself is not made anew: another espeak-ng may speak a little differently.
func TestTheDemoDayIsWhatItsScriptsSay(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob(filepath.Join(demo, "scripts", "*.script"))
	if err != nil || len(scripts) < 10 {
		t.Fatalf("got %d scripts, %v", len(scripts), err)
	}
	listed := manifest(t)
	agents, teams, total := map[string]bool{}, map[string]bool{}, int64(0)
	for _, path := range scripts {
		script, err := callgen.ReadScript(path)
		if err != nil {
			t.Fatal(err)
		}
		truth, err := callgen.ReadTruth(filepath.Join(demo, script.Name+callgen.TruthSuffix))
		if err != nil {
			t.Fatal(err)
		}
		checkWords(t, script, truth)
		info, err := os.Stat(filepath.Join(demo, truth.File))
		if err != nil {
			t.Fatal(err)
		}
		total += info.Size()
		if size := info.Size() - 58; size != 2*truth.Duration.Samples(callgen.Rate) {
			t.Errorf("%s: %d bytes of sound, want %s", truth.File, size, truth.Duration)
		}
		if truth.Duration < 40_000 || truth.Duration > 120_000 {
			t.Errorf("%s: %s long, want 40 to 120 s", truth.File, truth.Duration)
		}
		if listed[truth.File] != truth.Agent.ID {
			t.Errorf("%s: agent %q in the manifest, want %q", truth.File, listed[truth.File], truth.Agent.ID)
		}
		agents[truth.Agent.ID], teams[truth.Agent.Team] = true, true
	}
	if len(agents) < 3 || len(teams) < 2 || total > 16<<20 {
		t.Errorf("got %d agents in %d teams, %d bytes", len(agents), len(teams), total)
	}
}

func checkWords(t *testing.T, script *callgen.Script, truth *callgen.Truth) {
	t.Helper()
	spoken := map[string]bool{}
	for _, u := range truth.Utterances {
		spoken[string(u.Role)+u.Text] = true
	}
	planted := len(script.Faults)
	for _, e := range script.Events {
		planted += len(e.Faults)
		if e.Kind == callgen.KindSpeech && !spoken[string(e.Role)+e.Text] {
			t.Errorf("%s: %q is not in the truth: run make demo-calls", truth.File, e.Text)
		}
	}
	if planted != len(truth.Faults) {
		t.Errorf("%s: %d faults in the truth, %d in the script: run make demo-calls", truth.File, len(truth.Faults), planted)
	}
}

func manifest(t *testing.T) map[string]string {
	t.Helper()
	file, err := os.Open(filepath.Join(demo, "manifest.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	agents := make(map[string]string)
	for _, row := range rows[1:] {
		agents[row[0]] = row[1]
	}
	return agents
}

// TestTheDemoDayCoversWhatItShouldShow names the situations that the demo is there for.
func TestTheDemoDayCoversWhatItShouldShow(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join(demo, "*"+callgen.TruthSuffix))
	if err != nil {
		t.Fatal(err)
	}
	covered := map[string]int{}
	for _, path := range paths {
		truth, err := callgen.ReadTruth(path)
		if err != nil {
			t.Fatal(err)
		}
		for rule := range truth.Rules() {
			covered[rule]++
		}
		for _, cut := range truth.Interruptions {
			switch {
			case cut.By == call.RoleCustomer:
				covered["interruption by the customer"]++
			case cut.Yielded:
				covered["the customer yields"]++
			default:
				covered["talks on over the customer"]++
			}
		}
		for _, s := range truth.Silences {
			if s.Announced {
				covered["announced silence"]++
			}
		}
		if len(truth.Faults) == 0 {
			covered["faultless"]++
		}
		covered["backchannel"] += len(truth.Backchannels())
	}
	for _, want := range []string{
		"greeting.opening", "forbidden.shirking", "forbidden.vague", "forbidden.over_promise", "measure.talk_ratio",
		"measure.interruptions", "measure.silence", "apology.complaint", "empathy.complaint", "closing.anything_else",
		"interruption by the customer", "the customer yields", "talks on over the customer", "announced silence",
		"faultless", "backchannel",
	} {
		if covered[want] == 0 {
			t.Errorf("no call shows %s", want)
		}
	}
}
