package lexicon

import (
	"strings"
	"sync"
	"unicode"
)

// slot stands for a stretch of text of one kind inside a term.
type slot struct {
	min, max int
	open     bool    // takes anything, so a term must not end in it
	whole    bool    // takes all that fits where a term begins with it
	clause   bool    // takes only what stands in one clause with what is beside it
	bit      slotSet // its own
	fits     func(rune) bool
}

// slotSet says which slots take a character.
type slotSet uint16

// takes reports whether u may stand in s.
func (s *slot) takes(u *unit) bool { return u.slots&s.bit != 0 }

// Found stands in a text for a character of what was found there already: no phrase and no slot takes it, so that no
// near miss runs across it.
const Found = 'ʘ'

// slotsThatTake returns the slots that take r.
func slotsThatTake(r rune) (set slotSet) {
	if r == Found {
		return 0
	}
	for _, s := range slots {
		if s.fits(r) {
			set |= s.bit
		}
	}
	return set
}

const (
	numberRunes  = "零一二三四五六七八九十百千万点半"
	timeRunes    = numberRunes + "几个分钟小时天日月周星期工作内以左右今明后早晚上中下午凌晨之到至"
	dateRunes    = numberRunes + "今明后昨前天年月日号周星期礼拜上下本这个底初"
	moneyRunes   = numberRunes + "亿块元毛角分钱"
	addressExtra = "路街道巷弄号楼栋幢单元室层区村镇县市省庄园苑里门"
	notInName    = "我你您他她它是的了在有请不吗呢吧啊"
	notInAddress = "我你您他她它是的了请不吗呢吧啊"
)

// slots are the kinds that a term may name, as in 我是{name} or {time}内上门.
var slots = map[string]*slot{
	"name":   {bit: 1 << 2, min: 1, max: 4, fits: func(r rune) bool { return unicode.Is(unicode.Han, r) && !strings.ContainsRune(notInName, r) }},
	"number": {bit: 1 << 3, min: 1, max: 20, fits: func(r rune) bool { return soundsLikeNumber(r) || r < 128 && unicode.IsLetter(r) }},
	"digits": {bit: 1 << 1, min: 3, max: 20, fits: isNumeral},
	"org":    {bit: 1 << 4, min: 2, max: 12, fits: func(r rune) bool { return !strings.ContainsRune(notInName, r) }},
	"time":   {bit: 1 << 5, min: 1, max: 10, whole: true, fits: func(r rune) bool { return strings.ContainsRune(timeRunes, r) }},
	"any":    {bit: 1 << 0, min: 0, max: 8, open: true, fits: func(rune) bool { return true }},
	"some":   {bit: 1 << 10, min: 0, max: 8, open: true, clause: true, fits: func(rune) bool { return true }},
	"far":    {bit: 1 << 11, min: 0, max: 24, open: true, fits: func(rune) bool { return true }},
	"date":   {bit: 1 << 6, min: 2, max: 12, whole: true, fits: func(r rune) bool { return strings.ContainsRune(dateRunes, r) }},
	"money":  {bit: 1 << 7, min: 2, max: 14, whole: true, fits: func(r rune) bool { return strings.ContainsRune(moneyRunes, r) }},
	"phone":  {bit: 1 << 8, min: 5, max: 13, fits: soundsLikeDigit},
	"address": {bit: 1 << 9, min: 2, max: 20, fits: func(r rune) bool {
		return strings.ContainsRune(addressExtra, r) || !strings.ContainsRune(notInAddress, r)
	}},
}

// reach returns how many of the units before unit end, at most most, s can take in one stretch.
func (s *slot) reach(text []unit, end, most int) int {
	n := 0
	for n < most && n < end && s.takes(&text[end-1-n]) {
		n++
	}
	return n
}

// slotNames lists the slots in the order in which a fault names them.
func slotNames() []string {
	return []string{"any", "digits", "name", "number", "org", "time", "date", "money", "phone", "address", "some", "far"}
}

// soundsLikeNumber reports whether r is a numeral, or is written for one by a recogniser.
func soundsLikeNumber(r rune) bool { return likeNumber()[r] }

// soundsLikeDigit is soundsLikeNumber for digits alone.
func soundsLikeDigit(r rune) bool { return likeDigit()[r] }

var (
	likeNumber = sync.OnceValue(func() map[rune]bool { return soundingLike(numberRunes) })
	likeDigit  = sync.OnceValue(func() map[rune]bool { return soundingLike("零一二三四五六七八九") })
)

// soundingLike returns the characters that sound like one of those given.
func soundingLike(given string) map[rune]bool {
	table := phoneticTable()
	alike := map[rune]bool{}
	for _, g := range given {
		alike[g] = true
		for r := rune(firstHan); r < endHan; r++ {
			if table.compare(r, g) <= sameSound {
				alike[r] = true
			}
		}
	}
	return alike
}
