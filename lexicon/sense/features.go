package sense

import (
	"cmp"
	"hash/fnv"
	"slices"

	"github.com/zhijian-qa/zhijian/lexicon"
)

// Kinds of features.
const (
	kindCharacter = iota + 1
	kindPair
	kindTriple
	kindApart // two characters with one between them
	kindSoundPair
	kindSoundTriple
	kindPhrase // of a word list
)

// mostPhrases is how many phrases count that end at one character.
const mostPhrases = 3

// mostFeatures is how many features end at one character, at most.
const mostFeatures = 6 + mostPhrases

// feature names a feature by a number that is as good as its own.
type feature uint32

// Mark is a place where a phrase of a word list stands in a text.
type Mark struct {
	List string
	End  int // rune offset behind it
}

// Marks returns the places where phrases stand as they are, in the order of their ends.
func Marks(found []lexicon.Match) []Mark {
	var marks []Mark
	for i := range found {
		if found[i].Distance == 0 {
			marks = append(marks, Mark{found[i].List, found[i].End})
		}
	}
	slices.SortStableFunc(marks, func(a, b Mark) int { return cmp.Compare(a.End, b.End) })
	return marks
}

// name is a number for the list.
func (m Mark) name() uint64 {
	name := fnv.New64a()
	_, _ = name.Write([]byte(m.List))
	return name.Sum64()
}

// unit is a character that counts, and what ends with it.
type unit struct {
	r     rune
	sound uint16
	at    int // rune offset in the text
	lists []uint64
}

// unitsOf returns the characters of text that are spoken, folded as for matching. Marks come by where they end.
func unitsOf(text string, marks []Mark) []unit {
	sounds := lexicon.AppendSounds(make([]uint16, 0, len(text)/2), text)
	all, at := make([]unit, 0, len(sounds)), 0
	for _, r := range text {
		if sounds[at] != lexicon.Unheard {
			all = append(all, unit{r: lexicon.Folded(r), sound: sounds[at], at: at})
		}
		at++
	}
	i := 0
	for _, m := range marks {
		for ; i+1 < len(all) && all[i+1].at < m.End; i++ {
		}
		if i < len(all) && len(all[i].lists) < mostPhrases {
			all[i].lists = append(all[i].lists, m.name())
		}
	}
	return all
}

// from returns the first of units at a rune offset or behind it.
func from(units []unit, at int) int {
	i, _ := slices.BinarySearchFunc(units, at, func(u unit, at int) int { return u.at - at })
	return i
}

// appendFeatures appends the features that end at unit i.
func appendFeatures(to []feature, units []unit, i int) []feature {
	u := units[i]
	to = append(to, named(kindCharacter, uint64(u.r), 0, 0))
	if i >= 1 {
		p := units[i-1]
		to = append(to, named(kindPair, uint64(p.r), uint64(u.r), 0), named(kindSoundPair, uint64(p.sound), uint64(u.sound), 0))
	}
	if i >= 2 {
		o, p := units[i-2], units[i-1]
		to = append(to, named(kindTriple, uint64(o.r), uint64(p.r), uint64(u.r)),
			named(kindApart, uint64(o.r), uint64(u.r), 0), named(kindSoundTriple, uint64(o.sound), uint64(p.sound), uint64(u.sound)))
	}
	for _, list := range u.lists {
		to = append(to, named(kindPhrase, list, 0, 0))
	}
	return to
}

// named mixes the parts of a feature into one number: multiplication by the golden ratio, one part after the other
// (Knuth, The Art of Computer Programming 3, 6.4).
func named(kind, a, b, c uint64) feature {
	const golden = 0x9E3779B97F4A7C15
	h := (kind ^ a) * golden
	h = (h ^ h>>29 ^ b) * golden
	h = (h ^ h>>29 ^ c) * golden
	return feature((h ^ h>>29) * golden >> 32)
}
