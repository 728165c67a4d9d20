package lexicon_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/lexicon"
)

// spellings are the ways in which people write and say a number.
var spellings = []struct {
	name  string
	spell func(r *rand.Rand, digits string) string
}{
	{"written", func(_ *rand.Rand, digits string) string { return digits }},
	{"full width", func(_ *rand.Rand, digits string) string { return spellBy(digits, "０１２３４５６７８９") }},
	{"han", func(_ *rand.Rand, digits string) string { return spellBy(digits, "零一二三四五六七八九") }},
	{"yao", func(_ *rand.Rand, digits string) string { return spellBy(digits, "零幺二三四五六七八九") }},
	{"dong", func(_ *rand.Rand, digits string) string { return spellBy(digits, "洞幺两三四五六拐八九") }},
	{"grouped", func(r *rand.Rand, digits string) string {
		return grouped(r, spellBy(digits, "零幺二三四五六七八九"))
	}},
	{"written in groups", grouped},
	{"repeated", func(_ *rand.Rand, digits string) string { return repeated(digits) }},
}

// TestPersonalNumberSpellings finds made-up numbers with right check digits, whole, in every spelling.
func TestPersonalNumberSpellings(t *testing.T) {
	r := rand.New(rand.NewPCG(20261125, 6))
	for _, spelling := range spellings {
		t.Run(spelling.name, func(t *testing.T) {
			for range 300 {
				for kind, digits := range madeUp(r) {
					text := spelling.spell(r, digits)
					said := "您记一下" + text + "谢谢"
					if !coversAll(said, text) {
						t.Errorf("%s %s: only %v found in %q", kind, digits, lexicon.FindPersonal(said), said)
					}
				}
			}
		})
	}
}

func coversAll(said, text string) bool {
	start := len([]rune(said[:strings.Index(said, text)]))
	end := start + len([]rune(text))
	for _, p := range lexicon.FindPersonal(said) {
		if p.Start <= start && p.End >= end {
			return true
		}
	}
	return false
}

// spellBy writes each digit as the character of letters at its place; X stays.
func spellBy(digits, letters string) string {
	by := []rune(letters)
	var said strings.Builder
	for _, d := range digits {
		if d < '0' || d > '9' {
			said.WriteRune(d)
			continue
		}
		said.WriteRune(by[d-'0'])
	}
	return said.String()
}

// grouped puts pauses between groups of three to five characters.
func grouped(r *rand.Rand, text string) string {
	pauses := []string{"，", "、", " ", "嗯", "，嗯，", "那个", "\n", "。好的。"}
	runes := []rune(text)
	var said strings.Builder
	for len(runes) > 0 {
		n := min(len(runes), 3+r.IntN(3))
		if len(runes)-n == 1 {
			n++ // an X is not said by itself
		}
		said.WriteString(string(runes[:n]))
		if runes = runes[n:]; len(runes) > 0 {
			said.WriteString(pauses[r.IntN(len(pauses))])
		}
	}
	return said.String()
}

// repeated says 888 as 三个八 and 88 as 双八.
func repeated(digits string) string {
	counts := []string{"", "", "双", "三个", "四个", "五个", "六个"}
	var said strings.Builder
	for i := 0; i < len(digits); {
		n := 1
		for i+n < len(digits) && digits[i+n] == digits[i] && n < len(counts)-1 {
			n++
		}
		said.WriteString(counts[n] + spellBy(digits[i:i+1], "零幺二三四五六七八九"))
		i += n
	}
	return said.String()
}

// madeUp returns a number of each kind that is told by its own form.
func madeUp(r *rand.Rand) map[string]string {
	some := func(n int) string {
		var digits strings.Builder
		for range n {
			fmt.Fprint(&digits, r.IntN(10))
		}
		return digits.String()
	}
	return map[string]string{
		"mobile":   fmt.Sprintf("1%d%s", 3+r.IntN(7), some(9)),
		"fixed":    fmt.Sprintf("0571%d%s", 2+r.IntN(7), some(7)),
		"identity": withIdentityCheck(fmt.Sprintf("330106%d%02d%02d%s", 1950+r.IntN(55), 1+r.IntN(12), 1+r.IntN(28), some(3))),
		"card":     withLuhn("6222" + some(14)),
	}
}

// withIdentityCheck adds the check digit of GB 11643.
func withIdentityCheck(digits string) string {
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, weight := range weights {
		sum += int(digits[i]-'0') * weight
	}
	return digits + string("10X98765432"[sum%11])
}

// withLuhn adds the check digit of ISO/IEC 7812.
func withLuhn(digits string) string {
	sum := 0
	for i := range len(digits) {
		value := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			value *= 2
		}
		sum += value/10 + value%10
	}
	return digits + fmt.Sprint((10-sum%10)%10)
}
