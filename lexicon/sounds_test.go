package lexicon_test

import (
	"slices"
	"testing"

	"github.com/zhijian-qa/zhijian/lexicon"
)

func TestAppendSounds(t *testing.T) {
	t.Parallel()
	sounds := func(text string) []uint16 { return lexicon.AppendSounds(nil, text) }
	for _, same := range [][2]string{{"市场", "事厂"}, {"四栋", "十东"}, {"3号", "三号"}, {"電錶", "电表"}, {"南路", "兰路"}} {
		if a, b := sounds(same[0]), sounds(same[1]); !slices.Equal(a, b) || slices.Contains(a, lexicon.Unheard) {
			t.Errorf("%s is %v, %s is %v, want the same", same[0], a, same[1], b)
		}
	}
	if a, b := sounds("电表"), sounds("电费"); slices.Equal(a, b) {
		t.Errorf("电表 and 电费 are both %v", a)
	}
	if got := sounds("，a 𠀀"); len(got) != 4 || got[0] != lexicon.Unheard || got[1] == lexicon.Unheard || got[2] != lexicon.Unheard || got[3] != lexicon.Unheard {
		t.Errorf("got %v for what is not spoken", got)
	}
}
