package score_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/score"
)

// schema is as much of JSON Schema as ours use.
type schema struct {
	Type       string            `json:"type"`
	Properties map[string]schema `json:"properties"`
	Items      *schema           `json:"items"`
	Required   []string          `json:"required"`
	Enum       []string          `json:"enum"`
	AnyOf      []schema          `json:"anyOf"`
	Pattern    string            `json:"pattern"`
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

// check returns what is wrong with value, "" when nothing is.
func (s schema) check(at string, value any) string {
	if len(s.AnyOf) > 0 {
		fault := ""
		for _, one := range s.AnyOf {
			if fault = one.check(at, value); fault == "" {
				return ""
			}
		}
		return fault
	}
	fault, found := "", "number"
	switch v := value.(type) {
	case map[string]any:
		found, fault = "object", s.checkObject(at, v)
	case []any:
		found = "array"
		for i, item := range v {
			if s.Items != nil && fault == "" {
				fault = s.Items.check(fmt.Sprintf("%s[%d]", at, i), item)
			}
		}
	case string:
		found = "string"
		if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) || !regexp.MustCompile(s.Pattern).MatchString(v) {
			fault = at + ": " + v
		}
	case bool:
		found = "boolean"
	}
	if found != s.Type && !(found == "number" && s.Type == "integer") {
		return fmt.Sprintf("%s: got %s, want %s", at, found, s.Type)
	}
	return fault
}

func (s schema) checkObject(at string, object map[string]any) string {
	for key, value := range object {
		property, known := s.Properties[key]
		if !known {
			return at + ": unknown key " + key
		}
		if fault := property.check(at+"."+key, value); fault != "" {
			return fault
		}
	}
	for _, key := range s.Required {
		if _, there := object[key]; !there {
			return at + ": " + key + " is missing"
		}
	}
	return ""
}

func TestSchemasTakeTheBuiltInFiles(t *testing.T) {
	t.Parallel()
	for name, pattern := range map[string]string{"lexicon.schema.json": "../lexicon/lists/*.yaml", "scorecard.schema.json": "cards/*.yaml"} {
		s := readSchema(t, name)
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("got %v, %v", files, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var value any
			if err := yaml.Unmarshal(data, &value); err != nil {
				t.Fatal(err)
			}
			if fault := s.check(filepath.Base(file), value); fault != "" {
				t.Error(fault)
			}
		}
	}
}

// The schema offers the measures that rules may judge, wherever one is named.
func TestSchemaOffersTheMeasures(t *testing.T) {
	t.Parallel()
	rule := readSchema(t, "scorecard.schema.json").Properties["rules"].Items
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
	card, list := readSchema(t, "scorecard.schema.json"), readSchema(t, "lexicon.schema.json").Properties["lists"].Items
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
