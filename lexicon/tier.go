package lexicon

// Tier says how well a text fits a term.
type Tier string

// The tiers, from best to worst.
const (
	TierExact         Tier = "exact"          // the same characters
	TierHomophone     Tier = "homophone"      // the same pinyin in any tone
	TierNearHomophone Tier = "near_homophone" // n/l, z/zh, in/ing and the like taken as one
	TierEdit          Tier = "edit"           // one syllable more, less or other
)

// tierNames are the tiers in order; a tier's rank is its place.
var tierNames = []string{string(TierExact), string(TierHomophone), string(TierNearHomophone), string(TierEdit)}

// likeness is how well one character fits another: the rank of a tier, or unlike.
type likeness uint8

const (
	same likeness = iota
	sameSound
	nearSound
	unlike
)

// Rank returns 0 for the best tier and more for each worse one, -1 for none.
func (t Tier) Rank() int {
	switch t { // faster than a search: matches are sorted by it
	case TierExact:
		return 0
	case TierHomophone:
		return 1
	case TierNearHomophone:
		return 2
	case TierEdit:
		return 3
	}
	return -1
}

// compare tells how alike two folded runes are.
func (p *phonetics) compare(a, b rune) likeness {
	if a == b {
		return same
	}
	return p.pairs.of(a, b).alike
}
