package score_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/callgen"
	"github.com/zhijian-qa/zhijian/internal/calltest"
	"github.com/zhijian-qa/zhijian/score"
)

// bare returns a transcript without punctuation in its texts and words, at the same times.
func bare(t call.Transcript) call.Transcript {
	strip := func(text string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsPunct(r) {
				return -1
			}
			return r
		}, text)
	}
	t.Utterances = slices.Clone(t.Utterances)
	for i := range t.Utterances {
		u := &t.Utterances[i]
		words := u.Words
		u.Text, u.Words = strip(u.Text), nil
		for _, w := range words {
			if w.Text = strip(w.Text); w.Text != "" {
				u.Words = append(u.Words, w)
			}
		}
	}
	return t
}

// TestNoRuleNeedsPunctuation scores the call scripts and the demo day with and without marks: they come and go with the
// recogniser (and with the setting punctuation), so every rule must say the same.
func TestNoRuleNeedsPunctuation(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	calls := map[string]calltest.Call{}
	for _, path := range files(t, "testdata/*.call") {
		script, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		calls[filepath.Base(path)] = parse(t, string(script))
	}
	for _, path := range files(t, filepath.Join("..", "testdata", "demo", "*"+callgen.TruthSuffix)) {
		truth, err := callgen.ReadTruth(path)
		if err != nil {
			t.Fatal(err)
		}
		calls[filepath.Base(path)] = calltest.Call{Recording: truth.Recording(), Transcript: truth.Transcript()}
	}
	for name, c := range calls {
		if changed, _ := withoutMarks(s, c); len(changed) > 0 {
			t.Errorf("%s: %v", name, changed)
		}
	}
}

// Of the labelled calls, whose phrases lie at the edge of what is found, marks may decide hardly anything: without
// them a near match may reach over the end of a sentence. ZHIJIAN_LONG takes all calls, else a sixth.
func TestPunctuationDecidesHardlyAnything(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	calls := slices.Concat(readTuned(t, s), readHeldOut(t, "testdata/heldout.txt"))
	if os.Getenv("ZHIJIAN_LONG") == "" {
		calls = every(calls, 6)
	}
	different, all := 0, 0
	for _, l := range calls {
		changed, n := withoutMarks(s, l.call)
		for _, c := range changed {
			t.Logf("%s: %s", textOf(l.call), c)
		}
		different, all = different+len(changed), all+n
	}
	t.Logf("%d of %d outcomes of %d calls differ", different, all, len(calls))
	if 500*different > all {
		t.Errorf("%d of %d outcomes differ, want at most two in a thousand", different, all)
	}
}

// withoutMarks scores a call with and without punctuation and returns what differs, of so many outcomes.
func withoutMarks(s *score.Scorer, c calltest.Call) (changed []string, outcomes int) {
	want := outcomesOf(s, c)
	c.Transcript = bare(c.Transcript)
	got := outcomesOf(s, c)
	for rule, outcome := range want {
		if got[rule] != outcome {
			changed = append(changed, fmt.Sprintf("%s is %s with punctuation and %s without", rule, outcome, got[rule]))
		}
	}
	return changed, len(want)
}

// files returns the files of a pattern, of which there are some.
func files(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(paths), err)
	}
	return paths
}
