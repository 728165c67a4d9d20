package lexicon

import (
	"slices"
	"strings"
	"testing"
)

func TestNearClass(t *testing.T) {
	t.Parallel()
	for _, pair := range []string{
		"ni li", "nan lan", "re le", "ren len", "zhi zi", "chi ci", "shi si", "zheng zen", "sheng sen", "yin ying", "xin xing",
		"fang huang", "fa hua", "fei hui", "fu hu", "feng hong", "lian liang", "guan guang", "nv lv",
	} {
		a, b, _ := strings.Cut(pair, " ")
		if nearClass(a) != nearClass(b) {
			t.Errorf("%s is %s, %s is %s: want the same", a, nearClass(a), b, nearClass(b))
		}
	}
	for _, pair := range []string{"ni mi", "ba pa", "zhi ji", "bu mu", "dong deng", "an en", "e er", "n l", "hao kao"} {
		a, b, _ := strings.Cut(pair, " ")
		if nearClass(a) == nearClass(b) {
			t.Errorf("%s and %s are both %s: want different ones", a, b, nearClass(a))
		}
	}
}

func TestCompareAndSimilar(t *testing.T) {
	t.Parallel()
	table := phoneticTable()
	for _, tc := range []struct {
		a, b    rune
		want    likeness
		similar bool
	}{
		{'好', '好', same, true},
		{'号', '好', sameSound, true},
		{'重', '种', sameSound, true},
		{'重', '虫', sameSound, true},
		{'您', '林', nearSound, true},
		{'四', '是', nearSound, true},
		{'烤', '好', unlike, true},
		{'印', '您', unlike, true},
		{'有', '是', unlike, false},
		{'a', 'b', unlike, false},
		{'a', '好', unlike, false},
		{'嗯', '恩', sameSound, true},
	} {
		if got := table.compare(tc.a, tc.b); got != tc.want {
			t.Errorf("%c and %c: got %v, want %v", tc.a, tc.b, got, tc.want)
		}
		a, b := table.voice(tc.a), table.voice(tc.b)
		if got := a.similar(&b); got != tc.similar {
			t.Errorf("%c and %c: got similar %t", tc.a, tc.b, got)
		}
	}
}

func TestReadingsAreThereForAllHan(t *testing.T) {
	t.Parallel()
	table := phoneticTable()
	for _, r := range "您好工号为服务请问有什么可以帮停电抢修投诉办理嗯哦呢吧" {
		if len(table.of(r)) == 0 || table.symbol(r) < firstNearSymbol {
			t.Errorf("%c has no reading", r)
		}
	}
	for _, r := range "a1，😀\x00" {
		if len(table.of(r)) != 0 || table.symbol(r) >= firstNearSymbol {
			t.Errorf("%c has a reading", r)
		}
	}
}

func TestExpand(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"您好":            "您好",
		"[您|你]好":        "你好 您好",
		"请[您|]稍[等|候]":   "请稍候 请稍等 请您稍候 请您稍等",
		"我是{name}[吗|呢]": "我是{name}吗 我是{name}呢",
		"[a|a]":         "a",
		"":              "",
	} {
		got, err := expand(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		wanted := strings.Split(want, " ")
		slices.Sort(wanted)
		if !slices.Equal(got, wanted) {
			t.Errorf("%q: got %q, want %q", text, got, wanted)
		}
	}
}

func TestMayEditSparesWhatTurnsTheMeaning(t *testing.T) {
	t.Parallel()
	variants, err := newVariants(&list{tiers: []Tier{TierExact, TierEdit}, editFrom: 4}, "这个不能办理", termOptions{})
	if err != nil {
		t.Fatal(err)
	}
	v := variants[0]
	for text, want := range map[string]bool{
		"这个也不能办理": true,  // one more
		"这个不得办理":  true,  // another one
		"这个都能办理":  false, // 不 became 都
		"这个能办理":   false, // 不 is lost
		"这个不能不办理": false, // 不 came in
		"那样不能办理":  false, // two edits
		"这个不能办":   false, // the end of a short phrase is lost
	} {
		cut := units([]rune(text))
		_, first := verifyEdit(cut, v, 0, 0, true)
		_, second := verifyEdit(cut, v, len(cut), len(cut), false)
		if got := first || second; got != want {
			t.Errorf("%q: got %t, want %t", text, got, want)
		}
	}
}
