package lexicon

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/internal/strictyaml"
)

const (
	maxVariants   = 2000 // that one term may unfold into
	maxTermLength = 64   // characters that count in one variant
	minAnchor     = 2    // characters beside a slot that a term needs to be found by
)

// element is one place of a term: a character, or a slot that stands for several.
type element struct {
	r    rune
	slot *slot
	lone bool // a character with slots that take anything, or an end, on both sides
	voice
}

// expand unfolds the alternatives of a term: 您[有|需要]什么 becomes 您有什么 and 您需要什么.
// An empty alternative, as in [请|]问, may be left out. Alternatives do not nest.
func expand(text string) ([]string, error) {
	variants := []string{""}
	for rest := text; rest != ""; {
		literal, tail, found := strings.Cut(rest, "[")
		if strings.Contains(literal, "]") {
			return nil, fmt.Errorf("%q has a ] without its [", text)
		}
		choices := []string{literal}
		rest = ""
		if found {
			inner, after, closed := strings.Cut(tail, "]")
			if !closed || strings.Contains(inner, "[") {
				return nil, fmt.Errorf("%q has a [ without its ]", text)
			}
			choices, rest = strings.Split(inner, "|"), after
			for i := range choices {
				choices[i] = literal + choices[i]
			}
		}
		if len(variants)*len(choices) > maxVariants {
			return nil, fmt.Errorf("%q unfolds into more than %d phrases", text, maxVariants)
		}
		variants = cross(variants, choices)
	}
	slices.Sort(variants)
	return slices.Compact(variants), nil
}

func cross(heads, tails []string) []string {
	all := make([]string, 0, len(heads)*len(tails))
	for _, head := range heads {
		for _, tail := range tails {
			all = append(all, head+tail)
		}
	}
	return all
}

// parse turns one variant of a term into its elements; cut is units or plainUnits.
func parse(text string, cut func([]rune) []unit) ([]element, error) {
	var elements []element
	for rest := text; rest != ""; {
		literal, tail, found := strings.Cut(rest, "{")
		for _, u := range cut([]rune(literal)) {
			elements = append(elements, element{r: u.r, voice: u.voice})
		}
		rest = ""
		if !found {
			break
		}
		name, after, closed := strings.Cut(tail, "}")
		kind, known := slots[name]
		if !closed || !known {
			return nil, fmt.Errorf("%q has an unknown slot {%s}%s; known: %s", text, name, strictyaml.Hint(name, slotNames()), strings.Join(slotNames(), ", "))
		}
		elements = append(elements, element{slot: kind})
		rest = after
	}
	if hasOpenSlot(elements) {
		markLone(elements)
	}
	return elements, check(text, elements)
}

// markLone marks the characters that stand alone: what only sounds like one of them says too little.
func markLone(elements []element) {
	beside := func(i int) bool { return i < 0 || i == len(elements) || elements[i].open() }
	for i := range elements {
		elements[i].lone = elements[i].slot == nil && beside(i-1) && beside(i+1)
	}
}

func check(text string, elements []element) error {
	_, length := anchor(elements)
	switch {
	case len(elements) == 0:
		return fmt.Errorf("%q holds nothing that can be spoken", text)
	case len(elements) > maxTermLength:
		return fmt.Errorf("%q is longer than %d characters", text, maxTermLength)
	case length < minAnchor && hasSlot(elements):
		return fmt.Errorf("%q needs %d characters side by side beside its slots", text, minAnchor)
	case elements[len(elements)-1].slot != nil && elements[len(elements)-1].slot.open:
		return fmt.Errorf("%q must not end in a slot that takes anything", text)
	}
	return nil
}

// open reports whether e stands for a stretch of anything.
func (e element) open() bool { return e.slot != nil && e.slot.open }

func hasOpenSlot(elements []element) bool { return slices.ContainsFunc(elements, element.open) }

func hasSlot(elements []element) bool {
	return slices.ContainsFunc(elements, func(e element) bool { return e.slot != nil })
}

// anchor returns where the longest run of characters between slots begins, and its length.
func anchor(elements []element) (start, length int) {
	run := 0
	for i, e := range elements {
		if e.slot != nil {
			run = 0
			continue
		}
		if run++; run > length {
			start, length = i+1-run, run
		}
	}
	return start, length
}
