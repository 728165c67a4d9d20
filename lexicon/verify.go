package lexicon

import "strings"

// fit is a variant laid over units [start, end) of a text.
type fit struct {
	variant    *variant
	start, end int
	tier       likeness // as its rank
	distance   int      // characters that are not the same
}

// edited is the tier of what has one edit: a difference that is unlike.
const edited = unlike

// reversing are characters that turn a phrase into its opposite: an edit must not touch them.
const reversing = "不没无别非未勿莫"

// leastByEar is how many characters a phrase with slots that take anything has that may be found by its sound: fewer stand near each
// other by chance too often.
const leastByEar = 4

// longTerm is the length in characters from which an edit may be at a phrase's first or last place.
const longTerm = 8

// verify lays the variant of a candidate over the text and reports the best fit.
func verify(text []unit, said *said, p *posting, start, length int) (fit, bool) {
	v := p.variant
	switch {
	case p.slotted && !v.mayStand(said, p, start):
		return fit{}, false
	case p.part == partAnchor && !p.slotted:
		return verifyPlain(text, v, start)
	case p.part == partAnchor:
		return verifyWhole(text, v, start)
	case p.slotted:
		return verifyHalf(text, p, start)
	case p.part == partFirstHalf:
		return verifyEdit(text, v, start, start, true)
	}
	return verifyEdit(text, v, start+length, start+length, false)
}

// verifyPlain tries v, which has no slots, at unit start.
func verifyPlain(text []unit, v *variant, start int) (fit, bool) {
	if start+len(v.elements) > len(text) {
		return fit{}, false
	}
	f := fitting{}
	for i := range v.elements {
		alike := text[start+i].like(&v.elements[i])
		if alike == unlike {
			return fit{}, false
		}
		f.alike[alike]++
	}
	return f.result(v, start, start+len(v.elements))
}

// verifyWhole tries v, which has slots, with its anchor at unit start; an edit may be in its other characters.
func verifyWhole(text []unit, v *variant, start int) (fit, bool) {
	least, most := v.reach[0], v.reach[1]
	if !v.standsIn(text, start) {
		return fit{}, false
	}
	if first := v.elements[0].slot; first != nil && v.anchor == 1 {
		most = first.reach(text, start, most)
	}
	nearest, farthest, step := start-least, max(0, start-most), -1
	if s := v.elements[0].slot; s != nil && s.whole {
		nearest, farthest, step = farthest, nearest, 1
	}
	for from := nearest; from >= 0 && (from-farthest)*step <= 0; from += step {
		f := fitting{text: text, elements: v.elements}
		if end, ok := f.run(0, from); ok {
			return f.result(v, from, end)
		}
	}
	if v.literals > v.anchored && v.editable() {
		return verifySlotted(text, v, start, 1)
	}
	return fit{}, false
}

// mayStand reports whether the characters of v beside its anchor, of which a part was found at unit start, may
// stand about there: all of them, or all but one that is edited.
func (v *variant) mayStand(said *said, p *posting, start int) bool {
	missing := 0
	switch {
	case p.part == partSecondHalf:
		start -= v.anchored / 2
	case p.part == partAnchor && v.editable():
		missing = 1
	}
	around := said.around(start-v.reach[1]-1, start+v.anchored+v.after+1)
	for _, classes := range v.beside {
		if !said.in(classes, around) {
			if missing--; missing < 0 {
				return false
			}
		}
	}
	return true
}

// standsIn reports whether the slots beside the anchor of v, when it is at unit start, can take what is there.
func (v *variant) standsIn(text []unit, start int) bool {
	takes := func(i, at int) bool {
		if i < 0 || i >= len(v.elements) || v.elements[i].slot.min == 0 {
			return true
		}
		return at >= 0 && at < len(text) && v.elements[i].slot.takes(&text[at])
	}
	return takes(v.anchor-1, start-1) && takes(v.anchor+v.anchored, start+v.anchored)
}

// verifyHalf tries a variant with slots and one edit in its anchor, of which a half was found at unit start.
func verifyHalf(text []unit, p *posting, start int) (fit, bool) {
	v, half, slack := p.variant, p.variant.anchored/2, 0
	if p.part == partSecondHalf {
		start, slack = start-half, 1
	}
	if v.hasAnchor(text, start) { // found whole, and looked at already
		return fit{}, false
	}
	return verifySlotted(text, v, start, slack)
}

// hasAnchor reports whether the anchor of v stands at unit at by its main readings, as the index finds it.
func (v *variant) hasAnchor(text []unit, at int) bool {
	if at < 0 || at+v.anchored > len(text) {
		return false
	}
	table := phoneticTable()
	for i, e := range v.elements[v.anchor : v.anchor+v.anchored] {
		if text[at+i].key() != table.symbol(e.r) {
			return false
		}
	}
	return true
}

// verifySlotted tries a variant with slots and one edit in its characters; its anchor begins about unit
// start, by as many units off as slack.
func verifySlotted(text []unit, v *variant, start, slack int) (fit, bool) {
	least, most := v.reach[0], v.reach[1]
	for from := start - least + slack; from >= max(0, start-most-slack); from-- {
		if first := v.elements[0]; first.slot == nil && !(from < len(text) && mayBegin(text[from].r, first.r)) {
			continue
		}
		f := fitting{text: text, elements: v.elements, edits: 1}
		if end, ok := f.run(0, from); ok && f.edits == 0 {
			return f.onceEdited(v, from, end)
		}
	}
	return fit{}, false
}

