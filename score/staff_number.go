package score

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/lexicon"
)

// reasonStaffNumber is why a person is asked about a staff number.
const reasonStaffNumber = "other_staff_number"

// fewestStaffDigits is how many digits make what an agent says a number that can be another's.
const fewestStaffDigits = 2

// staffNumber is what the metadata name an agent by, where that is a staff number and no name.
var staffNumber = regexp.MustCompile(`^[A-Za-z]*[0-9]{2,10}$`)

// checkStaffNumber holds the staff number that an agent gave against the one in the metadata, where they know it.
// Another one asks a person and takes nothing: it may be an ID of another system, or have been misheard after all.
func (r *rule) checkStaffNumber(t *trial, j judgement, said []hit) judgement {
	known := t.rec.Agent
	if j.outcome != OutcomePass || !staffNumber.MatchString(known) || t.noise >= lexicon.HeardWell {
		return j
	}
	given := slices.DeleteFunc(slices.Clone(said), func(h hit) bool { return len(h.number()) < fewestStaffDigits })
	if len(given) == 0 || slices.ContainsFunc(given, func(h hit) bool { return h.confidence < accuseConfidence || h.mayGive(digitsOf(known)) }) {
		return j
	}
	j.evidence = evidenceOf(given, mostProof)
	j.note = text{
		zh: fmt.Sprintf("报的是 %s，元数据中的工号是 %s", string(given[0].number()), known),
		en: fmt.Sprintf("gave %s, the staff number in the metadata is %s", string(given[0].number()), known),
	}
	return j.undecided(r.points, reasonStaffNumber)
}

// number returns the digits that h has in the place of a number, none when its term has no such place.
func (h hit) number() []rune {
	if !strings.Contains(h.Term, "{number}") && !strings.Contains(h.Term, "{digits}") {
		return nil
	}
	return digitsOf(lexicon.Normalise(h.Text).Text)
}

// mayGive reports whether what was heard in h may be the number known: it, its last digits, or it with a digit
// misheard.
func (h hit) mayGive(known []rune) bool {
	said := h.number()
	return strings.Contains(string(said), string(known)) || strings.HasSuffix(string(known), string(said)) ||
		float64(inCommon(known, said)) >= digitsAlike*float64(max(len(known), len(said)))
}
