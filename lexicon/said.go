package lexicon

// said tells quickly what is not in a text, or in a part of it. It divides the text into as many blocks as a word has
// bits and knows in which of them each near class is. The class 0, which stands for none, is always heard.
type said struct {
	shift  int // of a unit's place to its block
	blocks [symbols]uint64
	heard  [symbols]uint8 // 1 for what is in any of them
}

// about makes s about text.
func (s *said) about(text []unit) {
	s.shift, s.blocks, s.heard = 0, [symbols]uint64{}, [symbols]uint8{1}
	for len(text)>>s.shift > wordBits-1 {
		s.shift++
	}
	for j := range text {
		block := uint64(1) << (j >> s.shift)
		for _, class := range text[j].near {
			s.blocks[class] |= block
			s.heard[class] = 1
		}
	}
}

// around returns the blocks from the unit first to the unit last.
func (s *said) around(first, last int) uint64 {
	from, to := max(0, first)>>s.shift, min(last>>s.shift, wordBits-1)
	return ^uint64(0) << from & (^uint64(0) >> (wordBits - 1 - to))
}

// in reports whether anything of one of the classes may be in the blocks.
func (s *said) in(classes either, blocks uint64) bool {
	return (s.blocks[classes[0]]|s.blocks[classes[1]])&blocks != 0
}
