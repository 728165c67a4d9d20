package app_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/store/storetest"
)

// onBoth runs test with a bench on either database.
func onBoth(t *testing.T, test func(t *testing.T, b *bench)) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, setup(t))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		url := postgres.Database(t)
		test(t, setup(t, func(c *config.Config) { c.Store = url }))
	})
}

// fill stores the records, and a failure of ten years ago.
func fill(t *testing.T, b *bench, records ...score.Record) {
	t.Helper()
	location := b.Config.Store
	if location == "" {
		location = filepath.Join(b.Config.DataDir, "zhijian.db")
	}
	st, err := store.Open(t.Context(), location)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for _, rec := range records {
		err := errors.Join(st.SaveTranscript(t.Context(), rec.Recording, rec.Health, rec.Transcript), st.SaveResult(t.Context(), rec))
		if err != nil {
			t.Fatal(err)
		}
	}
	old := call.Failure{Path: "/calls/20161121-093000_1024_13800138000.wav", Code: "empty", StartedAt: time.Now().AddDate(-10, 0, 0)}
	if err := st.SaveFailure(t.Context(), old); err != nil {
		t.Fatal(err)
	}
}

// aged is the n-th sample as it began so many years ago.
func aged(n, years int, verdict score.Verdict) score.Record {
	rec := storetest.Sample(n)
	rec.Recording.StartedAt = time.Now().AddDate(-years, 0, -1).Truncate(time.Millisecond)
	rec.Score.Verdict = verdict
	return rec
}

func audited(t *testing.T, b *bench) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(b.Config.DataDir, "audit.jsonl"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(text)
}

// shown returns how many calls a report counts.
func shown(t *testing.T, b *bench) int {
	t.Helper()
	list := b.again(t, asJSON)
	if err := app.Report(t.Context(), list.Env); err != nil {
		t.Fatal(err)
	}
	var counted struct{ Summary struct{ Calls int } }
	if err := json.Unmarshal(list.out.Bytes(), &counted); err != nil {
		t.Fatal(err)
	}
	return counted.Summary.Calls
}

func TestRetentionByScenarioAndVerdict(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bench) {
		fill(t, b, // even samples are of repairs, odd ones of complaints
			aged(0, 1, score.VerdictPass), aged(1, 1, score.VerdictPass), aged(2, 3, score.VerdictFail),
			aged(3, 4, score.VerdictFail), aged(5, 6, score.VerdictFail), aged(4, 0, score.VerdictPass))
		before := shown(t, b)
		keep := func(c *config.Config) {
			c.Keep, c.Reviewer, c.Lang = []string{"3y", "投诉: 5y", "repair pass: 1y", "callback: 2y"}, "李四", "en"
		}
		dry := b.again(t, keep, func(c *config.Config) { c.DryRun = true })
		if err := app.ApplyRetention(t.Context(), dry.Env); err != nil {
			t.Fatal(err)
		}
		if got := shown(t, b); got != before || audited(t, b) != "" {
			t.Errorf("a dry run left %d of %d, audit %q", got, before, audited(t, b))
		}
		zone, err := time.LoadLocation(b.Config.TimeZone)
		if err != nil {
			t.Fatal(err)
		}
		years := func(n int) string { return time.Now().AddDate(-n, 0, -1).In(zone).Format(time.DateOnly) }
		table := func(verb, sum string) string {
			line := strings.Repeat("─", 100)
			row := func(keep string, n int, day string) string {
				return fmt.Sprintf("%-40s  %10d  %-12s  %s\n", keep, n, day, day)
			}
			return fmt.Sprintf("%-40s  %10s  %-12s  %s\n%s\n", "kept for", verb, "oldest", "newest", line) +
				row("3y", 1, years(3)) + fmt.Sprintf("%s%s  %10d  %-12s  %s\n", "投诉: 5y", strings.Repeat(" ", 32), 1, years(6), years(6)) +
				row("repair pass: 1y", 1, years(1)) + row("callback: 2y", 0, "–") + line + "\n" + sum + "\n"
		}
		want := table("due", "The data of 3 calls and 1 records of failures would be deleted; a dry run, nothing was.")
		if diff := cmp.Diff(want, dry.out.String()); diff != "" {
			t.Errorf("dry run: got (+) differs from want (-):\n%s", diff)
		}
		real := b.again(t, keep)
		if err := app.ApplyRetention(t.Context(), real.Env); err != nil {
			t.Fatal(err)
		}
		want = table("deleted", "The data of 3 calls and 1 records of failures were deleted.")
		if diff := cmp.Diff(want, real.out.String()); diff != "" {
			t.Errorf("got (+) differs from want (-):\n%s", diff)
		}
		if got := shown(t, b); got != before-3 {
			t.Errorf("%d calls are left of %d, want three less", got, before)
		}
		again := b.again(t, keep, asJSON)
		if err := app.ApplyRetention(t.Context(), again.Env); err != nil || !strings.Contains(again.out.String(), `"calls":0,"failures":0`) {
			t.Errorf("once more: %v, printed %s", err, again.out)
		}
		wantLogged(t, b, "retention apply, keep 3y; 投诉: 5y; repair pass: 1y; callback: 2y", "retention deleted 3 calls and 1 failures")
	})
}

