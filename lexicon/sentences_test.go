package lexicon_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/lexicon"
)

// What the built-in lists reach at least on the sentences of testdata/sentences.txt, to be drawn tighter.
const (
	leastFound   = 0.94 // of all sentences that mean it
	leastOfOne   = 0.85 // of those of one section
	mostMistaken = 0.03 // of all sentences that only look like it
)

// TestSentences holds the built-in lists against sentences of many voices.
func TestSentences(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/sentences.txt")
	if err != nil {
		t.Fatal(err)
	}
	set := load(t)
	var all counted
	for _, section := range strings.Split(string(data), "\nsays ")[1:] {
		head, body, _ := strings.Cut(section, "\n")
		one := countSentences(t, set, strings.Fields(head), body)
		t.Logf("%s: %d of %d found, %d of %d mistaken", head, one.found, one.meant, one.mistaken, one.alike)
		if float64(one.found) < leastOfOne*float64(one.meant) {
			t.Errorf("%s: got %d of %d", head, one.found, one.meant)
		}
		all.add(one)
	}
	t.Logf("all: %d of %d found, %d of %d mistaken", all.found, all.meant, all.mistaken, all.alike)
	if float64(all.found) < leastFound*float64(all.meant) || float64(all.mistaken) > mostMistaken*float64(all.alike) {
		t.Errorf("got %+v", all)
	}
}

// counted is how many sentences were found of those that mean something, and of those that only look like it.
type counted struct{ meant, found, alike, mistaken int }

func (c *counted) add(other counted) {
	c.meant, c.found, c.alike, c.mistaken = c.meant+other.meant, c.found+other.found, c.alike+other.alike, c.mistaken+other.mistaken
}

func countSentences(t *testing.T, set *lexicon.Set, lists []string, body string) (c counted) {
	t.Helper()
	for line := range strings.Lines(body) {
		sign, sentence, _ := strings.Cut(strings.TrimSpace(line), " ")
		found := slices.ContainsFunc(set.Find(sentence), func(m lexicon.Match) bool { return slices.Contains(lists, m.List) })
		switch {
		case sign == "+":
			c.meant++
			if found {
				c.found++
			} else {
				t.Logf("missed: %s", sentence)
			}
		case sign == "-":
			c.alike++
			if found {
				c.mistaken++
				t.Logf("mistaken: %s", sentence)
			}
		}
	}
	return c
}
