package score_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// write keeps a scorecard in a file and returns its path.
func write(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "card.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const small = `name: small
zh: 小评分卡
sections:
  - {id: opening, zh: 开场}
rules:
  - id: greeting.opening
    zh: 问候
    section: opening
    kind: must_say
    lists: [greeting]
    points: 5
`

func TestLoadScorecardFaults(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ old, new, want string }{
		"unknown key":          {"    zh: 问候", "    zhh: 问候", `card.yaml:7:5: unknown key "zhh", did you mean "zh"?`},
		"unknown kind":         {"must_say", "must_sya", `did you mean "must_say"?`},
		"unknown section":      {"section: opening", "section: openning", `did you mean "opening"?`},
		"rule ID":              {"greeting.opening", "Greeting", `"Greeting" is no rule ID`},
		"points missing":       {"    points: 5\n", "", `"points" is missing`},
		"points negative":      {"points: 5", "points: -5", "points are from 0 to 1000"},
		"maybe with all":       {"lists: [greeting]", "lists: [greeting]\n    maybe: [thanks]\n    all: true", "does not go with all"},
		"key of another kind":  {"points: 5", "points: 5\n    per_hit: 1", `"per_hit" does not belong to a rule of kind must_say`},
		"no rules":             {small[strings.Index(small, "rules:"):], "rules: []\n", "has no rules"},
		"twice":                {"    points: 5\n", "    points: 5\n  - id: greeting.opening\n    zh: 问候\n    kind: must_say\n    lists: [greeting]\n    points: 1\n", `rule "greeting.opening" stands twice`},
		"pass mark":            {"name: small", "name: small\npass_mark: 80", "the pass mark is a share"},
		"where both":           {"points: 5", "points: 5\n    where: {first: {turns: 1}, last: {turns: 1}}", `wants either "first" or "last"`},
		"where nothing":        {"points: 5", "points: 5\n    where: {first: {}}", "wants seconds, turns or both"},
		"maybe alone":          {"points: 5", "points: 5\n    when: [{scenario: repair, maybe: [danger]}]", "belongs to"},
		"condition":            {"points: 5", "points: 5\n    when: [{scenario: repair, complaint: true}]", "wants exactly one of"},
		"severity":             {"points: 5", "points: 5\n    severity: grave", `"grave" is unknown`},
		"example's script":     {"points: 5", "points: 5\n    examples: [{expect: pass, call: \"agnet: 您好\"}]", "line 1: neither an utterance"},
		"example's expect":     {"points: 5", "points: 5\n    examples: [{expect: passes, call: \"agent: 您好\"}]", `did you mean "pass"?`},
		"measure":              {"kind: must_say\n    lists: [greeting]", "kind: measure\n    measure: loudness\n    bands: [{share: 1}]", `"loudness" is unknown`},
		"last band has bounds": {"kind: must_say\n    lists: [greeting]", "kind: measure\n    measure: silences\n    bands: [{up_to: 1, share: 1}]", "the last band must have no bounds"},
		"seconds":              {"points: 5", "points: 5\n    min_talk_seconds: -1", "wants seconds"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(small, tc.old) {
				t.Fatalf("%q is not in the scorecard", tc.old)
			}
			_, err := score.LoadScorecard(write(t, strings.Replace(small, tc.old, tc.new, 1)))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}

func TestLoadScorecardNamesTheKnownOnes(t *testing.T) {
	t.Parallel()
	_, err := score.LoadScorecard("power")
	if !errors.Is(err, call.ErrNotFound) || !strings.Contains(err.Error(), "power-service") {
		t.Errorf("got %v", err)
	}
	if _, err := score.LoadScorecard("nowhere/card.yaml"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want a file that does not exist", err)
	}
}

func TestNewNamesListsThatAreNotThere(t *testing.T) {
	t.Parallel()
	card, err := score.LoadScorecard(write(t, strings.Replace(small, "[greeting]", "[greetings]", 1)))
	if err != nil {
		t.Fatal(err)
	}
	lex, err := sharedLexicon()
	if err != nil {
		t.Fatal(err)
	}
	_, err = score.New(lex, card, score.Config{})
	if want := `card.yaml:6:`; err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `did you mean "greeting"?`) {
		t.Errorf("got %v, want %s and a hint", err, want)
	}
	if _, err := score.New(lex, card, score.Config{PassMark: 2}); !errors.Is(err, call.ErrInvalid) {
		t.Errorf("got %v for a pass mark of 2", err)
	}
}

// Lists that are not there are named together with all other faults, those of included scorecards too.
func TestCheckScorecardNamesAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	lex, err := sharedLexicon()
	if err != nil {
		t.Fatal(err)
	}
	base := write(t, strings.Replace(small, "points: 5", "points: -5", 1))
	path := write(t, "name: x\nzh: 试\ninclude: ["+base+"]\nrules:\n"+
		"  - {id: a.b, zh: 甲, section: opening, kind: must_say, lists: [greetings], poinst: 5}\n"+
		"  - {id: a.c, zh: 乙, kind: expression, holds: 'passed(\"greeting.opening\")', points: 1}\n")
	_, err = score.CheckScorecard(path, lex.Names())
	for _, want := range []string{
		"card.yaml:3:11: cannot include", "points are from 0 to 1000", `card.yaml:5:76: unknown key "poinst", did you mean "points"?`, `"points" is missing`,
		`card.yaml:5:5: rule a.b names the list "greetings", which is not there, did you mean "greeting"?`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if err != nil && strings.Contains(err.Error(), "greeting.opening") && strings.Contains(err.Error(), "is not there:") || strings.Contains(err.Error(), `"opening"`) {
		t.Errorf("got faults that follow from others: %v", err)
	}
	if _, err := score.CheckScorecard(path, nil); err == nil || strings.Contains(err.Error(), "greetings") {
		t.Errorf("got %v without knowing the lists", err)
	}
}

func TestCheckExamplesFindsWrongOnesAndMissingOnes(t *testing.T) {
	t.Parallel()
	err := scorer(t, write(t, small+`    examples:
      - expect: fail
        call: |
          agent: 您好，请问有什么可以帮您？
          customer: 我家停电了，我住在和平路阳光花园三号楼二单元，今天早上八点多家里的灯闪了几下。
`)).CheckExamples()
	for _, want := range []string{"comes out as pass, not fail", "has no example that must come out as pass"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestRevisionFollowsContentAndSettings(t *testing.T) {
	t.Parallel()
	one, other := scorer(t, write(t, small)), scorer(t, write(t, strings.Replace(small, "points: 5", "points: 6", 1)))
	if one.Revision() == other.Revision() {
		t.Error("got the same revision for two scorecards")
	}
	if again := scorer(t, write(t, small)); one.Revision() != again.Revision() {
		t.Error("got two revisions for the same scorecard")
	}
}

func TestCatalogueNamesEveryRuleInBothLanguages(t *testing.T) {
	t.Parallel()
	names, err := score.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, n := range names {
		kinds[n.Kind]++
		if n.ID == "" || n.ZH == "" || n.EN == "" {
			t.Errorf("got %+v, want a name in both languages", n)
		}
	}
	if kinds["rule"] < 20 || kinds["section"] < 5 || kinds["reason"] < 10 {
		t.Errorf("got %v", kinds)
	}
}

func TestEveryReasonInARecordIsInTheCatalogue(t *testing.T) {
	t.Parallel()
	names, err := score.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, n := range names {
		known[n.ID] = true
	}
	scripts, err := filepath.Glob("testdata/*.call")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range scripts {
		script, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range judge(t, scorer(t, "power-service"), string(script)).Score.Criteria {
			if c.Reason != "" && !known[c.Reason] {
				t.Errorf("%s: reason %q of %s is not in the catalogue", path, c.Reason, c.Rule)
			}
		}
	}
}

func FuzzLoadScorecard(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("name: a\nrules: [{id: a.b, kind: measure, bands: [{share: 1e999}]}]"))
	f.Add([]byte("name: a\nzh: a\ninclude: [a]\nbounds: {lower: 1, upper: 3}\nrules:\n" + flowRule))
	f.Add([]byte("name: a\nzh: a\nrules: [{id: a.b, zh: a, points: 1, kind: expression, holds: 'passed(\"a.b\") and rings < 3'}, {id: a.c, zh: a, points: 1, kind: read_back, of: [number], where: {after: {rule: a.b}}}]"))
	if card, err := os.ReadFile("cards/power-service.yaml"); err == nil {
		f.Add(card[:2000])
	}
	path := filepath.Join(f.TempDir(), "card.yaml")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		card, err := score.LoadScorecard(path)
		if err != nil || len(card.Rules()) > 5 {
			return
		}
		lex, err := sharedLexicon()
		if err != nil {
			t.Fatal(err)
		}
		s, err := score.New(lex, card, score.Config{})
		if err != nil {
			return
		}
		c := parse(t, "0-9 agent: 您好，请问有什么可以帮您\n9-30 customer: 我家停电了")
		if fault := adds(s.Score(c.Recording, c.Health, c.Transcript), s.Scorecard().PassMark()); fault != "" && !strings.Contains(fault, "fails and takes nothing") {
			t.Error(fault)
		}
	})
}