// wantLogged fails unless the audit log holds the sentences, and neither it nor the messages say anything of
// the samples; and unless the log of what was deleted names the three calls.
func wantLogged(t *testing.T, b *bench, sentences ...string) {
	t.Helper()
	text := audited(t, b)
	for _, want := range sentences {
		if !strings.Contains(text, want) {
			t.Errorf("the audit log lacks %q: %s", want, text)
		}
	}
	for _, secret := range []string{"13800138000", "王芳", "我们公司就这样", "您好"} {
		if strings.Contains(text+b.logs.String(), secret) {
			t.Errorf("the audit log holds %q", secret)
		}
	}
	log := b.again(t)
	if err := app.RetentionLog(t.Context(), log.Env); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(log.out.String(), "李四"); n != 3 {
		t.Errorf("the log names %d calls, want 3:\n%s", n, log.out)
	}
}

func TestRetentionNeedsAPolicy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	fill(t, b, storetest.Sample(1))
	if err := app.ApplyRetention(t.Context(), b.Env); !errors.Is(err, call.ErrInvalid) || !strings.Contains(err.Error(), "docs/retention.md") {
		t.Errorf("got %v, want a sentence that says where to set it", err)
	}
	b.Config.Keep = []string{"forever"}
	if err := app.ApplyRetention(t.Context(), b.Env); !errors.Is(err, call.ErrInvalid) || !strings.Contains(err.Error(), `"forever"`) {
		t.Errorf("got %v, want that it is named", err)
	}
	b.Config.Keep = []string{"200d"}
	b.Config.DryRun = true
	if err := app.ApplyRetention(t.Context(), b.Env); err != nil || !strings.Contains(b.err.String(), "短于一年") {
		t.Errorf("got %v, %s, want a note that this is short", err, b.err)
	}
	release, err := store.Lock(b.Config.DataDir)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	b.Config.DryRun = false
	if err := app.ApplyRetention(t.Context(), b.Env); !errors.Is(err, call.ErrConflict) {
		t.Errorf("got %v, want that the folder is in use", err)
	}
}

