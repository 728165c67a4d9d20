package lexicon

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The lengths by which a row of digits is judged.
const (
	suspectDigits = 8  // as many may be a telephone number with digits misheard
	namedDigits   = 6  // as many are personal when the words before say so
	plainDigits   = 10 // amounts have no more
	lookBack      = 10 // runes before a number that may say what it is
	maxBreak      = 6  // runes that may stand between two of its digits, as in 。嗯，好的，
)

const (
	anyNumber   = "号码"
	clauseMarks = "，,。.；;！!？?、 "
)

// Words that stand before a number and say what it is. The nearest one counts.
var numberCues = []struct {
	word string
	kind PersonalKind // "" for numbers that are nobody's secret
}{
	{"电话", PersonalPhone},
	{"手机", PersonalPhone},
	{anyNumber, PersonalPhone},
	{"座机", PersonalPhone},
	{"联系方式", PersonalPhone},
	{"户号", PersonalAccount},
	{"客户编号", PersonalAccount},
	{"用户编号", PersonalAccount},
	{"账号", PersonalAccount},
	{"表号", PersonalAccount},
	{"身份证", PersonalIdentity},
	{"证件", PersonalIdentity},
	{"卡号", PersonalBankCard},
	{"银行卡", PersonalBankCard},
	{"工号", ""},
	{"工单", ""},
	{"单号", ""},
	{"订单", ""},
	{"热线", ""},
	{"拨打", ""},
	{"致电", ""},
	{"型号", ""},
	{"读数", ""},
	{"示数", ""},
	{"底数", ""},
	{"发票", ""},
	{"流水号", ""},
	{"验证码", ""},
}

// digitRun is a row of digits in a text: Start and End count runes, groups are what separators left.
type digitRun struct {
	start, end int
	groups     []string
}

func (d digitRun) digits() string { return strings.Join(d.groups, "") }

// findNumbers finds the numbers that are personal.
func findNumbers(text []rune) []Personal {
	var found []Personal
	for _, run := range digitRuns(text) {
		if kind := run.judge(text); kind != "" {
			found = append(found, Personal{Kind: kind, Start: run.start, End: run.end})
		}
	}
	return found
}

// digitRuns splits off the rows of digits: single digits are dropped.
func digitRuns(text []rune) []digitRun {
	var runs []digitRun
	for i := 0; i < len(text); {
		if digits, _ := digitsAt(text, i); digits == "" {
			i++
			continue
		}
		run := readRun(text, i)
		i = run.end
		if len(run.digits()) > 1 {
			runs = append(runs, run)
		}
	}
	return runs
}

// readRun reads the row of digits that starts at start.
func readRun(text []rune, start int) digitRun {
	run := digitRun{start: start, end: start}
	var group []byte
	for i := start; i < len(text) && i-run.end <= maxBreak; i++ {
		digits, width := digitsAt(text, i)
		switch {
		case digits != "" && i > run.end && len(group) > 0:
			run.groups, group = append(run.groups, string(group)), []byte(digits)
		case digits != "":
			group = append(group, digits...)
		case isIdentityX(text[i]) && i == run.end && len(run.digits())+len(group) == 17:
			group = append(group, 'X')
		case fillerAt(text, i) > 0:
			i += fillerAt(text, i) - 1
			continue
		case !isBreak(text[i]), len(group) == 1 && i == run.end && isEquation(text, i):
			return run.close(group)
		default:
			continue
		}
		i += max(width, 1) - 1
		run.end = i + 1
	}
	return run.close(group)
}

func (d digitRun) close(group []byte) digitRun {
	d.groups = append(d.groups, string(group))
	return d
}

// digitsAt returns the digits said at rune i and how many runes they take: 三个八 is 888 and 双八 is 88.
func digitsAt(text []rune, i int) (digits string, width int) {
	if i+1 < len(text) && text[i] == '双' {
		if digit, ok := digitAt(text, i+1); ok {
			return strings.Repeat(string(rune(digit)), 2), 2
		}
	}
	first, ok := digitAt(text, i)
	if i+2 < len(text) && text[i+1] == '个' {
		count, counted := spokenDigit(text[i])
		digit, follows := digitAt(text, i+2)
		if counted && follows && count >= '2' && count <= '6' {
			return strings.Repeat(string(rune(digit)), int(count-'0')), 3
		}
	}
	if !ok {
		return "", 0
	}
	return string(rune(first)), 1
}

// digitAt returns the digit at rune i. 一 and 两 in front of a counted thing (一共, 一下, 两个) are words.
func digitAt(text []rune, i int) (byte, bool) {
	digit, ok := spokenDigit(text[i])
	if ok && strings.ContainsRune("一两", text[i]) && i+1 < len(text) && strings.ContainsRune("共下个些直定起样会点般旦边家位户块度元千百万十", text[i+1]) {
		return 0, false
	}
	return byte(digit), ok
}

func isIdentityX(r rune) bool { return strings.ContainsRune("XxＸ叉", r) }

// isBreak reports whether r may stand between the digits of one number: a separator, or one of the
// characters by which a listener says to have heard, as in 对, 是的, 好的.
func isBreak(r rune) bool {
	return strings.ContainsRune(" \t\n\u3000-－—–_·.。，,、；;？?！!…杠", r) || strings.ContainsRune("嗯呃额啊哦噢喔诶哎唉呀对是好的行", r)
}

