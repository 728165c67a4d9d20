package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
)

// inEnglish knows one scenario in Chinese.
func inEnglish(scenario string) string { return map[string]string{"投诉": "complaint"}[scenario] }

func day(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestPolicyDecidesWhatIsDue(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		lines    string
		started  string
		now      string
		scenario string
		verdict  score.Verdict
		want     string // the line, empty for not due
	}{
		{"kept to the day", "3y", "2023-11-25", "2026-11-25", "", "", ""},
		{"gone the day after", "3y", "2023-11-24", "2026-11-25", "", "", "3y"},
		{"no line is about it", "complaint: 1y", "2000-01-01", "2026-11-25", "repair", score.VerdictPass, ""},
		{"the line that names more decides, longer", "1y;complaint: 5y", "2023-11-24", "2026-11-25", "complaint", score.VerdictFail, ""},
		{"the line that names more decides, shorter", "5y;pass: 1y", "2025-11-24", "2026-11-25", "repair", score.VerdictPass, "pass: 1y"},
		{"two lines that name as much: the longer", "complaint: 5y;pass: 1y", "2025-11-24", "2026-11-25", "complaint", score.VerdictPass, ""},
		{"in whatever order", "pass: 1y;complaint: 5y", "2025-11-24", "2026-11-25", "complaint", score.VerdictPass, ""},
		{"both named", "5y;complaint fail: 1y", "2025-11-24", "2026-11-25", "complaint", score.VerdictFail, "complaint fail: 1y"},
		{"in Chinese", "投诉 不合格：18个月", "2025-05-24", "2026-11-25", "complaint", score.VerdictFail, "投诉 不合格：18个月"},
		{"a star is any", "*: 90天", "2026-08-26", "2026-11-25", "repair", "", "*: 90天"},
		{"weeks", "2w", "2026-11-11", "2026-11-25", "", "", ""},
		{"a month before the 31st is the shorter month's last day", "1mo", "2026-09-30", "2026-10-31", "", "", ""},
		{"and not later", "1mo", "2026-09-29", "2026-10-31", "", "", "1mo"},
		{"a year before a leap day", "1y", "2027-02-28", "2028-02-29", "", "", ""},
	} {
		policy, err := store.ParsePolicy(strings.Split(test.lines, ";"), inEnglishOr)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		line, due := policy.Due(day(t, test.started), test.scenario, test.verdict, day(t, test.now))
		if line != test.want || due != (test.want != "") {
			t.Errorf("%s: got %q, %v; want %q", test.name, line, due, test.want)
		}
	}
}

func inEnglishOr(scenario string) string {
	if own := inEnglish(scenario); own != "" {
		return own
	}
	return scenario
}

func TestPolicyRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, lines := range [][]string{
		{""},
		{"3"},
		{"3 y"},
		{"0y"},
		{"-1y"},
		{"1.5y"},
		{"3y 2mo"},
		{"123456y"},
		{"complaint:"},
		{"complaint 3y"},
		{"3years"},
		{"pass fail: 1y"},
		{"complaint repair: 1y"},
		{"1y", "2y"},
		{"pass: 1y", "合格: 2y"},
	} {
		if policy, err := store.ParsePolicy(lines, inEnglishOr); !errors.Is(err, call.ErrInvalid) || !policy.Empty() {
			t.Errorf("%q: got %v, %v, want that it is refused", lines, policy.Lines(), err)
		}
	}
	policy, err := store.ParsePolicy([]string{" complaint : 5y", "3y"}, inEnglishOr)
	if diff := cmp.Diff([]string{"complaint : 5y", "3y"}, policy.Lines()); err != nil || diff != "" {
		t.Errorf("%v, got (+) differs from want (-):\n%s", err, diff)
	}
}