func TestErasingOnRequest(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bench) {
		other := aged(3, 0, score.VerdictPass)
		other.Recording.Customer = "13900139000"
		fill(t, b, aged(0, 0, score.VerdictPass), aged(1, 0, score.VerdictPass), other, aged(2, 0, score.VerdictPass))
		by := func(c *config.Config) { c.Reviewer, c.Note = "李四", "工单 17，来电 13800138000" }
		one := b.again(t, by)
		if err := app.Erase(t.Context(), one.Env, []string{"0002.wav"}, nil); err != nil {
			t.Fatal(err)
		}
		if got := shown(t, b); got != 3 {
			t.Errorf("%d calls are left, want 3", got)
		}
		customer := func(c *config.Config) { c.Customer = "-" }
		dry := b.again(t, by, customer, asJSON, func(c *config.Config) { c.DryRun = true })
		if err := app.Erase(t.Context(), dry.Env, nil, strings.NewReader("+86 138 0013 8000\n")); err != nil {
			t.Fatal(err)
		}
		ids := []string{call.NewID(storetest.Hash(0)), call.NewID(storetest.Hash(1))}
		if ids[0] > ids[1] {
			ids[0], ids[1] = ids[1], ids[0]
		}
		want := fmt.Sprintf(`{"dry_run":true,"calls":["%s","%s"],"failures":1}`+"\n", ids[0], ids[1])
		if diff := cmp.Diff(want, dry.out.String()); diff != "" || shown(t, b) != 3 {
			t.Errorf("dry run: got (+) differs from want (-):\n%s", diff)
		}
		real := b.again(t, by, customer)
		if err := app.Erase(t.Context(), real.Env, nil, strings.NewReader("13800138000")); err != nil {
			t.Fatal(err)
		}
		if got := shown(t, b); got != 1 || real.out.String() != ids[0]+"\n"+ids[1]+"\n" {
			t.Errorf("%d calls are left, want 1; printed %s", got, real.out)
		}
		wantLogged(t, b, "retention erase 1 calls ["+call.NewID(storetest.Hash(2))+"] and 0 failures by 李四: 工单 17",
			"retention erase 2 calls ["+ids[0]+" "+ids[1]+"] and 1 failures by 李四, all of one customer: 工单 17")
		gone := b.again(t, by, customer)
		if err := app.Erase(t.Context(), gone.Env, nil, strings.NewReader("13800138000")); !errors.Is(err, call.ErrNotFound) {
			t.Errorf("got %v, want that nothing is stored of this customer", err)
		}
	})
}

// TestFinishedJobsGoWhenTheirRecordingsAreGone has three old jobs: of a recording that the source has, of one that it
// has no more, and of a source that cannot be looked at.
func TestFinishedJobsGoWhenTheirRecordingsAreGone(t *testing.T) {
	t.Parallel()
	calls := t.TempDir()
	here, gone := config.Source{Name: "pbx", URL: "file://" + calls, When: "settled"}, config.Source{Name: "away", URL: "file://" + filepath.Join(calls, "none"), When: "settled"}
	b := setup(t, asJSON, func(c *config.Config) { c.Keep, c.Sources = []string{"3y"}, []config.Source{here, gone} })
	fill(t, b)
	if err := os.WriteFile(filepath.Join(calls, "a.wav"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	bucket, err := source.OpenBucket(t.Context(), source.BucketConfig{Name: here.Name, URL: here.URL})
	if err != nil {
		t.Fatal(err)
	}
	var jobs []store.Job
	add := func(o source.Object) error {
		jobs = append(jobs, store.Job{ID: o.ID(), Source: o.Source, Key: o.Key, Version: o.Version, Lane: "short"})
		return nil
	}
	err = errors.Join(bucket.List(t.Context(), add), add(source.Object{Source: "pbx", Key: "b.wav"}), add(source.Object{Source: "away", Key: "c.wav"}))
	if err != nil || len(jobs) != 3 {
		t.Fatalf("got %d jobs, %v", len(jobs), err)
	}
	location := filepath.Join(b.Config.DataDir, "zhijian.db")
	st, err := store.Open(t.Context(), location)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if _, err := st.AddJobs(t.Context(), jobs); err != nil {
		t.Fatal(err)
	}
	for _, job := range jobs {
		if err := st.Finish(t.Context(), job.ID, "8f3a"); err != nil {
			t.Fatal(err)
		}
	}
	db, err := sql.Open("sqlite3", location)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "UPDATE jobs SET updated_at_ms = 1"); err != nil {
		t.Fatal(err)
	}
	for _, dry := range []bool{true, false} {
		use := b.again(t, func(c *config.Config) { c.DryRun = dry })
		if err := app.ApplyRetention(t.Context(), use.Env); err != nil || !strings.Contains(use.out.String(), `"finished":1`) || !strings.Contains(use.err.String(), "away") {
			t.Errorf("got %v, %s, %s, want one finished job and a word about the source that is away", err, use.out, use.err)
		}
	}
	left, err := st.Jobs(t.Context(), store.JobFilter{})
	if err != nil || len(left) != 2 || slices.ContainsFunc(left, func(j store.Job) bool { return j.ID == jobs[1].ID }) {
		t.Errorf("got %+v, %v, want all jobs but the second", left, err)
	}
	if text := audited(t, b); !strings.Contains(text, "retention deleted 0 calls and 1 failures and 1 finished jobs") {
		t.Errorf("the audit log lacks the jobs: %s", text)
	}
}

// TestUploadsGoBeforeTheirCalls has recordings that cannot be deleted: the calls that tell of them must stay.
func TestUploadsGoBeforeTheirCalls(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bench) {
		fill(t, b, aged(0, 4, score.VerdictPass))
		uploads := filepath.Join(b.Config.DataDir, "uploads")
		if err := errors.Join(os.MkdirAll(b.Config.DataDir, 0o700), os.WriteFile(uploads, nil, 0o600)); err != nil { // no folder, so nothing in it can be deleted
			t.Fatal(err)
		}
		erase := func() error { return app.Erase(t.Context(), b.again(t).Env, []string{"0000.wav"}, nil) }
		expire := func() error {
			return app.ApplyRetention(t.Context(), b.again(t, func(c *config.Config) { c.Keep = []string{"3y"} }).Env)
		}
		for name, delete := range map[string]func() error{"on request": erase, "for age": expire} {
			if err := delete(); err == nil || shown(t, b) != 1 {
				t.Errorf("%s: got %v and %d calls, want an error and the call", name, err, shown(t, b))
			}
		}
		if err := os.Remove(uploads); err != nil {
			t.Fatal(err)
		}
		if err := expire(); err != nil || shown(t, b) != 0 {
			t.Errorf("got %v and %d calls, want none", err, shown(t, b))
		}
	})
}

