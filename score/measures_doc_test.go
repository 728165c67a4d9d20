package score_test

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// tags returns the JSON keys of a type and of all that it holds.
func tags(of reflect.Type, into map[string]bool) {
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		tags(of.Elem(), into)
	case reflect.Struct:
		for i := range of.NumField() {
			field := of.Field(i)
			if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
				into[name] = true
			}
			tags(field.Type, into)
		}
	}
}

// The page explains every key of the measures, and every name that rules may use.
func TestEveryMeasureIsDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/measures.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	tags(reflect.TypeFor[score.Measures](), known)
	for _, name := range score.FigureNames() {
		known[name] = true
	}
	for name := range known {
		if !strings.Contains(string(page), "`"+name+"`") && !strings.Contains(string(page), "."+name+"`") {
			t.Errorf("docs/measures.md does not explain %s", name)
		}
	}
	if len(known) < 40 {
		t.Errorf("got %d names only", len(known))
	}
}

// The measures of a record are known or withheld, never neither: whatever the call.
func TestEveryMeasureIsKnownOrWithheld(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	for name, script := range map[string]string{
		"good":     opening + "10-12 agent: 请问您的户号是多少？\n18-20 customer: 三二零五。",
		"levels":   opening + "10-12 agent -20dB: 请问您的户号是多少？\n18-20 customer: 三二零五。",
		"mono":     "mono\n" + opening,
		"dead":     "health customer bad silent\n" + opening,
		"clipped":  "health agent warn clipped\n0-6 agent -3dB: 您好请问有什么可以帮您\n",
		"empty":    "duration 5",
		"metadata": "rings 3\nanswer_delay 12\nhung_up_by customer\n" + opening,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := judge(t, s, script).Measures
			of := reflect.ValueOf(m)
			for i := range of.NumField() {
				key, _, _ := strings.Cut(of.Type().Field(i).Tag.Get("json"), ",")
				_, withheld := m.Withheld[key]
				if key != "withheld" && of.Field(i).IsNil() != withheld {
					t.Errorf("%s is nil: %t, withheld: %t", key, of.Field(i).IsNil(), withheld)
				}
				if of.Field(i).Kind() != reflect.Map || withheld || key == "withheld" {
					continue
				}
				for _, role := range []call.Role{call.RoleAgent, call.RoleCustomer} {
					_, withheld := m.Withheld[key+"."+string(role)]
					if known := of.Field(i).MapIndex(reflect.ValueOf(role)).IsValid(); known == withheld {
						t.Errorf("%s of the %s is known: %t, withheld: %t", key, role, known, withheld)
					}
				}
			}
		})
	}
}
