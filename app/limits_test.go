package app

import (
	"reflect"
	"testing"

	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/score"
)

func TestDefaultSettingsAreTheDefaultLimits(t *testing.T) {
	t.Parallel()
	if got, want := (Env{Config: config.Default()}).scoreConfig().Limits, score.DefaultLimits(); got != want {
		t.Errorf("the settings give %+v, the zero value %+v", got, want)
	}
}

// Each setting must reach its limit: a field of one kind is easily handed to another.
func TestEachSettingReachesItsLimit(t *testing.T) {
	t.Parallel()
	given := reflect.TypeFor[config.Limits]()
	for i := range given.NumField() {
		name := given.Field(i).Name
		env := Env{Config: config.Default()}
		double(reflect.ValueOf(&env.Config.Limits).Elem().Field(i))
		got, want := reflect.ValueOf(env.scoreConfig().Limits), reflect.ValueOf(score.DefaultLimits())
		for j := range got.NumField() {
			changed := !got.Field(j).Equal(want.Field(j))
			if changed != (got.Type().Field(j).Name == name) {
				t.Errorf("setting %s: limit %s is %v, by default %v", name, got.Type().Field(j).Name, got.Field(j), want.Field(j))
			}
		}
	}
}

func double(v reflect.Value) {
	if v.CanFloat() {
		v.SetFloat(2 * v.Float())
		return
	}
	v.SetInt(2 * v.Int())
}
