package lexicon

import "strings"

// fit is a variant laid over units [start, end) of a text.
type fit struct {
	variant    *variant
	start, end int
	tier       Tier
	distance   int // characters that are not the same
}

// reversing are characters that turn a phrase into its opposite: an edit must not touch them.
const reversing = "不没无别非未勿莫"

// longTerm is the length in characters from which an edit may be at a phrase's first or last place.
const longTerm = 8

// verify lays the variant of a candidate over the text and reports the best fit.
func verify(text []unit, p posting, start, length int) (fit, bool) {
	switch p.part {
	case partFirstHalf:
		return verifyEdit(text, p.variant, start, start, true)
	case partSecondHalf:
		return verifyEdit(text, p.variant, start+length, start+length, false)
	}
	least, most := p.variant.before()
	for from := start - least; from >= max(0, start-most); from-- {
		f := fitting{text: text, elements: p.variant.elements}
		if end, ok := f.run(0, from); ok {
			return f.result(p.variant, from, end)
		}
	}
	return fit{}, false
}

// fitting lays elements over text from left to right. A slot takes as little as it can, the last of a
// phrase as much.
type fitting struct {
	text     []unit
	elements []element
	alike    [unlike]int // characters by how alike they are
}

func (f *fitting) run(i, at int) (end int, ok bool) {
	for ; i < len(f.elements); i++ {
		e := f.elements[i]
		if e.slot != nil {
			return f.runSlot(i, at)
		}
		if at >= len(f.text) {
			return 0, false
		}
		alike := phoneticTable().compare(f.text[at].r, e.r)
		if alike == unlike {
			return 0, false
		}
		f.alike[alike]++
		at++
	}
	return at, true
}

func (f *fitting) runSlot(i, at int) (end int, ok bool) {
	s, saved := f.elements[i].slot, f.alike
	if i == len(f.elements)-1 {
		return f.runLast(s, at)
	}
	for n := 0; n <= s.max && at+n <= len(f.text); n++ {
		if n > 0 && !s.takes(f.text[at+n-1].r) {
			break
		}
		if n < s.min {
			continue
		}
		f.alike = saved
		if end, ok := f.run(i+1, at+n); ok {
			return end, true
		}
	}
	f.alike = saved
	return 0, false
}

func (f *fitting) runLast(s *slot, at int) (end int, ok bool) {
	n := 0
	for n < s.max && at+n < len(f.text) && s.takes(f.text[at+n].r) {
		n++
	}
	return at + n, n >= s.min
}

// result turns counts of characters into a tier. Near homophones must not be more than half of a phrase.
func (f *fitting) result(v *variant, start, end int) (fit, bool) {
	tier := TierExact
	switch {
	case f.alike[nearSound] > 0:
		tier = TierNearHomophone
	case f.alike[sameSound] > 0:
		tier = TierHomophone
	}
	if !v.allows(tier) || f.alike[nearSound]*2 > v.literals {
		return fit{}, false
	}
	return fit{variant: v, start: start, end: end, tier: tier, distance: f.alike[sameSound] + f.alike[nearSound]}, true
}

// verifyEdit tries v with one syllable other, less or more, its first half beginning at unit at or,
// backwards, its second half ending there.
func verifyEdit(text []unit, v *variant, at, fixed int, forward bool) (fit, bool) {
	for _, change := range []int{0, -1, 1} {
		start, end := fixed, at+len(v.elements)+change
		if !forward {
			start, end = at-len(v.elements)-change, fixed
		}
		if start < 0 || end > len(text) || start >= end {
			continue
		}
		if f, ok := alignEdit(text, v, start, end); ok {
			return f, true
		}
	}
	return fit{}, false
}

// alignEdit lays v over text[start:end] with exactly one edit.
func alignEdit(text []unit, v *variant, start, end int) (fit, bool) {
	n, m := len(v.elements), end-start
	table := phoneticTable()
	alike := func(i, j int) likeness { return table.compare(v.elements[i].r, text[start+j].r) }
	head := 0
	for head < min(n, m) && alike(head, head) != unlike {
		head++
	}
	tail := 0
	for tail < min(n, m)-head && alike(n-1-tail, m-1-tail) != unlike {
		tail++
	}
	if head+tail != max(n, m)-1 || !mayEdit(text[start:end], v, head) {
		return fit{}, false
	}
	var counts [unlike + 1]int
	for i := range head {
		counts[alike(i, i)]++
	}
	for i := range tail {
		counts[alike(n-1-i, m-1-i)]++
	}
	if counts[nearSound]*4 > n || counts[same]*2 < n {
		return fit{}, false
	}
	return fit{variant: v, start: start, end: end, tier: TierEdit, distance: 1 + counts[sameSound] + counts[nearSound]}, true
}

// mayEdit reports whether the characters at the place of an edit may change without turning the
// phrase's meaning round. The ends of a phrase that is not long may only change into what sounds similar:
// 请问有什么 is not 还有什么.
func mayEdit(text []unit, v *variant, at int) bool {
	n, m := len(v.elements), len(text)
	if n < longTerm && (at == 0 || at >= n-1) {
		if m != n || !phoneticTable().similar(v.elements[at].r, text[at].r) {
			return false
		}
	}
	touches := func(r rune) bool { return strings.ContainsRune(reversing, r) || isNumeral(r) }
	if m <= n && touches(v.elements[at].r) {
		return false
	}
	return m < n || !touches(text[at].r)
}

// excepted reports whether the exceptions of the variant forbid the fit.
func (f fit) excepted(text []unit) bool {
	ex := f.variant.exceptions
	for _, phrase := range ex.notBefore {
		if standsAt(text, f.end, phrase) {
			return true
		}
	}
	for _, phrase := range ex.notAfter {
		if standsAt(text, f.start-len(phrase), phrase) {
			return true
		}
	}
	for _, phrase := range ex.notInside {
		for at := f.end - len(phrase); at <= f.start; at++ {
			if standsAt(text, at, phrase) {
				return true
			}
		}
	}
	return false
}

// standsAt reports whether phrase stands at unit at: by sound, but one character alone exactly.
func standsAt(text []unit, at int, phrase []rune) bool {
	if at < 0 || at+len(phrase) > len(text) {
		return false
	}
	loosest := sameSound
	if len(phrase) == 1 {
		loosest = same
	}
	for i, r := range phrase {
		if phoneticTable().compare(text[at+i].r, r) > loosest {
			return false
		}
	}
	return true
}