// mayBegin reports whether said may stand for the first character of a phrase with one edit, as edit has it.
func mayBegin(said, wanted rune) bool {
	return said == wanted || phoneticTable().pairs.of(said, wanted).cost <= costSimilar
}

// fitting lays elements over text from left to right. A slot takes as little as it can, the last of a
// phrase as much.
type fitting struct {
	text     []unit
	elements []element
	alike    [unlike]int // characters by how alike they are
	edits    int         // characters that may still be other, more or less
}

func (f *fitting) run(i, at int) (end int, ok bool) {
	for ; i < len(f.elements); i++ {
		e := &f.elements[i]
		if e.slot != nil {
			return f.runSlot(i, at)
		}
		alike := unlike
		if at < len(f.text) {
			alike = f.text[at].like(e)
		}
		if alike == unlike || e.lone && alike != same {
			return f.edit(i, at)
		}
		f.alike[alike]++
		at++
	}
	return at, true
}

// edit goes on after a character that doesn't fit: as another, one too few, one too many. The first and
// the last of a phrase, and those beside a slot, may only be others that sound similar.
func (f *fitting) edit(i, at int) (end int, ok bool) {
	if f.edits == 0 {
		return 0, false
	}
	f.edits--
	wanted, saved := &f.elements[i], f.alike
	edge := i == 0 || i == len(f.elements)-1 || f.elements[i-1].slot != nil || f.elements[i+1].slot != nil
	if at < len(f.text) && !wanted.turns() && !f.text[at].turns() && (!edge || wanted.similar(&f.text[at].voice)) {
		if end, ok := f.run(i+1, at+1); ok {
			return end, true
		}
	}
	f.alike = saved
	if !edge && !wanted.turns() {
		if end, ok := f.run(i+1, at); ok {
			return end, true
		}
	}
	f.alike = saved
	if !edge && at < len(f.text) && !f.text[at].turns() {
		if end, ok := f.run(i, at+1); ok {
			return end, true
		}
	}
	f.alike = saved
	f.edits++
	return 0, false
}

// touchesMeaning reports whether an edit must leave r alone.
func touchesMeaning(r rune) bool {
	return r >= firstHan && (isNumeral(r) || strings.ContainsRune(reversing, r))
}

// onceEdited is the result of a phrase with slots and one edit.
func (f *fitting) onceEdited(v *variant, start, end int) (fit, bool) {
	if f.alike[nearSound]*4 > v.literals || f.alike[same]*2 < v.literals {
		return fit{}, false
	}
	return fit{variant: v, start: start, end: end, tier: edited, distance: 1 + f.alike[sameSound] + f.alike[nearSound]}, true
}

func (f *fitting) runSlot(i, at int) (end int, ok bool) {
	s, saved, edits := f.elements[i].slot, f.alike, f.edits
	if i == len(f.elements)-1 {
		return f.runLast(s, at)
	}
	for n := 0; n <= s.max && at+n <= len(f.text); n++ {
		if n > 0 && !s.takes(&f.text[at+n-1]) || s.clause && at+n > 0 && f.text[at+n-1].stop != stopNone {
			break
		}
		if n < s.min {
			continue
		}
		f.alike, f.edits = saved, edits
		if end, ok := f.run(i+1, at+n); ok {
			return end, true
		}
	}
	f.alike, f.edits = saved, edits
	return 0, false
}

func (f *fitting) runLast(s *slot, at int) (end int, ok bool) {
	n := 0
	for n < s.max && at+n < len(f.text) && s.takes(&f.text[at+n]) {
		n++
	}
	return at + n, n >= s.min
}

// result turns counts of characters into a tier. Near homophones must not be more than half of a phrase.
func (f *fitting) result(v *variant, start, end int) (fit, bool) {
	tier := same
	switch {
	case f.alike[nearSound] > 0:
		tier = nearSound
	case f.alike[sameSound] > 0:
		tier = sameSound
	}
	if v.allowed&(1<<tier) == 0 || f.alike[nearSound]*2 > v.literals || tier != same && v.open && v.literals < leastByEar {
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
	var counts [unlike + 1]int
	head, tail := 0, 0
	for ; head < min(n, m); head++ {
		alike := text[start+head].like(&v.elements[head])
		if alike == unlike {
			break
		}
		counts[alike]++
	}
	for ; tail < min(n, m)-head; tail++ {
		alike := text[end-1-tail].like(&v.elements[n-1-tail])
		if alike == unlike {
			break
		}
		counts[alike]++
	}
	if head+tail != max(n, m)-1 || !mayEdit(text[start:end], v, head) {
		return fit{}, false
	}
	if counts[nearSound]*4 > n || counts[same]*2 < n {
		return fit{}, false
	}
	return fit{variant: v, start: start, end: end, tier: edited, distance: 1 + counts[sameSound] + counts[nearSound]}, true
}

// mayEdit reports whether the characters at the place of an edit may change without turning the
// phrase's meaning round. The ends of a phrase that is not long may only change into what sounds similar:
// 请问有什么 is not 还有什么.
func mayEdit(text []unit, v *variant, at int) bool {
	n, m := len(v.elements), len(text)
	if n < longTerm && (at == 0 || at >= n-1) {
		if m != n || !v.elements[at].similar(&text[at].voice) {
			return false
		}
	}
	if m <= n && v.elements[at].turns() {
		return false
	}
	return m < n || !text[at].turns()
}
