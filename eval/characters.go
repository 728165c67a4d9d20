package eval

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// hidden stands in a text for a character that was masked.
const hidden = '*'

// Characters counts character errors.
type Characters struct {
	Errors int `json:"errors"` // substitutions, deletions and insertions, as few as explain the difference
	Of     int `json:"of"`     // characters that were said
}

// CharacterErrors compares what was said with what was recognised, letters and digits alone: no
// punctuation, no spaces, full width as half width, capitals as small letters. An asterisk in want is a
// masked character: it is not counted, and may have been recognised as any.
func CharacterErrors(want, got string) Characters {
	said, heard := letters(want, true), letters(got, false)
	c := Characters{Errors: edits(said, heard)}
	for _, r := range said {
		if r != hidden {
			c.Of++
		}
	}
	return c
}

// Add adds the counts of o.
func (c *Characters) Add(o Characters) { c.Errors, c.Of = c.Errors+o.Errors, c.Of+o.Of }

// Rate returns the character error rate, errors ÷ characters said; it may exceed 1. Where nothing was said
// it is the count of errors.
func (c Characters) Rate() float64 { return float64(c.Errors) / float64(max(1, c.Of)) }

// letters returns what counts of text.
func letters(text string, masked bool) []rune {
	var kept []rune
	for _, r := range strings.ToLower(norm.NFKC.String(text)) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || masked && r == hidden {
			kept = append(kept, r)
		}
	}
	return kept
}

// edits is the Levenshtein distance of said and heard, in which a hidden character costs nothing.
func edits(said, heard []rune) int {
	for len(said) > 0 && len(heard) > 0 && said[0] == heard[0] {
		said, heard = said[1:], heard[1:]
	}
	for len(said) > 0 && len(heard) > 0 && said[len(said)-1] == heard[len(heard)-1] {
		said, heard = said[:len(said)-1], heard[:len(heard)-1]
	}
	row := make([]int, len(heard)+1)
	for j := range row {
		row[j] = j
	}
	for _, x := range said {
		missing := 1
		if x == hidden {
			missing = 0
		}
		corner := row[0]
		row[0] += missing
		for j, y := range heard {
			cost := corner
			if x != y && x != hidden {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j+1]+missing, row[j]+1)
		}
	}
	return row[len(heard)]
}
