package lexicon

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// slot stands for a stretch of text of one kind inside a term.
type slot struct {
	min, max int
	open     bool // takes anything, so a term must not end in it
	takes    func(rune) bool
}

const (
	numberRunes = "零一二三四五六七八九十百千万点半"
	timeRunes   = numberRunes + "几个分钟小时天日月周星期工作内以左右今明后早晚上中下午凌晨之到至"
	notInName   = "我你您他她它是的了在有请不吗呢吧啊"
)

// slots are the kinds that a term may name, as in 我是{name} or {time}内上门.
var slots = map[string]*slot{
	"name":   {min: 1, max: 4, takes: func(r rune) bool { return unicode.Is(unicode.Han, r) && !strings.ContainsRune(notInName, r) }},
	"number": {min: 1, max: 20, takes: func(r rune) bool { return soundsLikeNumber(r) || r < 128 && unicode.IsLetter(r) }},
	"digits": {min: 3, max: 20, takes: isNumeral},
	"org":    {min: 2, max: 12, takes: func(r rune) bool { return !strings.ContainsRune(notInName, r) }},
	"time":   {min: 1, max: 10, takes: func(r rune) bool { return strings.ContainsRune(timeRunes, r) }},
	"any":    {min: 0, max: 8, open: true, takes: func(rune) bool { return true }},
}

// soundsLikeNumber reports whether r is a numeral, or is written for one by a recogniser.
func soundsLikeNumber(r rune) bool {
	for _, numeral := range numberRunes {
		if phoneticTable().compare(r, numeral) <= sameSound {
			return true
		}
	}
	return false
}

func slotNames() []string { return slices.Sorted(maps.Keys(slots)) }
