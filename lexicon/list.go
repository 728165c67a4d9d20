package lexicon

import (
	"slices"
	"sync"
)

// list is one word list: what its terms are and how they may be matched.
type list struct {
	name       string
	zh, en     string
	tiers      []Tier     // allowed for terms of three characters and more
	short      []Tier     // allowed for shorter ones
	editFrom   int        // characters from which one edit is allowed
	wholeWords wholeWords // whether a match must begin and end where words do
	variants   []*variant
	order      int      // among the lists of a Set
	alphabetic int      // the same by name
	phrases    *phrases // the variants without slots
	slotted    *phrases // the others
	alone      func() *index
}

// prepare makes l ready for search, as the n-th of a Set.
func (l *list) prepare(n int) {
	for i, v := range l.variants {
		v.place = i
	}
	l.order, l.phrases, l.slotted = n, newPhrases(l.variants, false), newPhrases(l.variants, true)
	l.alone = sync.OnceValue(func() *index { return newIndex([]*list{l}) })
}

// wholeWords says which terms of a list must begin and end where words do.
type wholeWords string

const (
	wholeAuto   wholeWords = "auto" // terms of one or two characters
	wholeAlways wholeWords = "always"
	wholeNever  wholeWords = "never"
)

const (
	shortTerm       = 2 // characters up to which a term is short
	defaultEditFrom = 4
)

// variant is one phrase that is looked for: a term with its alternatives chosen.
type variant struct {
	list     *list
	place    int // among the variants of the list
	text     string
	elements []element
	literals int  // elements that are characters
	open     bool // it has a slot that takes anything
	whole    bool
	allowed  uint8    // tiers, a bit each by rank
	anchor   int      // first element of the run of characters by which it is found
	anchored int      // length of that run
	beside   []either // near classes of the characters beside that run
	after    int      // the most units that the elements after the anchor take
	reach    [2]int   // the least and the most units that the elements before the anchor take
	exceptions
}

// exceptions say where a match does not count. Each is a folded phrase.
type exceptions struct {
	notInside []saying // the match is a part of one of these
	notBefore []saying // one of these follows
	notAfter  []saying // one of these comes before

	notNegated     bool // a word that negates it comes before
	notInQuestion  bool // it belongs to a question
	notConditional bool // it stands in a condition
	notReported    bool // it is what somebody else is said to have said
	notSoftened    bool // what can be done instead follows
	notInquiring   bool // a calm enquiry or request goes with it
}

// termOptions are what a term says for itself.
type termOptions struct {
	exceptions
	tiers []Tier // instead of the list's, when there are any
}

// newVariants compiles one phrase of l. One with a spelled number (百分之百) makes two: with the number in
// digits, and as it is spelled, since one that was misheard is no number.
func newVariants(l *list, text string, options termOptions) ([]*variant, error) {
	elements, err := parse(text, units)
	if err != nil {
		return nil, err
	}
	variants := []*variant{newVariant(l, text, elements, options)}
	spelled, err := parse(text, plainUnits)
	if err == nil && !slices.Equal(spelled, elements) {
		variants = append(variants, newVariant(l, text, spelled, options))
	}
	return variants, nil
}

func newVariant(l *list, text string, elements []element, options termOptions) *variant {
	v := &variant{list: l, text: text, elements: elements, exceptions: options.exceptions}
	v.anchor, v.anchored = anchor(elements)
	v.open = hasOpenSlot(elements)
	v.reach[0], v.reach[1] = span(elements[:v.anchor])
	_, v.after = span(elements[v.anchor+v.anchored:])
	for i := range elements {
		if e := &elements[i]; e.slot == nil {
			v.literals++
			if i < v.anchor || i >= v.anchor+v.anchored {
				v.beside = append(v.beside, e.near)
			}
		}
	}
	tiers := l.tiers
	switch {
	case len(options.tiers) > 0:
		tiers = options.tiers
	case v.literals <= shortTerm:
		tiers = l.short
	}
	for _, t := range tiers {
		if rank := t.Rank(); rank >= 0 { // of what is no tier a fault tells
			v.allowed |= 1 << rank
		}
	}
	v.whole = l.wholeWords == wholeAlways || l.wholeWords == wholeAuto && len(elements) <= shortTerm
	return v
}

func (v *variant) allows(t Tier) bool { return v.allowed&(1<<t.Rank()) != 0 }

// editable reports whether v may be matched with one edit in its characters.
func (v *variant) editable() bool {
	return v.allows(TierEdit) && v.literals >= v.list.editFrom
}

func (v *variant) slotted() bool { return v.literals < len(v.elements) }

// span returns the least and the most units that elements take.
func span(elements []element) (least, most int) {
	for _, e := range elements {
		if e.slot == nil {
			least, most = least+1, most+1
			continue
		}
		least, most = least+e.slot.min, most+e.slot.max
	}
	return least, most
}
