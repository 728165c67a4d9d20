package transcribe

// longestUnit is the longest text whose repetition is looked for, in characters.
const longestUnit = 40

// loop is a text said over and over: unit characters from the rune from on, until to.
type loop struct{ from, to, unit int }

// suspicious says how often a text of n characters must be repeated at a stretch to be a loop. People do
// say 对对对对对, read out 八八八八八八八八 and repeat a whole demand three times.
func suspicious(n int) int {
	switch {
	case n == 1:
		return 12
	case n <= 3:
		return 8
	case n <= 7:
		return 6
	}
	return 4
}

// loops returns the loops in text in order, without overlaps. Of units that fit the shortest is taken.
func loops(text []rune) []loop {
	var found []loop
	for from := 0; from < len(text); {
		l, ok := loopAt(text, from)
		if !ok {
			from++
			continue
		}
		found = append(found, l)
		from = l.to
	}
	return found
}

func loopAt(text []rune, from int) (loop, bool) {
	for unit := 1; unit <= min(longestUnit, (len(text)-from)/2); unit++ {
		to := from + unit
		for to < len(text) && text[to] == text[to-unit] {
			to++
		}
		if (to-from)/unit >= suspicious(unit) {
			return loop{from: from, to: to, unit: unit}, true
		}
	}
	return loop{}, false
}

// monotonous reports whether a long text has hardly any different characters.
func monotonous(text []rune) bool {
	if len(text) < 60 {
		return false
	}
	different := make(map[rune]struct{})
	for _, r := range text {
		different[r] = struct{}{}
	}
	return len(different)*7 < len(text)
}
