package lexicon

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Length is a length of time that a text names.
type Length struct {
	Start, End int // in runes of the text
	Duration   time.Duration
}

// lengthForm is a number, or half, and a unit: 两分钟, 5分钟, 十几秒, 一两分钟, 半个小时, 一个半小时, 两分半钟.
var lengthForm = regexp.MustCompile(`(半|[0-9０-９]{1,3}|[零〇一二两三四五六七八九十百]{1,6}[几多来]?)个?(半)?(秒|分半|分钟|小时|钟头|刻钟)`)

// lengthUnits are the units of lengthForm. 分 alone is none: 十分 says very.
var lengthUnits = map[string]time.Duration{
	"秒": time.Second, "分半": time.Minute, "分钟": time.Minute, "小时": time.Hour, "钟头": time.Hour, "刻钟": 15 * time.Minute,
}

// longestLength bounds what is a length that somebody says: what is longer was misheard.
const longestLength = 100 * time.Hour

// Lengths returns the lengths of time, from a second to some hours, that text names in digits or in
// characters, in order. Of a range (一两分钟, 两到三分钟) it is the longer end, of 十几秒 the next ten.
func Lengths(text string) []Length {
	text = Simplify(text)
	var found []Length
	for _, at := range lengthForm.FindAllStringSubmatchIndex(text, -1) {
		part := func(i int) string {
			if at[2*i] < 0 {
				return ""
			}
			return text[at[2*i]:at[2*i+1]]
		}
		unit := part(3)
		size := lengthUnits[unit]
		half := time.Duration(0)
		if part(2) != "" || unit == "分半" {
			half = size / 2
		}
		length := size/2 + half
		if number := part(1); number != "半" {
			n, ok := countOf(number)
			if !ok {
				continue
			}
			length = time.Duration(n)*size + half
		}
		if length > longestLength {
			continue
		}
		start := utf8.RuneCountInString(text[:at[0]])
		found = append(found, Length{Start: start, End: start + utf8.RuneCountInString(text[at[0]:at[1]]), Duration: length})
	}
	return found
}

// countOf reads a number. Two numerals side by side are the ends of a range.
func countOf(number string) (int, bool) {
	about := strings.TrimRight(number, "几多来")
	cut := plainUnits([]rune(about))
	if len(cut) >= 2 && len(cut) <= 3 && isNumeral(cut[0].r) && isNumeral(cut[1].r) && !strings.ContainsAny(about, "0123456789０１２３４５６７８９零〇") {
		cut = cut[1:] // 一两, 三五, 二三十
	}
	digits, ok := plainOrSpelled(cut)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0, false
	}
	if about != number {
		n += 10 // the most that it can be
	}
	return n, true
}
