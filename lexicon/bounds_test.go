package lexicon_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/lexicon"
)

const bound = time.Minute // generous: a run away would take hours

// Texts that make slots, edits and numbers try as much as they can end soon all the same.
func TestFindIsBounded(t *testing.T) {
	t.Parallel()
	set, length := load(t, slotted), 50_000
	if os.Getenv("ZHIJIAN_LONG") != "" {
		length = 200_000
	}
	for _, piece := range []string{"一", "十", "工号", "我是", "工号一为您", "百分之", "不", "四十五分钟内上门", "地址是和平路", "姓", "对吗", "路一号，", "王先生", "叫张"} {
		text := strings.Repeat(piece, length/len([]rune(piece)))
		began := time.Now()
		set.Find(text)
		set.Pieces(text)
		lexicon.Mask(text)
		lexicon.Normalise(text)
		if took := time.Since(began); took > bound {
			t.Errorf("%s: took %v", piece, took)
		}
	}
}

// Files that would unfold, or nest without end, are refused.
func TestBombsAreRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"aliases":      "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nlists: [*c, *c]\n",
		"nesting":      "lists: " + strings.Repeat("[", 200_000) + "\n",
		"alternatives": "lists: [{name: a, terms: [\"" + strings.Repeat("[a|b]", 60) + "\"]}]\n",
	} {
		began := time.Now()
		if _, err := tryLoad(t, text); err == nil {
			t.Errorf("%s: got no error", name)
		}
		if took := time.Since(began); took > bound {
			t.Errorf("%s: took %v", name, took)
		}
	}
}
