package score_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	pinyin "github.com/mozillazg/go-pinyin"

	"github.com/zhijian-qa/zhijian/score"
)

// confuser makes the mistakes of a recogniser: mostly characters of the same sound, then of a similar one,
// then characters lost, added or quite other ones.
type confuser struct {
	random    *rand.Rand
	syllables []string
	sounding  map[string][]rune
}

// newConfuser knows the characters of the built-in word lists.
func newConfuser(t *testing.T, seed uint64) *confuser {
	t.Helper()
	c := &confuser{random: rand.New(rand.NewPCG(seed, 1)), sounding: map[string][]rune{}}
	files, err := filepath.Glob("../lexicon/lists/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("got %v, %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range string(text) {
			if s := syllable(r); s != "" && !slices.Contains(c.sounding[s], r) {
				c.sounding[s] = append(c.sounding[s], r)
			}
		}
	}
	for s := range c.sounding {
		c.syllables = append(c.syllables, s)
	}
	slices.Sort(c.syllables)
	return c
}

func syllable(r rune) string {
	if s := pinyin.SinglePinyin(r, pinyin.NewArgs()); len(s) > 0 {
		return s[0]
	}
	return ""
}

// text returns s with about rate of its characters misheard.
func (c *confuser) text(s string, rate float64) string {
	var b strings.Builder
	for _, r := range s {
		if !unicode.Is(unicode.Han, r) || c.random.Float64() >= rate {
			b.WriteRune(r)
			continue
		}
		switch x := c.random.Float64(); {
		case x < 0.5:
			b.WriteRune(c.of(syllable(r), r))
		case x < 0.85:
			b.WriteRune(c.similar(syllable(r), r))
		case x < 0.95:
		default:
			b.WriteRune(r)
			b.WriteRune(c.of(c.syllables[c.random.IntN(len(c.syllables))], r))
		}
	}
	return b.String()
}

func (c *confuser) of(syllable string, otherwise rune) rune {
	if all := c.sounding[syllable]; len(all) > 0 {
		return all[c.random.IntN(len(all))]
	}
	return otherwise
}

// similar returns a character whose syllable begins or ends as the given one.
func (c *confuser) similar(syllable string, otherwise rune) rune {
	vowel := strings.IndexAny(syllable, "aeiouv")
	var near []string
	for _, s := range c.syllables {
		if v := strings.IndexAny(s, "aeiouv"); s != syllable && vowel >= 0 && v >= 0 && (s[:v] == syllable[:vowel] || s[v:] == syllable[vowel:]) {
			near = append(near, s)
		}
	}
	if len(near) == 0 {
		return otherwise
	}
	return c.of(near[c.random.IntN(len(near))], otherwise)
}

var spoken = regexp.MustCompile(`(?m)^([0-9.]+-[0-9.]+ (?:agent|customer): )(.*)$`)

// script returns a call script with its words misheard.
func (c *confuser) script(script string, rate float64) string {
	return spoken.ReplaceAllStringFunc(script, func(line string) string {
		m := spoken.FindStringSubmatch(line)
		return m[1] + c.text(m[2], rate) + "[?]"
	})
}

// tally counts how criteria come out when words are misheard, against how they should.
type tally struct{ calls, criteria, faults, found, foundOrReview, falseDeductions, reviews int }

func (n *tally) add(want, got score.Result) {
	n.calls++
	for i, w := range want.Criteria {
		g := got.Criteria[i]
		if w.Outcome == score.OutcomeNotApplicable {
			continue
		}
		n.criteria++
		if g.Outcome == score.OutcomeReview {
			n.reviews++
		}
		if w.Outcome != score.OutcomeFail {
			if g.Outcome == score.OutcomeFail {
				n.falseDeductions++
			}
			continue
		}
		n.faults++
		if g.Outcome == score.OutcomeFail {
			n.found++
		}
		if g.Outcome != score.OutcomePass {
			n.foundOrReview++
		}
	}
}

func share(n, of int) float64 { return float64(n) / float64(max(1, of)) }

// TestMisheardCalls holds what is found, and what is wrongly deducted, when one character in ten is misheard.
func TestMisheardCalls(t *testing.T) {
	t.Parallel()
	s, c := scorer(t, "power-service"), newConfuser(t, 42)
	var n tally
	for _, name := range []string{"good-repair", "no-greeting", "shirking", "complaint-ignored", "silences"} {
		script, err := os.ReadFile(filepath.Join("testdata", name+".call"))
		if err != nil {
			t.Fatal(err)
		}
		want := judge(t, s, string(script)).Score
		for range 25 {
			n.add(want, judge(t, s, c.script(string(script), 0.1)).Score)
		}
	}
	t.Logf("%d calls: %.3f of %d faults found, %.3f with review; %d false deductions; %.3f of criteria for review",
		n.calls, share(n.found, n.faults), n.faults, share(n.foundOrReview, n.faults), n.falseDeductions, share(n.reviews, n.criteria))
	if got := share(n.falseDeductions, n.calls); got > 0.08 {
		t.Errorf("got %.3f false deductions a call, want at most 0.08", got)
	}
	if got := share(n.foundOrReview, n.faults); got < 0.97 {
		t.Errorf("got %.3f of the faults, want 0.97", got)
	}
	if got := share(n.reviews, n.criteria); got > 0.02 {
		t.Errorf("got %.3f of the criteria for review, want at most 0.02", got)
	}
}
