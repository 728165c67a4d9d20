package score_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/score"
)

// schema is as much of a JSON Schema as tests look into.
type schema struct {
	Properties map[string]schema `json:"properties"`
	Items      *schema           `json:"items"`
	Enum       []string          `json:"enum"`
}

func readSchema(t *testing.T, name string) schema {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "schema", name))
	if err != nil {
		t.Fatal(err)
	}
	var s schema
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// fits holds YAML against a schema as an editor does.
func fits(t *testing.T, name, text string) error {
	t.Helper()
	compiled, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "schema", name))
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if value, err = jsonschema.UnmarshalJSON(bytes.NewReader(encoded)); err != nil {
		t.Fatal(err)
	}
	return compiled.Validate(value)
}

const (
	listSchema = "lexicon.schema.json"
	cardSchema = "scorecard.schema.json"
)

func TestSchemasTakeTheBuiltInFiles(t *testing.T) {
	t.Parallel()
	for name, pattern := range map[string]string{listSchema: "../lexicon/lists/*.yaml", cardSchema: "cards/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("got %v, %v", files, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := fits(t, name, string(data)); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

// What an editor underlines is what check refuses.
func TestSchemasAndLoadersRefuseTheSameFaults(t *testing.T) {
	t.Parallel()
	const rule = "name: a\nzh: 试\nrules: [{id: a.b, zh: 试, points: 4, %s}]\n"
	for _, good := range []string{
		"name: a\nzh: 试\ninclude: [power-service, {card: repair, without: [flow.repair]}]\n",
		fmt.Sprintf(rule, "kind: must_say, lists: greeting, at_least: 2, staff_number: true, restates: true"),
		fmt.Sprintf(rule, "kind: must_not_say, lists: [rude], per_hit: 2, cap: 3, cleared_by: {lists: apology, seconds: 10}, veto: true"),
		fmt.Sprintf(rule, "kind: read_back, of: [number, address]"),
		fmt.Sprintf(rule, "kind: repetition, of: questions, per_hit: 2, at_most: 1"),
		fmt.Sprintf(rule, "kind: manual, when: [{metadata: complaint, is: [yes]}, {scenario: 报修}]"),
	} {
		if err := fits(t, cardSchema, good); err != nil {
			t.Errorf("%s: the schema refuses it: %v", good, err)
		}
		if _, err := score.LoadScorecard(write(t, good)); err != nil {
			t.Errorf("%s: the loader refuses it: %v", good, err)
		}
	}
	for _, wrong := range []string{
		"name: a\nzh: 试\n",
		"name: a\nzh: 试\npass_mark: 80\nrules: [{id: a.b, zh: 试, points: 4, kind: manual}]\n",
		"name: a\nzh: 试\nsections: [{id: a, zh: 甲, weight: 0}]\nrules: [{id: a.b, zh: 试, points: 4, kind: manual}]\n",
		fmt.Sprintf(rule, "kind: must_sya, lists: [greeting]"),
		fmt.Sprintf(rule, "kind: must_say, lists: []"),
		fmt.Sprintf(rule, "kind: must_say, lists: [95598]"),
		fmt.Sprintf(rule, "kind: must_say, lists: [greeting], per_hit: 1"),
		fmt.Sprintf(rule, "kind: must_say, lists: [greeting], at_least: 0"),
		fmt.Sprintf(rule, "kind: must_say"),
		fmt.Sprintf(rule, "kind: must_not_say, lists: [rude], cap: 0"),
		fmt.Sprintf(rule, "kind: measure, measure: silences, bands: []"),
		fmt.Sprintf(rule, "kind: measure, measure: talk_ratioo, bands: [{share: 1}]"),
		fmt.Sprintf(rule, "kind: read_back, of: []"),
		fmt.Sprintf(rule, "kind: read_back, of: questions"),
		fmt.Sprintf(rule, "kind: repetition, of: [number]"),
		fmt.Sprintf(rule, "kind: flow, steps: []"),
		fmt.Sprintf(rule, "kind: expression"),
		fmt.Sprintf(rule, "kind: manual, poinst: 1"),
		fmt.Sprintf(rule, "kind: manual, severity: grave"),
		fmt.Sprintf(rule, "kind: manual, when: [{metadata: teem, is: [A]}]"),
	} {
		if err := fits(t, cardSchema, wrong); err == nil {
			t.Errorf("%s: the schema takes it", wrong)
		}
		if _, err := score.LoadScorecard(write(t, wrong)); err == nil {
			t.Errorf("%s: the loader takes it", wrong)
		}
	}
	for _, wrong := range []string{
		"lists: [{name: mine, terms: []}]\n",
		"lists: [{name: mine, terms: [95598]}]\n",
		"lists: [{name: mine, tiers: [], terms: [您好]}]\n",
		"lists: [{name: mine, short: [exakt], terms: [您好]}]\n",
		"lists: [{name: mine, edit_from: 3, terms: [您好]}]\n",
		"lists: [{name: 我的, terms: [您好]}]\n",
		"lists: [{name: mine, terms: [{term: 您好, terms: [您好]}]}]\n",
		"lists: [{name: mine, trems: [您好]}]\n",
	} {
		if err := fits(t, listSchema, wrong); err == nil {
			t.Errorf("%s: the schema takes it", wrong)
		}
		if err := lexicon.Check([]string{write(t, wrong)}); err == nil {
			t.Errorf("%s: the loader takes it", wrong)
		}
	}
}

// The schema offers the measures that rules may judge, wherever one is named.
func TestSchemaOffersTheMeasures(t *testing.T) {
	t.Parallel()
	rule := readSchema(t, cardSchema).Properties["rules"].Items
	for where, offered := range map[string]schema{
		"rule":   rule.Properties["measure"],
		"when":   rule.Properties["when"].Items.Properties["measure"],
		"unless": rule.Properties["unless"].Items.Properties["measure"],
	} {
		if !slices.Equal(offered.Enum, score.FigureNames()) {
			t.Errorf("%s: got %v, want %v", where, offered.Enum, score.FigureNames())
		}
	}
}

// The loaders know every key that the schemas offer.
func TestSchemasOfferNoUnknownKey(t *testing.T) {
	t.Parallel()
	card, list := readSchema(t, cardSchema), readSchema(t, listSchema).Properties["lists"].Items
	for key := range card.Properties["rules"].Items.Properties {
		_, err := score.LoadScorecard(write(t, "name: a\nzh: a\nrules: [{"+key+": x}]\n"))
		if err == nil || strings.Contains(err.Error(), "unknown key") {
			t.Errorf("rule key %s: %v", key, err)
		}
	}
	for key := range list.Properties {
		if err := lexicon.Check([]string{write(t, "lists: [{"+key+": x}]\n")}); err == nil || strings.Contains(err.Error(), "unknown key") {
			t.Errorf("list key %s: %v", key, err)
		}
	}
}
