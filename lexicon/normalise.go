package lexicon

import (
	"strings"
	"unicode"
)

// unit is one character that counts in matching.
type unit struct {
	r   rune // simplified, half width, lower case; a digit in any spelling is its Chinese numeral
	at  int  // its rune offset in the text as given
	key uint16
}

// numerals are the spellings of each digit, all matched as the first.
var numerals = []string{"零0〇", "一1壹幺", "二2贰两", "三3叁", "四4肆", "五5伍", "六6陆", "七7柒", "八8捌", "九9玖"}

// numeralOf maps every spelling of a digit to the one that is matched.
var numeralOf = func() map[rune]rune {
	table := map[rune]rune{}
	for _, spellings := range numerals {
		canonical := []rune(spellings)[0]
		for _, r := range spellings {
			table[r] = canonical
		}
	}
	return table
}()

// fold brings one rune to the form in which it is compared; ok is false for what doesn't count.
func fold(r rune) (folded rune, ok bool) {
	if r >= '！' && r <= '～' {
		r -= '！' - '!'
	}
	if to, found := simplified()[r]; found {
		r = to
	}
	r = unicode.ToLower(r)
	if to, found := numeralOf[r]; found {
		return to, true
	}
	return r, r == '%' || r == '+' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// units cuts text into what counts in matching: punctuation and spaces don't.
func units(text []rune) []unit {
	table := phoneticTable()
	cut := make([]unit, 0, len(text))
	for i, r := range text {
		if folded, ok := fold(r); ok {
			cut = append(cut, unit{r: folded, at: i, key: table.symbol(folded)})
		}
	}
	return cut
}

// Normalised is a text in the form in which phrases are looked for.
type Normalised struct {
	Text    string // simplified, half width, lower case, digits as 0 to 9, no punctuation and no spaces
	Offsets []int  // for each rune of Text its rune offset in the text as given
}

// Normalise brings text to the form in which phrases are looked for. Numerals that stand side by side
// become digits (四零三 and ４０３ become 403); one alone stays as it is (等一下).
func Normalise(text string) Normalised {
	source := []rune(text)
	cut := units(source)
	var b strings.Builder
	offsets := make([]int, len(cut))
	for i, u := range cut {
		offsets[i] = u.at
		digit, numeral := digitOf(u.r)
		beside := i > 0 && isNumeral(cut[i-1].r) || i+1 < len(cut) && isNumeral(cut[i+1].r)
		if numeral && (beside || unicode.IsDigit(source[u.at])) {
			b.WriteRune(digit)
		} else if unicode.Is(unicode.Han, source[u.at]) {
			b.WriteString(Simplify(string(source[u.at])))
		} else {
			b.WriteRune(u.r)
		}
	}
	return Normalised{Text: b.String(), Offsets: offsets}
}

func digitOf(r rune) (rune, bool) {
	for i, spellings := range numerals {
		if strings.HasPrefix(spellings, string(r)) {
			return '0' + rune(i), true
		}
	}
	return r, false
}

func isNumeral(r rune) bool {
	_, ok := digitOf(r)
	return ok
}
