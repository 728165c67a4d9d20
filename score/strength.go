package score

import (
	"strings"

	"github.com/zhijian-qa/zhijian/lexicon"
)

// What a hit must be to decide a criterion by itself. A deduction asks for more than a credit: when in
// doubt, a person listens.
const (
	leastConfidence  = 0.25 // below it a hit decides nothing
	accuseConfidence = 0.40 // below it a hit takes no point
	leastLikeness    = 0.75 // of the characters of a phrase with one edit that still gives the point
	accuseByEar      = 4    // characters from which a phrase known by its sound alone takes a point
)

// provesSaid reports whether the hit is enough to give a point.
func (h hit) provesSaid() bool {
	if h.confidence < leastConfidence {
		return false
	}
	return h.Tier != lexicon.TierEdit || h.likeness() >= leastLikeness
}

// provesFault reports whether the hit is enough to take a point. An edit never is by itself, nor are two
// characters among others that fall apart.
func (h hit) provesFault() bool {
	if h.confidence < accuseConfidence {
		return false
	}
	switch h.Tier {
	case lexicon.TierExact:
		return !h.shaky
	case lexicon.TierHomophone, lexicon.TierNearHomophone:
		return h.Length >= accuseByEar && !h.shaky && !crossesStop(h.Text)
	}
	return false
}

// crossesStop reports whether a quote goes beyond a clause: what sounds like a phrase there is mostly chance.
func crossesStop(quote string) bool { return strings.ContainsAny(quote, "，。！？；,.!?;") }

// likeness is the share of the term's characters that were heard as they are.
func (h hit) likeness() float64 { return 1 - float64(h.Distance)/float64(max(1, h.Length)) }
