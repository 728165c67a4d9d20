package lexicon

// said tells quickly what is not in a part of a text. It divides the text into as many blocks as a word has bits
// and knows in which of them each near class is.
type said struct {
	text   []unit
	read   bool // what follows is about text
	shift  int  // of a unit's place to its block
	blocks [symbols]uint64
}

// about makes s about text, which is read when something is first asked.
func (s *said) about(text []unit) { s.text, s.read = text, false }

func (s *said) look() {
	s.read, s.shift, s.blocks = true, 0, [symbols]uint64{}
	for len(s.text)>>s.shift > wordBits-1 {
		s.shift++
	}
	for j := range s.text {
		block := uint64(1) << (j >> s.shift)
		for _, class := range s.text[j].near {
			s.blocks[class] |= block
		}
	}
}

// around returns the blocks from the unit first to the unit last.
func (s *said) around(first, last int) uint64 {
	if !s.read {
		s.look()
	}
	from, to := max(0, first)>>s.shift, min(last>>s.shift, wordBits-1)
	return ^uint64(0) << from & (^uint64(0) >> (wordBits - 1 - to))
}

// in reports whether anything that is alike e may be in the blocks.
func (s *said) in(e *element, blocks uint64) bool {
	return (s.blocks[e.near[0]]|s.blocks[e.near[1]])&blocks != 0
}
