package app_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/store/storetest"
)

// talks puts so many made-up calls into the store of a data folder, with results of rules of old.
func talks(tb testing.TB, data string, calls, characters int) {
	tb.Helper()
	old := storetest.Sample(0)
	keepTalks(tb, data, calls, characters, func(talk score.Record) score.Record {
		talk.Measures, talk.Score = old.Measures, old.Score
		return talk
	})
}

// keepTalks is talks with the results that result gives them.
func keepTalks(tb testing.TB, data string, calls, characters int, result func(score.Record) score.Record) {
	tb.Helper()
	st, err := store.Open(tb.Context(), filepath.Join(data, "zhijian.db"))
	if err != nil {
		tb.Fatal(err)
	}
	defer st.Close()
	var records []score.Record
	for n := range calls {
		talk := result(storetest.Talk(n, characters))
		if err := st.SaveTranscript(tb.Context(), talk.Recording, talk.Health, talk.Transcript); err != nil {
			tb.Fatal(err)
		}
		if records = append(records, talk); len(records) == 100 || n == calls-1 {
			if err := st.SaveResults(tb.Context(), records); err != nil {
				tb.Fatal(err)
			}
			records = records[:0]
		}
	}
}

// stored returns the score that is shown of each call.
func stored(t *testing.T, data string) map[string]score.Result {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(data, "zhijian.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	results := map[string]score.Result{}
	for rec, err := range st.Calls(t.Context(), store.CallFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		results[rec.Recording.Path] = rec.Score
	}
	return results
}

// Re-scoring that is killed again and again ends with the same results and the same difference as one that
// is not.
func TestKilledAtAnyInstantRescoringGoesOn(t *testing.T) {
	t.Parallel()
	const calls = 240
	binary, quiet, killed := program(t), t.TempDir(), t.TempDir()
	talks(t, quiet, calls, 600)
	talks(t, killed, calls, 600)
	began := time.Now()
	want := rescored(t, binary, quiet)
	took := time.Since(began)
	random := rand.New(rand.NewPCG(6, 6))
	kills := 0
	for i := range 5 {
		// Within the time that an undisturbed run takes here; the first one early, since the next may be quicker.
		instant := took * time.Duration(5+random.IntN(25+10*i)) / 100
		run := exec.Command(binary, "rescore", "--data-dir", killed, "--json")
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(instant, func() { _ = run.Process.Kill() })
		err := run.Wait()
		timer.Stop()
		var exit *exec.ExitError
		switch {
		case err == nil:
			continue
		case !errors.As(err, &exit) || exit.Exited():
			t.Fatalf("run %d ended by itself: %v", kills, err)
		}
		kills++
	}
	if kills == 0 {
		t.Fatal("no run was killed")
	}
	got := rescored(t, binary, killed)
	want.Fresh, got.Fresh = 0, 0
	if diff := cmp.Diff(want, got, cmp.FilterPath(unexported, cmp.Ignore())); diff != "" {
		t.Errorf("after %d kills the difference differs (-undisturbed +killed):\n%s", kills, diff)
	}
	if diff := cmp.Diff(stored(t, quiet), stored(t, killed)); diff != "" {
		t.Errorf("after %d kills (-undisturbed +killed):\n%s", kills, diff)
	}
	if got.Calls != calls {
		t.Errorf("%d calls, want %d", got.Calls, calls)
	}
	t.Logf("%d runs killed", kills)
}

// unexported leaves out what JSON does not have.
func unexported(p cmp.Path) bool {
	field, ok := p.Last().(cmp.StructField)
	return ok && strings.ToLower(field.Name()[:1]) == field.Name()[:1]
}

func rescored(t *testing.T, binary, data string) report.Difference {
	t.Helper()
	run := exec.Command(binary, "rescore", "--data-dir", data, "--json")
	run.Stderr = os.Stderr
	output, err := run.Output()
	if err != nil {
		t.Fatal(err)
	}
	var diff report.Difference
	if err := json.Unmarshal(output, &diff); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	return diff
}

func TestRescoreShowsWhatOtherRulesDo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	talks(t, b.Config.DataDir, 30, 300)
	before := stored(t, b.Config.DataDir)
	dry := b.again(t, func(c *config.Config) { c.DryRun = true })
	if err := app.Rescore(t.Context(), dry.Env); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"试算（未保存）", "按规则：之前 → 之后", "按坐席：之前 → 之后", "结论变化", "30 通，本次重新评分 30 通"} {
		if !strings.Contains(dry.out.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, dry.out)
		}
	}
	if diff := cmp.Diff(before, stored(t, b.Config.DataDir)); diff != "" {
		t.Errorf("a dry run changed the store:\n%s", diff)
	}
	if err := app.Rescore(t.Context(), b.Env); err != nil {
		t.Fatal(err)
	}
	again := b.again(t, asJSON)
	if err := app.Rescore(t.Context(), again.Env); err != nil {
		t.Fatal(err)
	}
	var diff report.Difference
	if err := json.Unmarshal(again.out.Bytes(), &diff); err != nil {
		t.Fatalf("%v: %s", err, again.out)
	}
	if diff.Calls != 30 || diff.Fresh != 0 || len(diff.Rules) == 0 || len(diff.Agents) == 0 {
		t.Errorf("%d calls, %d scored again, %d rules, %d agents", diff.Calls, diff.Fresh, len(diff.Rules), len(diff.Agents))
	}
}

func TestRescoreOwnsTheDataFolderUnlessDry(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if err := app.Rescore(t.Context(), b.Env); err == nil || !strings.Contains(err.Error(), "nothing has been scored") {
		t.Errorf("without a store: got %v", err)
	}
	talks(t, b.Config.DataDir, 1, 100)
	release, err := store.Lock(b.Config.DataDir)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if err := app.Rescore(t.Context(), b.Env); app.ExitCode(err) != 1 || !strings.Contains(err.Error(), "in use by") {
		t.Errorf("got %v, want a sentence that says who uses the folder", err)
	}
	dry := b.again(t, func(c *config.Config) { c.DryRun = true })
	if err := app.Rescore(t.Context(), dry.Env); err != nil {
		t.Errorf("a dry run: %v", err)
	}
}
