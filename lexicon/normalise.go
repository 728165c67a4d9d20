package lexicon

import (
	"strings"
	"sync"
	"unicode"
)

// unit is one character that counts in matching.
type unit struct {
	r       rune    // simplified, half width, lower case; a digit in any spelling is its Chinese numeral
	at, end int     // what it stands for in the text as given, in runes
	stop    stop    // what stands between it and the next one
	slots   slotSet // that take r
	voice
}

// key is what stands for u in the index.
func (u *unit) key() uint16 { return u.near[0] }

// become makes u stand for r.
func (u *unit) become(r rune) { u.r, u.slots, u.voice = r, slotsThatTake(r), phoneticTable().voice(r) }

// like tells how alike u and e are.
func (u *unit) like(e *element) likeness {
	switch {
	case u.r == e.r:
		return same
	case u.id == 0 || e.id == 0 || !u.near.meets(e.near):
		return unlike
	case u.syllables.meets(e.syllables):
		return sameSound
	}
	return nearSound
}

// stop is what ends a clause or a sentence.
type stop uint8

const (
	stopNone     stop = iota
	stopClause        // a comma and the like
	stopSentence      // a full stop and the like
	stopQuestion
)

// stopOf tells what a rune that doesn't count ends.
func stopOf(r rune) stop {
	switch {
	case r == '?' || r == '？':
		return stopQuestion
	case strings.ContainsRune("。.!！；;\n", r):
		return stopSentence
	case unicode.IsPunct(r):
		return stopClause
	}
	return stopNone
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

// basicPlane is how many runes the table of what they fold to holds.
const basicPlane = 1 << 16

// folded is what becomes of a rune.
type folded struct {
	r     rune
	ok    bool
	stop  stop // of what doesn't count
	slots slotSet
	voice
}

// foldTable is what becomes of each rune of the basic plane.
var foldTable = sync.OnceValue(func() *[basicPlane]folded {
	table := new([basicPlane]folded)
	for r := range table {
		table[r] = newFolded(rune(r))
	}
	return table
})

func newFolded(r rune) folded {
	f := folded{}
	f.r, f.ok = fold(r)
	if f.ok {
		f.slots, f.voice = slotsThatTake(f.r), phoneticTable().voice(f.r)
	} else {
		f.stop = stopOf(r)
	}
	return f
}

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

// units cuts text into what counts in matching, with numbers in digits: punctuation and spaces don't count.
func units(text []rune) []unit { return foldNumbers(plainUnits(text)) }

// plainUnits is units with numbers as they are spelled.
func plainUnits(text []rune) []unit { return appendUnits(make([]unit, 0, len(text)), text) }

// appendUnits appends the plain units of text to none.
func appendUnits(to []unit, text []rune) []unit {
	table := foldTable()
	for i, r := range text {
		var f *folded
		if r >= 0 && int(r) < len(table) {
			f = &table[r]
		} else {
			other := newFolded(r)
			f = &other
		}
		if f.ok {
			to = append(to, unit{r: f.r, at: i, end: i + 1, slots: f.slots, voice: f.voice})
		} else if len(to) > 0 {
			last := &to[len(to)-1]
			last.stop = max(last.stop, f.stop)
		}
	}
	return to
}

// Normalised is a text in the form in which phrases are looked for.
type Normalised struct {
	Text    string // simplified, half width, lower case, digits as 0 to 9, no punctuation and no spaces
	Offsets []int  // for each rune of Text its rune offset in the text as given
}

// Normalise brings text to the form in which phrases are looked for. Numerals that stand side by side
// become digits (四零三 and ４０３ become 403), as do spelled numbers (一万二 becomes 12000, 百分之十八
// becomes 18%); one numeral alone stays as it is (等一下).
func Normalise(text string) Normalised {
	source := []rune(text)
	cut := units(source)
	var b strings.Builder
	offsets := make([]int, len(cut))
	for i, u := range cut {
		offsets[i] = u.at
		digit, numeral := digitOf(u.r)
		beside := i > 0 && isNumeral(cut[i-1].r) || i+1 < len(cut) && isNumeral(cut[i+1].r)
		switch {
		case numeral && (beside || u.end-u.at > 1 || unicode.IsDigit(source[u.at])):
			b.WriteRune(digit)
		case numeral:
			b.WriteString(Simplify(string(source[u.at])))
		default:
			b.WriteRune(u.r)
		}
	}
	return Normalised{Text: b.String(), Offsets: offsets}
}

// digitOf returns the digit that a folded numeral stands for.
func digitOf(r rune) (rune, bool) {
	switch r {
	case '零':
		return '0', true
	case '一':
		return '1', true
	case '二':
		return '2', true
	case '三':
		return '3', true
	case '四':
		return '4', true
	case '五':
		return '5', true
	case '六':
		return '6', true
	case '七':
		return '7', true
	case '八':
		return '8', true
	case '九':
		return '9', true
	}
	return r, false
}

func isNumeral(r rune) bool {
	_, ok := digitOf(r)
	return ok
}
