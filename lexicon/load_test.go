package lexicon_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/lexicon"
)

func TestLoadFaults(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, want string }{
		"number":          {"lists:\n  - name: mine\n    terms: [95598]\n", "a.yaml:3:13: 95598 is not text: put it in quotes"},
		"unknown key":     {"lists:\n  - name: mine\n    term: [x]\n", `a.yaml:3:5: unknown key "term", did you mean "terms"?`},
		"unknown tier":    {"lists:\n  - {name: mine, tiers: [exakt], terms: [x]}\n", `did you mean "exact"?`},
		"no terms":        {"lists:\n  - name: mine\n", `"terms" is missing`},
		"name":            {"lists:\n  - {name: 我的, terms: [x]}\n", "is no list name"},
		"known name":      {"lists:\n  - {name: greeting, terms: [x]}\n", "say `extend: true` or `replace: true`"},
		"nothing to add":  {"lists:\n  - {name: greetin, extend: true, terms: [x]}\n", `did you mean "greeting"?`},
		"only dots":       {"lists:\n  - {name: mine, terms: [\"……\"]}\n", "holds nothing that can be spoken"},
		"unclosed":        {"lists:\n  - {name: mine, terms: [\"您[好\"]}\n", "has a [ without its ]"},
		"unopened":        {"lists:\n  - {name: mine, terms: [\"您]好\"]}\n", "has a ] without its ["},
		"too many":        {"lists:\n  - {name: mine, terms: [\"" + strings.Repeat("[一|二|三|四]", 8) + "\"]}\n", "unfolds into more than"},
		"unknown slot":    {"lists:\n  - {name: mine, terms: [\"我是{nmae}\"]}\n", `has an unknown slot {nmae}, did you mean "name"?; known: any, digits, name, number`},
		"empty terms":     {"lists:\n  - name: mine\n    terms: []\n", `a.yaml:3:12: "terms" is an empty list`},
		"empty tiers":     {"lists:\n  - {name: mine, tiers: [], terms: [x]}\n", `"tiers" is an empty list`},
		"slot alone":      {"lists:\n  - {name: mine, terms: [\"{name}\"]}\n", "needs 2 characters side by side"},
		"ends in any":     {"lists:\n  - {name: mine, terms: [\"我是{any}\"]}\n", "must not end in a slot that takes anything"},
		"early edit":      {"lists:\n  - {name: mine, edit_from: 2, terms: [x]}\n", "one edit needs terms of at least 4"},
		"long term":       {"lists:\n  - {name: mine, terms: [" + strings.Repeat("长", 65) + "]}\n", "is longer than 64"},
		"term and terms":  {"lists:\n  - {name: mine, terms: [{term: a, terms: [b]}]}\n", `wants either "term" or "terms"`},
		"no mapping":      {"- a\n", "wants a mapping"},
		"alias bomb":      {"a: &a [x]\nlists: [*a, *a]\n", "anchors, aliases and merge keys are not allowed"},
		"empty exception": {"lists:\n  - {name: mine, not_after: [。], terms: [x]}\n", "holds nothing that can be spoken"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := tryLoad(t, tc.text)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}

func TestLoadReportsAllFaultsOfAllFiles(t *testing.T) {
	t.Parallel()
	_, err := tryLoad(t, "lists:\n  - {name: mine, terms: [1, 2]}\n", "lists:\n  - {name: other}\n")
	if err == nil || len(strings.Split(err.Error(), "\n")) != 3 {
		t.Errorf("got %v, want three faults", err)
	}
}

func TestLoadMissingFile(t *testing.T) {
	t.Parallel()
	segmenter, err := sharedSegmenter()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lexicon.Load(lexicon.Config{Segmenter: segmenter, Paths: []string{"nowhere.yaml"}}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want a file that does not exist", err)
	}
}

func TestExtendAndReplace(t *testing.T) {
	t.Parallel()
	extended := load(t, "lists:\n  - {name: greeting, extend: true, terms: [哈喽]}\n")
	if got := found(extended, "greeting", "哈喽，您好"); got != "哈喽/exact 您好/exact" {
		t.Errorf("got %q from the extended list", got)
	}
	replaced := load(t, "lists:\n  - {name: greeting, replace: true, terms: [哈喽]}\n")
	if got := found(replaced, "greeting", "哈喽，您好"); got != "哈喽/exact" {
		t.Errorf("got %q from the replaced list", got)
	}
	if extended.Revision() == replaced.Revision() || extended.Revision() == load(t).Revision() {
		t.Error("got the same revision for different lists")
	}
	if first, again := load(t).Revision(), load(t).Revision(); first != again {
		t.Error("got two revisions for the same lists")
	}
}

func TestBuiltInListsAreThere(t *testing.T) {
	t.Parallel()
	set := load(t)
	for name := range strings.FieldsSeq(`greeting purpose self_intro offer_help polite thanks apology empathy paraphrase open_question
		identity hold hold_return process_eta safety anything_else satisfaction closing backchannel vague refusal shirking rude
		over_promise jargon filler dialect sensitive privacy internal_complaint denial complaint_words agitated hesitant
		over_demanding discriminatory condescending transfer transfer_reason cost_notice paid_service danger prevention
		acknowledgement formal_you`) {
		if !set.Has(name) {
			t.Errorf("list %s is missing", name)
		}
	}
}

func TestTwentyThousandTerms(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("lists:\n  - name: mine\n    terms:\n")
	for i := range 20000 {
		fmt.Fprintf(&b, "      - 词%c%c%c\n", 0x4E00+i%141, 0x5000+i/141, 0x6000+i%97)
	}
	set := load(t, b.String())
	if got := found(set, "mine", fmt.Sprintf("前面词%c%c%c后面", 0x4E00+5, 0x5000, 0x6000+5)); !strings.Contains(got, "/exact") {
		t.Errorf("got %q", got)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("lists:\n  - {name: mine, tiers: [exact, edit], terms: [\"[您|你]好{name}\", {term: 不行, not_inside: [行不行]}]}\n", "您好小王，行不行")
	f.Add("lists: [{name: a, terms: [0x10, ~, true, '{any}{any}']}]", "\x00\xff")
	f.Add("lists:\n  - name: a\n    tiers: [exact, homophone, near_homophone, edit]\n    edit_from: 4\n    whole_words: always\n    terms: [\"{time}内上门[抢修|维修]\", 百分之百, \"工号{number}为您服务\"]\n", "四十五分钟内上们抢修，工号一零二四为您服务")
	f.Add("lists:\n  - {name: b, short: [exact, edit], terms: [{term: 不能办理, not_before: [吗], not_negated: true, not_in_question: true}, 喂]}\n", "是不是不能办理吗？喂")
	segmenter, err := sharedSegmenter()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, yaml, text string) {
		set, err := lexicon.LoadAlone(segmenter, yaml) // the built-in lists would take all the time
		if err != nil {
			return
		}
		checkMatches(t, set, text)
		for _, name := range set.Names() {
			set.Nearest(name, text)
			set.NearestIn(name, text, 0.2)
		}
	})
}
