package lexicon

// Unheard is what AppendSounds has for a rune that is not spoken.
const Unheard = uint16(0)

// AppendSounds appends for each rune of text a number that is the same for runes which sound alike, or are mixed up: a
// digit in any spelling, 是 and 四 and 十. Punctuation, spaces and characters beyond the basic plane are Unheard.
func AppendSounds(to []uint16, text string) []uint16 {
	table := foldTable()
	for _, r := range text {
		sound := Unheard
		if r >= 0 && int(r) < len(table) && table[r].ok {
			sound = table[r].near[0]
		}
		to = append(to, sound)
	}
	return to
}

// Folded returns the form in which r is compared: simplified, half width, lower case, a digit in any spelling as its
// Chinese numeral.
func Folded(r rune) rune {
	if r >= 0 && int(r) < basicPlane {
		return foldTable()[r].r
	}
	return newFolded(r).r
}
