package score_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/score"
)

// builtIn are the built-in scorecards.
var builtIn = []string{"power-service", "repair", "consultation", "complaint", "callback", "service-norms", "state-grid"}

func TestExamplesOfThePacks(t *testing.T) {
	t.Parallel()
	for _, name := range builtIn {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := scorer(t, name)
			if err := s.CheckExamples(); err != nil {
				t.Error(err)
			}
			for _, id := range s.Scorecard().Rules() {
				counts := s.Scorecard().Examples(id)
				if s.Scorecard().Manual(id) {
					continue
				}
				if counts[score.OutcomePass] < 2 || counts[score.OutcomeFail] < 2 {
					t.Errorf("%s has %d examples that pass and %d that fail, want two of each", id, counts[score.OutcomePass], counts[score.OutcomeFail])
				}
			}
		})
	}
}

var (
	coverageRow = regexp.MustCompile(`(?m)^\| ([0-9G]+\.[0-9]+) \| (.*?) \| (.*?) \| (.*?) \|$`)
	inBackticks = regexp.MustCompile("`([a-z_.]+)`")
)

// TestEveryNormHasItsRule holds the page of norms: each norm has a row, each row rules that are there,
// with examples, and a line of one of them.
func TestEveryNormHasItsRule(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/coverage.md")
	if err != nil {
		t.Fatal(err)
	}
	norms, err := os.ReadFile("testdata/norms.txt")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	for _, m := range coverageRow.FindAllStringSubmatch(string(page), -1) {
		rows[m[1]] = m
	}
	files, err := filepath.Glob("cards/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var cards strings.Builder
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		cards.Write(data)
	}
	n, both := 0, []*score.Scorecard{scorer(t, "service-norms").Scorecard(), scorer(t, "state-grid").Scorecard()}
	for norm := range strings.Lines(string(norms)) {
		number, what, _ := strings.Cut(strings.TrimSpace(norm), " ")
		if number == "#" {
			continue
		}
		n++
		row := rows[number]
		if row == nil || row[2] != what {
			t.Errorf("norm %s %s has no row", number, what)
			continue
		}
		checkRow(t, row, cards.String(), both)
	}
	if n != len(rows) {
		t.Errorf("got %d norms and %d rows", n, len(rows))
	}
}

// checkRow holds one row: its rules and its example, or the file that does what no rule can.
func checkRow(t *testing.T, row []string, cards string, in []*score.Scorecard) {
	t.Helper()
	if strings.HasSuffix(row[4], ".go") {
		if _, err := os.Stat(filepath.Join("..", row[4])); err != nil {
			t.Errorf("norm %s: %v", row[1], err)
		}
		return
	}
	named := inBackticks.FindAllStringSubmatch(row[3], -1)
	if len(named) == 0 {
		t.Errorf("norm %s has no rule", row[1])
	}
	for _, m := range named {
		var counts map[score.Outcome]int
		for i := 0; i < len(in) && counts == nil; i++ {
			counts = in[i].Examples(m[1])
		}
		if counts[score.OutcomePass] < 2 || counts[score.OutcomeFail] < 2 {
			t.Errorf("norm %s: rule %s has not two examples of each outcome", row[1], m[1])
		}
	}
	if !strings.Contains(cards, row[4]) {
		t.Errorf("norm %s: %q is in no example", row[1], row[4])
	}
}