// isEquation reports whether the character at rune i is a 是 right before a digit: after one digit alone, as in
// 一是一, it joins no number. Between more of them it may be the listener's.
func isEquation(text []rune, i int) bool {
	if text[i] != '是' || i+1 >= len(text) {
		return false
	}
	_, digit := spokenDigit(text[i+1])
	return digit
}

// fillerAt returns the length of the filler at rune i that people say between two groups of a number.
func fillerAt(text []rune, i int) int {
	for _, filler := range []string{"那个", "这个", "然后", "后面是", "后面", "接着", "就是", "再是"} {
		if hasAt(text, i, filler) {
			return utf8.RuneCountInString(filler)
		}
	}
	return 0
}

// isCounting reports whether digits only count up from one.
func isCounting(digits string) bool { return strings.HasPrefix("1234567890", digits) }

// judge returns what the row of digits is, "" when it is nobody's secret.
func (d digitRun) judge(text []rune) PersonalKind {
	digits := d.digits()
	cue, cued := d.cue(text)
	switch {
	case isIdentity(digits):
		return PersonalIdentity
	case isMobile(digits):
		return PersonalPhone
	case cued && cue == "" && len(digits) <= plainDigits+4:
		return ""
	case isLandline(digits) && cue != PersonalAccount:
		return PersonalPhone
	case d.isDate(cued) || d.isAmount(text) || isCounting(digits):
		return ""
	case isBankCard(digits):
		return PersonalBankCard
	case cued && len(digits) >= namedDigits:
		return named(cue, digits)
	case len(digits) == 10 || len(digits) == 13:
		return PersonalAccount
	case len(digits) >= suspectDigits:
		return PersonalNumber
	}
	return ""
}

// named returns the kind that a cue gives to digits: a telephone number keeps digits only when it is whole.
func named(cue PersonalKind, digits string) PersonalKind {
	if cue == PersonalPhone && (len(digits) < 7 || len(digits) > 8) {
		return PersonalNumber
	}
	return cue
}

// cue returns what the words before the number say it is: the one that ends nearest to it. 号码 alone is a
// telephone's, after another word of its clause (发票号码, 发票上的号码) the number of that.
func (d digitRun) cue(text []rune) (kind PersonalKind, found bool) {
	before := string(text[max(0, d.start-lookBack):d.start])
	if at := strings.LastIndex(before, anyNumber); at >= 0 {
		clause := before[strings.LastIndexAny(before[:at], clauseMarks)+1 : at]
		if kind, found = nearestCue(clause); found {
			return kind, true
		}
	}
	return nearestCue(before)
}

func nearestCue(before string) (kind PersonalKind, found bool) {
	nearest := -1
	for _, c := range numberCues {
		if at := strings.LastIndex(before, c.word); at >= 0 && at+len(c.word) > nearest {
			nearest, kind, found = at+len(c.word), c.kind, true
		}
	}
	return kind, found
}

// isMobile reports whether digits are a Chinese mobile number, with its country code or without.
func isMobile(digits string) bool {
	for _, code := range []string{"0086", "86"} {
		if rest, ok := strings.CutPrefix(digits, code); ok && len(rest) == 11 {
			digits = rest
		}
	}
	return len(digits) == 11 && digits[0] == '1' && digits[1] >= '3'
}

// isLandline reports whether digits are a fixed number with its area code.
func isLandline(digits string) bool {
	if len(digits) < 10 || len(digits) > 12 || digits[0] != '0' || digits[1] == '0' {
		return false
	}
	area := 4
	if digits[1] <= '2' {
		area = 3 // 010, 020 to 029
	}
	local := len(digits) - area
	return (local == 7 || local == 8) && digits[area] > '1'
}

// isIdentity reports whether digits are an identity number: a birthday and the check digit are right.
func isIdentity(digits string) bool {
	if len(digits) != 18 {
		return false
	}
	if _, err := time.Parse("20060102", digits[6:14]); err != nil {
		return false
	}
	const checks = "10X98765432"
	sum, weight := 0, 1
	for i := 16; i >= 0; i-- {
		weight = weight * 2 % 11
		sum += int(digits[i]-'0') * weight
	}
	return digits[17] == checks[sum%11]
}

// isBankCard reports whether digits have the length of a bank card and its check digit (Luhn).
func isBankCard(digits string) bool {
	if len(digits) < 16 || len(digits) > 19 {
		return false
	}
	sum := 0
	for i := range len(digits) {
		value := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if value *= 2; value > 9 {
				value -= 9
			}
		}
		sum += value
	}
	return sum%10 == 0
}

// isDate reports whether the row is a date of this or the last century, with a time of day or without.
// After a cue only one whose parts stand apart counts.
func (d digitRun) isDate(cued bool) bool {
	if cued && len(d.groups) == 1 {
		return false
	}
	shapes := []string{"20060102", "2006010215", "200601021504", "20060102150405"}
	digits := d.digits()
	if !strings.HasPrefix(digits, "19") && !strings.HasPrefix(digits, "20") || len(d.groups[0]) != 4 && len(d.groups[0]) != len(digits) && len(d.groups[0]) != 8 {
		return false
	}
	return slices.ContainsFunc(shapes, func(shape string) bool {
		_, err := time.Parse(shape, digits)
		return err == nil
	})
}

// isAmount reports whether a unit follows the number.
func (d digitRun) isAmount(text []rune) bool {
	if len(d.digits()) > plainDigits || d.end >= len(text) {
		return false
	}
	return strings.ContainsRune("元块度万亿千百米吨次瓦%％", text[d.end])
}
