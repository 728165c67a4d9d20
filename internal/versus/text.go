package versus

import "unicode"

// Errors counts character errors against what was said: substitutions, insertions and deletions, punctuation
// and spaces left out.
type Errors struct{ Wrong, All int }

// Add compares a text with what was said.
func (e *Errors) Add(said, heard string) {
	want := characters(said)
	e.All += len(want)
	e.Wrong += edits(want, characters(heard))
}

// Percent is the character error rate.
func (e Errors) Percent() float64 { return 100 * float64(e.Wrong) / float64(max(1, e.All)) }

func characters(s string) []rune {
	var kept []rune
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			kept = append(kept, r)
		}
	}
	return kept
}

// edits is the Levenshtein distance.
func edits(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		left := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := left
			if x != y {
				cost++
			}
			left = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
