package report_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/score"
)

const secret = "我的电话是13912345678"

// fill puts the secret into every text of v and one item into every list and map.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			v.SetString(secret)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		item := reflect.New(v.Type().Elem()).Elem()
		fill(item)
		if v.Type().Key() == reflect.TypeFor[call.Role]() {
			v.SetMapIndex(reflect.ValueOf(call.RoleAgent), item)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	}
}

// Whatever text a measure holds, now or later, is masked, and the record given is not changed.
func TestEveryTextOfTheMeasuresIsMasked(t *testing.T) {
	t.Parallel()
	var rec score.Record
	fill(reflect.ValueOf(&rec.Measures).Elem())
	masked, err := json.Marshal(report.MaskRecord(rec, lexicon.Mask).Measures)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(masked), "13912345678") {
		t.Errorf("a text is not masked: %s", masked)
	}
	given, err := json.Marshal(rec.Measures)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(given), "13912345678"); n < 8 || strings.Contains(string(given), "*") {
		t.Errorf("the record given has the number %d times: %s", n, given)
	}
}
