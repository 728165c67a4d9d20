package lexicon

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// PersonalKind says what kind of personal data was found.
type PersonalKind string

// The kinds of personal data.
const (
	PersonalPhone    PersonalKind = "phone"     // mobile or fixed
	PersonalIdentity PersonalKind = "identity"  // 18 characters with a right check digit
	PersonalBankCard PersonalKind = "bank_card" // 16 to 19 digits with a right check digit
	PersonalAccount  PersonalKind = "account"   // of an electricity customer: 10 or 13 digits, or named as one
	PersonalNumber   PersonalKind = "number"    // long enough to be one of these with a digit misheard
	PersonalName     PersonalKind = "name"
	PersonalAddress  PersonalKind = "address" // with the number of a door
)

// Personal is a piece of personal data in a text; Start and End count runes.
type Personal struct {
	Kind       PersonalKind
	Start, End int
}

// FindPersonal finds the personal data in text, in order and without overlap. Numbers may be written
// in digits or spoken in Han (幺三八…), and broken by spaces, hyphens, punctuation and fillers.
func FindPersonal(text string) []Personal {
	runes := []rune(text)
	found := slices.Concat(findAddresses(runes), findNumbers(runes), findNames(runes))
	slices.SortStableFunc(found, func(a, b Personal) int { return cmp.Compare(a.Start, b.Start) })
	kept := found[:0]
	for _, p := range found {
		if len(kept) > 0 {
			p.Start = max(p.Start, kept[len(kept)-1].End) // a number may run on from a room into a telephone number
		}
		if p.Start < p.End {
			kept = append(kept, p)
		}
	}
	return kept
}

// Mask replaces the personal data in text by stars, one for each digit or character, so that the text
// keeps its length in runes. A telephone number keeps its first three and last two digits.
func Mask(text string) string {
	found := FindPersonal(text)
	if len(found) == 0 {
		return text
	}
	runes := []rune(text)
	for _, p := range found {
		maskRunes(runes[p.Start:p.End], p.Kind)
	}
	return string(runes)
}

// FindPersonalAll finds the personal data in consecutive utterances of one party, those broken by a
// pause too: for each text the places in it.
func FindPersonalAll(texts []string) [][]Personal {
	const pause = "\n"
	places := make([][]Personal, len(texts))
	found := FindPersonal(strings.Join(texts, pause))
	start := 0
	for i, text := range texts {
		end := start + utf8.RuneCountInString(text)
		for _, p := range found {
			if from, to := max(p.Start, start), min(p.End, end); from < to {
				places[i] = append(places[i], Personal{Kind: p.Kind, Start: from - start, End: to - start})
			}
		}
		start = end + len(pause)
	}
	return places
}

// maskRunes puts stars over what was found; separators stay.
func maskRunes(found []rune, kind PersonalKind) {
	first, last := 0, 0
	if kind == PersonalPhone {
		first, last = 3, 2
	}
	hidden, seen := 0, 0
	for _, r := range found {
		if isPrivate(r, kind) {
			hidden++
		}
	}
	for i, r := range found {
		if !isPrivate(r, kind) {
			continue
		}
		seen++
		if seen > first && seen <= hidden-last {
			found[i] = '*'
		}
	}
}

func isPrivate(r rune, kind PersonalKind) bool {
	switch kind {
	case PersonalName:
		return true
	case PersonalAddress:
		return unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	_, digit := spokenDigit(r)
	return digit || kind == PersonalIdentity && isIdentityX(r)
}

// spokenDigit returns the digit that r stands for when a number is read out digit by digit.
func spokenDigit(r rune) (rune, bool) {
	if r >= '0' && r <= '9' {
		return r, true
	}
	if r >= '０' && r <= '９' {
		return r - '０' + '0', true
	}
	const han = "零〇洞幺一壹两二贰三叁四肆五伍六陆七柒拐八捌九玖"
	const digits = "000111222334455667778899"
	if at := strings.IndexRune(han, r); at >= 0 {
		return rune(digits[at/len("零")]), true
	}
	return 0, false
}
