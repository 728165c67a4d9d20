package lexicon

import "math/bits"

// classSet says which near classes, and other symbols, there are.
type classSet [symbols / wordBits]uint64

// symbols is more than there are near classes and other symbols.
const symbols = 512

func (c *classSet) set(class uint16) { c[class/wordBits] |= 1 << (class % wordBits) }

func (c *classSet) has(class uint16) bool { return c[class/wordBits]&(1<<(class%wordBits)) != 0 }

// hear takes in all that the units of a text may be.
func (c *classSet) hear(text []unit) {
	for j := range text {
		c.set(text[j].near[0])
		c.set(text[j].near[1])
	}
}

// surely reports whether a character with this voice is read in one way only.
func (v *voice) surely() bool { return v.near[0] == v.near[1] }

// signature is a classSet in which several classes share a bit.
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

// missing is how many of s at least are not in other.
func (s *signature) missing(other *signature) int {
	return bits.OnesCount64(s[0]&^other[0]) + bits.OnesCount64(s[1]&^other[1]) + bits.OnesCount64(s[2]&^other[2]) + bits.OnesCount64(s[3]&^other[3])
}
