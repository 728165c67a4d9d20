package score_test

import (
	"bufio"
	"compress/gzip"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

// rarest is how often a character must stand alone in the dictionary's texts to be put for another.
const rarest = 300

// newOtherConfuser is a recogniser that no rule was tuned on. It puts characters of the dictionary, mixes up
// sounds by what is near in the mouth, puts more that is quite other, adds more, and loses whole phrases.
// Its confidences tell something.
func newOtherConfuser(t *testing.T, seed uint64) *confuser {
	t.Helper()
	c := &confuser{
		random: rand.New(rand.NewPCG(seed, 2)), sounding: map[string][]rune{}, mistake: (*confuser).dictionaryMistake, lost: 0.06, tells: true,
	}
	file, err := os.Open("../lexicon/dict/jieba.dict.utf8.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(unpacked); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if runes := []rune(fields[0]); len(runes) == 1 {
			if n, _ := strconv.Atoi(fields[1]); n >= rarest {
				c.know(runes[0])
			}
		}
	}
	slices.Sort(c.syllables)
	if len(c.syllables) < 350 {
		t.Fatalf("got %d syllables of the dictionary", len(c.syllables))
	}
	return c
}

func (c *confuser) dictionaryMistake(w call.Word) []call.Word {
	r := []rune(w.Text)[0]
	switch x := c.random.Float64(); {
	case x < 0.42:
		return []call.Word{put(w, c.of(syllable(r), r))}
	case x < 0.68:
		return []call.Word{put(w, c.of(c.mixedUp(syllable(r)), r))}
	case x < 0.83:
		return []call.Word{put(w, c.any())}
	case x < 0.90:
		return nil
	}
	return []call.Word{w, put(w, c.any())}
}

// mixed are beginnings and ends of syllables that are near in the mouth.
var mixed = [][]string{
	{"n", "l", "r"},
	{"z", "zh", "j"},
	{"c", "ch", "q"},
	{"s", "sh", "x"},
	{"f", "h"},
	{"b", "p", "m"},
	{"d", "t"},
	{"g", "k"},
	{"in", "ing", "en"},
	{"en", "eng", "ong"},
	{"an", "ang", "uan"},
	{"ian", "iang", "ie"},
	{"ai", "ei"},
	{"ao", "ou"},
	{"i", "u"},
	{"e", "o"},
}

// mixedUp returns a syllable that is near the given one, itself when none is.
func (c *confuser) mixedUp(syllable string) string {
	vowel := max(0, strings.IndexAny(syllable, "aeiouv"))
	begin, end := syllable[:vowel], syllable[vowel:]
	var near []string
	for _, group := range mixed {
		for _, other := range group {
			for _, s := range []string{other + end, begin + other} {
				swaps := slices.Contains(group, begin) && s == other+end || slices.Contains(group, end) && s == begin+other
				if swaps && s != syllable && len(c.sounding[s]) > 0 {
					near = append(near, s)
				}
			}
		}
	}
	if len(near) == 0 {
		return syllable
	}
	return near[c.random.IntN(len(near))]
}
