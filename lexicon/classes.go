package lexicon

import "math/bits"

// symbols is more than there are near classes and other symbols.
const symbols = 512

// surely reports whether a character with this voice is read in one way only.
func (v *voice) surely() bool { return v.near[0] == v.near[1] }

// signature says which near classes, and other symbols, there are. Several share a bit.
type signature [4]uint64

func (s *signature) set(class uint16) { s[class/wordBits%4] |= 1 << (class % wordBits) }

// signatureOf tells which classes must be heard for elements to be there.
func signatureOf(elements []element) (s signature) {
	for i := range elements {
		if e := &elements[i]; e.slot == nil && e.surely() {
			s.set(e.near[0])
		}
	}
	return s
}

// missing is how many of s at least are not in other. What is above most is not counted any further.
func (s *signature) missing(other *signature, most int) int {
	n := bits.OnesCount64(s[0]&^other[0]) + bits.OnesCount64(s[1]&^other[1])
	if n > most {
		return n
	}
	return n + bits.OnesCount64(s[2]&^other[2]) + bits.OnesCount64(s[3]&^other[3])
}
