package lexicon

// LoadAlone is Load of one file, without the built-in lists.
func LoadAlone(segmenter *Segmenter, data string) (*Set, error) {
	return newSet([]source{{name: "mine.yaml", data: []byte(data)}}, Config{Segmenter: segmenter})
}

// Pieces runs through what falls apart in a text.
func (s *Set) Pieces(text string) { s.strays(text) }
