package eval_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/zhijian-qa/zhijian/eval"
)

// TestTheExamplesOfTheDocsAreRead reads every example of a file of labels in docs/eval.md.
func TestTheExamplesOfTheDocsAreRead(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/eval.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("(?s)```(json|csv)\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(examples) < 3 {
		t.Fatalf("%d examples", len(examples))
	}
	for _, e := range examples {
		if labels, err := eval.Read("docs."+e[1], []byte(e[2])); err != nil || len(labels) == 0 {
			t.Errorf("%v in:\n%s", err, e[2])
		}
	}
}
