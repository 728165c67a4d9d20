package score_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	pinyin "github.com/mozillazg/go-pinyin"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// confuser makes the mistakes of a recogniser in words, mostly one character each. The words that are right
// keep their times: the audio does not change when it is misheard.
type confuser struct {
	random    *rand.Rand
	syllables []string
	sounding  map[string][]rune // characters by their syllable
	mistake   func(c *confuser, w call.Word) []call.Word
	lost      float64 // share of what is misheard that is lost in runs of several characters
	tells     bool    // confidences tell something
}

// mishearing changes the words of one utterance.
type mishearing func([]call.Word) []call.Word

// newConfuser is the recogniser that the rules were tuned on. It puts characters of the built-in word lists:
// of what is misheard half becomes one of the same pinyin, a third one that begins or ends alike, the rest is
// lost or gains a character. Its confidences tell nothing.
func newConfuser(t *testing.T, seed uint64) *confuser {
	t.Helper()
	files, err := filepath.Glob("../lexicon/lists/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("got %v, %v", files, err)
	}
	c := &confuser{random: rand.New(rand.NewPCG(seed, 1)), sounding: map[string][]rune{}, mistake: (*confuser).listMistake}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range string(text) {
			c.know(r)
		}
	}
	slices.Sort(c.syllables)
	return c
}

// know adds a character that may be put for another.
func (c *confuser) know(r rune) {
	s := syllable(r)
	if s == "" || slices.Contains(c.sounding[s], r) {
		return
	}
	if len(c.sounding[s]) == 0 {
		c.syllables = append(c.syllables, s)
	}
	c.sounding[s] = append(c.sounding[s], r)
}

func syllable(r rune) string {
	if s := pinyin.SinglePinyin(r, pinyin.NewArgs()); len(s) > 0 {
		return s[0]
	}
	return ""
}

// words returns words with about rate of their characters misheard.
func (c *confuser) words(words []call.Word, rate float64) []call.Word {
	var heard []call.Word
	skip := 0
	for _, w := range words {
		first := []rune(w.Text)[0]
		switch {
		case skip > 0:
			skip--
		case c.lost > 0 && c.random.Float64() < rate*c.lost/longestLoss*2:
			skip = shortestLoss + c.random.IntN(longestLoss-shortestLoss+1) - 1
		case !unicode.Is(unicode.Han, first) || c.random.Float64() >= rate*(1-c.lost):
			if c.tells {
				w.Confidence = 1 - 0.35*c.random.Float64()*c.random.Float64()
			}
			heard = append(heard, w)
		default:
			for _, m := range c.mistake(c, w) {
				if c.tells {
					m.Confidence = 0.3 + 0.6*c.random.Float64()
				}
				heard = append(heard, m)
			}
		}
	}
	return heard
}

// Characters that are lost in a run.
const shortestLoss, longestLoss = 3, 6

// put returns w with another character in the place of its own.
func put(w call.Word, r rune) call.Word {
	w.Text = string(r) + string([]rune(w.Text)[1:])
	return w
}

func (c *confuser) listMistake(w call.Word) []call.Word {
	r := []rune(w.Text)[0]
	switch x := c.random.Float64(); {
	case x < 0.5:
		return []call.Word{put(w, c.of(syllable(r), r))}
	case x < 0.85:
		return []call.Word{put(w, c.similar(syllable(r), r))}
	case x < 0.95:
		return nil
	}
	return []call.Word{w, put(w, c.any())}
}

func (c *confuser) of(syllable string, otherwise rune) rune {
	if all := c.sounding[syllable]; len(all) > 0 {
		return all[c.random.IntN(len(all))]
	}
	return otherwise
}

func (c *confuser) any() rune { return c.of(c.syllables[c.random.IntN(len(c.syllables))], '的') }

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

// misheard returns a transcript as a recogniser would have it that mishears.
func misheard(tr call.Transcript, hear mishearing) call.Transcript {
	heard := tr
	heard.Utterances = nil
	for _, u := range tr.Utterances {
		u.Words = hear(u.Words)
		u.Text, u.Confidence = "", 0
		for _, w := range u.Words {
			u.Text += w.Text
			u.Confidence += w.Confidence / float64(len(u.Words))
		}
		if len(u.Words) > 0 {
			heard.Utterances = append(heard.Utterances, u)
		}
	}
	return heard
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
		clean := parse(t, readFile(t, filepath.Join("testdata", name+".call")))
		want := s.Score(clean.Recording, clean.Health, clean.Transcript).Score
		for range 25 {
			tr := misheard(clean.Transcript, func(words []call.Word) []call.Word { return c.words(words, 0.1) })
			n.add(want, s.Score(clean.Recording, clean.Health, tr).Score)
		}
	}
	t.Logf("%d calls: %.3f of %d faults found, %.3f with review; %d false deductions; %.3f of criteria for review",
		n.calls, share(n.found, n.faults), n.faults, share(n.foundOrReview, n.faults), n.falseDeductions, share(n.reviews, n.criteria))
	if got := share(n.falseDeductions, n.calls); got > 0.02 {
		t.Errorf("got %.3f false deductions a call, want at most 0.02", got)
	}
	if got := share(n.foundOrReview, n.faults); got < 0.97 {
		t.Errorf("got %.3f of the faults, want 0.97", got)
	}
	if got := share(n.reviews, n.criteria); got > 0.02 {
		t.Errorf("got %.3f of the criteria for review, want at most 0.02", got)
	}
}
