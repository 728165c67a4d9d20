package app_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/config"
)

// Rules that wait for each other are named by file, line and column, with the circle that they make.
func TestCheckNamesCirclesOfRules(t *testing.T) {
	t.Parallel()
	card := filepath.Join(t.TempDir(), "card.yaml")
	write(t, card, []byte(`name: mine
zh: 我的
rules:
  - {id: a.one, zh: 甲, kind: must_say, lists: [greeting], points: 5, when: [{rule: a.two, outcome: fail}]}
  - {id: a.two, zh: 乙, kind: expression, holds: 'passed("a.three")', points: 5}
  - {id: a.three, zh: 丙, kind: must_say, lists: [closing], points: 5, where: {after: {rule: a.one}}}
`))
	b := setup(t, func(c *config.Config) { c.Scorecard = card })
	var out bytes.Buffer
	b.Env.Err = &out
	if err := app.Check(t.Context(), b.Env); !errors.Is(err, app.ErrCheckFailed) {
		t.Fatalf("got %v, want that the check failed", err)
	}
	want := card + ":4:5: rules wait for each other in a circle: a.one → a.two → a.three → a.one"
	if !strings.Contains(out.String(), want) {
		t.Errorf("%q is missing in:\n%s", want, out.String())
	}
}
