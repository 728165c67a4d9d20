package lexicon

import (
	"slices"
	"strconv"
	"strings"
)

// Numbers that are spelled out with their units become digits, so that 百分之十八 and 18%, 一万二 and
// 12000 are one phrase. What only looks like a number (万一, 千万, 十分) is left alone.

// numberUnits are the units of a spelled number.
var numberUnits = map[rune]int{'十': 10, '百': 100, '千': 1000, '万': 10_000, '亿': 100_000_000}

const (
	mostNumberRunes = 16
	percentPrefix   = "百分之"
	percentRunes    = 3 // in percentPrefix
	// counted are the words that make a lone 十 a number.
	counted    = "个天点块元号度倍次秒楼层户岁月日米万小"
	aroundTens = "几数好上" // 几十, 数十, 好几十, 上十
)

// mayFold reports whether r may make numbers of the numerals beside it, or be one.
func mayFold(r rune) bool { return numberUnits[r] > 0 || r == '洞' || r == '拐' }

func anyFolds(cut []unit) bool {
	for i := range cut {
		if cut[i].traits&traitFolds != 0 {
			return true
		}
	}
	return false
}

// foldNumbers writes the numbers of a text in digits. Each digit stands for the whole number in the text.
func foldNumbers(cut []unit) []unit {
	if !anyFolds(cut) {
		return cut
	}
	return appendFolded(make([]unit, 0, len(cut)), cut)
}

// appendFolded appends the units of cut with the numbers in digits.
func appendFolded(folded, cut []unit) []unit {
	cut = sevens(cut)
	for i := 0; i < len(cut); {
		if from := i + percentRunes; standsJoined(cut, i, percentPrefix) {
			if end := runEnd(cut, from); end > from && !(end < len(cut) && cut[end].r == '点') {
				if digits, ok := percentage(cut[from:end]); ok {
					folded = appendDigits(folded, cut[i:end], digits+"%")
					i = end
					continue
				}
			}
		}
		end := runEnd(cut, i)
		if end == i {
			folded = append(folded, cut[i])
			i++
			continue
		}
		if digits, ok := spelledNumber(cut, i, end); ok {
			folded = appendDigits(folded, cut[i:end], digits)
		} else {
			folded = append(folded, zeroed(cut[i:end])...)
		}
		i = end
	}
	return folded
}

// runEnd returns the end of the row of numerals and units that begins at i, with nothing in between.
func runEnd(cut []unit, i int) int {
	end := i
	for end < len(cut) && end-i < mostNumberRunes && inNumber(cut[end].r) && (end == i || joined(cut[end-1], cut[end])) {
		end++
	}
	return end
}

func inNumber(r rune) bool { return isNumeral(r) || numberUnits[r] > 0 || r == '洞' }

// joined reports whether b follows a without anything in between.
func joined(a, b unit) bool { return a.end == b.at }

func standsJoined(cut []unit, at int, phrase string) bool {
	for _, r := range phrase {
		if at >= len(cut) || cut[at].r != r {
			return false
		}
		at++
	}
	return at < len(cut)
}

// leastRead is how many digits read out one by one make 拐 among them a seven, and no turn.
const leastRead = 3

// sevens turns each 拐 in a row of digits into the seven that it is on the radio and on the telephone.
func sevens(cut []unit) []unit {
	if !slices.ContainsFunc(cut, func(u unit) bool { return u.r == '拐' }) {
		return cut
	}
	isRead := func(r rune) bool { return isNumeral(r) || r == '洞' || r == '拐' }
	changed := slices.Clone(cut)
	for i := 0; i < len(cut); i++ {
		end := i
		for end < len(cut) && isRead(cut[end].r) && (end == i || joined(cut[end-1], cut[end])) {
			end++
		}
		for j := i; j < end && end-i >= leastRead; j++ {
			if cut[j].r == '拐' {
				changed[j].become('七')
			}
		}
		i = max(i, end-1)
	}
	return changed
}

// zeroed turns each 洞 beside a numeral into the zero that it is when digits are read out.
func zeroed(run []unit) []unit {
	if !slices.ContainsFunc(run, func(u unit) bool { return isNumeral(u.r) }) {
		return run
	}
	changed := slices.Clone(run)
	for i := range changed {
		if changed[i].r == '洞' {
			changed[i].become('零')
		}
	}
	return changed
}

// appendDigits writes digits for the units of number, each standing for all of it.
func appendDigits(to, number []unit, digits string) []unit {
	last := number[len(number)-1]
	for _, r := range digits {
		if r >= '0' && r <= '9' {
			r = []rune(numerals[r-'0'])[0]
		}
		u := unit{at: number[0].at, end: last.end}
		u.become(r)
		to = append(to, u)
	}
	to[len(to)-1].stop = last.stop
	return to
}

func percentage(run []unit) (string, bool) {
	if len(run) == 1 {
		if value := numberUnits[run[0].r]; value == 10 || value == 100 {
			return strconv.Itoa(value), true
		}
	}
	return plainOrSpelled(run)
}

func plainOrSpelled(run []unit) (string, bool) {
	var digits strings.Builder
	for _, u := range run {
		digit, ok := digitOf(u.r)
		if !ok {
			value, ok := spelledValue(run)
			return strconv.Itoa(value), ok
		}
		digits.WriteRune(digit)
	}
	return digits.String(), true
}

// spelledNumber returns the digits of the number that cut[from:end] spells with units.
func spelledNumber(cut []unit, from, end int) (string, bool) {
	run := cut[from:end]
	if !slices.ContainsFunc(run, func(u unit) bool { return numberUnits[u.r] > 0 }) {
		return "", false
	}
	if from > 0 && joined(cut[from-1], cut[from]) && strings.ContainsRune(aroundTens, cut[from-1].r) {
		return "", false
	}
	if len(run) == 1 && !(run[0].r == '十' && isCounted(cut, end)) {
		return "", false
	}
	value, ok := spelledValue(run)
	return strconv.Itoa(value), ok
}

func isCounted(cut []unit, at int) bool {
	if at >= len(cut) || !joined(cut[at-1], cut[at]) {
		return false
	}
	return strings.ContainsRune(counted, cut[at].r) || cut[at].r == '分' && at+1 < len(cut) && cut[at+1].r == '钟'
}

// spelledValue adds a number up. The digit after the last unit may be one of the next smaller unit
// (一万二, 三百五). ok is false for what is no number (二三十, 百十).
func spelledValue(run []unit) (value int, ok bool) {
	section, digit, last, big, zero := 0, -1, 0, 0, false
	for i, u := range run {
		size := numberUnits[u.r]
		numeral, isDigit := digitOf(u.r)
		switch {
		case isDigit && digit >= 0:
			return 0, false
		case isDigit && numeral == '0' && i > 0:
			zero = true
		case isDigit:
			digit = int(numeral - '0')
		case size >= 10_000:
			section += max(0, digit)
			if section == 0 || value > 0 && size >= big {
				return 0, false
			}
			value, section, digit, last, big, zero = value+section*size, 0, -1, size, size, false
		case size > 0:
			if digit < 0 && (size != 10 || i > 0 && !zero) || section > 0 && size >= last && last < 10_000 {
				return 0, false
			}
			if digit < 0 {
				digit = 1
			}
			section, digit, last, zero = section+digit*size, -1, size, false
		default:
			return 0, false
		}
	}
	if digit > 0 && last >= 100 && !zero {
		digit *= last / 10
	}
	return value + section + max(0, digit), true
}