func TestErasingWantsToKnowWhat(t *testing.T) {
	t.Parallel()
	b := setup(t)
	fill(t, b, storetest.Sample(1))
	for name, test := range map[string]struct {
		customer string
		refs     []string
		want     error
	}{
		"nothing":       {"", nil, call.ErrInvalid},
		"both":          {"13800138000", []string{"0001.wav"}, call.ErrInvalid},
		"no digits":     {"somebody", nil, call.ErrInvalid},
		"an empty line": {"-", nil, call.ErrInvalid},
		"unknown":       {"", []string{"0001.wav", "no-such.wav"}, call.ErrNotFound},
	} {
		use := b.again(t, func(c *config.Config) { c.Customer = test.customer })
		if err := app.Erase(t.Context(), use.Env, test.refs, strings.NewReader("")); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
	}
	if got := shown(t, b); got != 1 || audited(t, b) != "" {
		t.Errorf("%d calls are left, want 1; audit %q", got, audited(t, b))
	}
}

// What was deleted on request does not come back when its folder is scored again.
func TestErasedIsNotScoredAgain(t *testing.T) {
	t.Parallel()
	day := folder(t, noGreeting)
	first := setup(t)
	if err := app.Score(t.Context(), first.Env, []string{day}); err != nil {
		t.Fatal(err)
	}
	if err := app.Erase(t.Context(), first.again(t).Env, []string{noGreeting}, nil); err != nil {
		t.Fatal(err)
	}
	second := first.again(t, asJSON)
	if err := app.Score(t.Context(), second.Env, []string{day}); app.ExitCode(err) != 0 {
		t.Fatal(err)
	}
	line := readLines(t, second.out)[noGreeting]
	if line.Error == nil || line.Error.Code != "erased" || !strings.Contains(second.err.String(), "已按保存期限或应要求删除") {
		t.Errorf("got %+v and %s, want that it was left alone", line.Error, second.err)
	}
	st, err := store.Open(t.Context(), filepath.Join(first.Config.DataDir, "zhijian.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	failures, err := st.Failures(t.Context(), store.FailureFilter{})
	if err != nil || len(failures) != 0 {
		t.Errorf("got failures %v, %v, want none", failures, err)
	}
	if _, err := st.FindAny(t.Context(), noGreeting); !errors.Is(err, call.ErrNotFound) {
		t.Errorf("got %v, want that nothing of it is stored", err)
	}
}
