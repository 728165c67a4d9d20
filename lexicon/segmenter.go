package lexicon

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/yanyiwu/gojieba"
)

// Segmenter cuts text into words with jieba. One is enough for a process (it holds some 100 MB and
// takes half a second to make) and it may be used by many goroutines.
type Segmenter struct {
	mu     sync.RWMutex
	paths  []string // of the dictionaries, nil after Close
	starts sync.Once
	jieba  *gojieba.Jieba
}

// NewSegmenter unpacks the dictionaries under folder. jieba is started on them when it is first needed: calls
// whose words are known need it not at all. An empty folder stands for the user's cache folder.
func NewSegmenter(folder string) (*Segmenter, error) {
	if folder == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			cache = os.TempDir()
		}
		folder = filepath.Join(cache, "zhijian")
	}
	paths, err := unpackDictionaries(folder)
	if err != nil {
		return nil, fmt.Errorf("prepare segmenter: %w", err)
	}
	return &Segmenter{paths: paths}, nil
}

// Close frees jieba. It may be called more than once; after it every rune is a word of its own.
func (s *Segmenter) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.jieba != nil {
		s.jieba.Free()
	}
	s.paths, s.jieba = nil, nil
}

// started returns jieba, nil after Close. The lock must be held.
func (s *Segmenter) started() *gojieba.Jieba {
	if s.paths != nil {
		s.starts.Do(func() { s.jieba = gojieba.NewJieba(s.paths...) })
	}
	return s.jieba
}

// Cut returns the words of text in order; put together they are the text, with traditional characters
// simplified and NUL and broken UTF-8 replaced.
func (s *Segmenter) Cut(text string) []string {
	clean := strings.Map(cleanRune, Simplify(text))
	if clean == "" {
		return nil
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if jieba := s.started(); jieba != nil {
		return jieba.Cut(clean, true)
	}
	return strings.Split(clean, "")
}

// cleanRune keeps from jieba what it cannot bear.
func cleanRune(r rune) rune {
	if r == 0 || r == '\uFFFD' {
		return ' '
	}
	return r
}

// boundaries tells where in a text words begin and end. It segments what it is asked about, clause by clause,
// unless ends are known from the outset.
type boundaries struct {
	segmenter *Segmenter // nil when ends are known
	text      []rune
	known     []bool // offsets in clauses that were segmented
	ends      []bool // offsets where a word ends
}

// separators are what jieba takes for the end of a clause: no word goes beyond, and none depends on what is there.
const separators = " \t\n，。"

func separates(r rune) bool { return strings.ContainsRune(separators, r) }

// at reports whether a word begins or ends at the rune offset.
func (b *boundaries) at(offset int) bool {
	if offset == 0 || offset == len(b.text) || separates(b.text[offset-1]) || separates(b.text[offset]) {
		return true
	}
	if b.segmenter == nil {
		return b.ends[offset]
	}
	if b.known == nil {
		b.known, b.ends = make([]bool, len(b.text)), make([]bool, len(b.text))
	}
	if !b.known[offset] {
		b.segment(offset)
	}
	return b.ends[offset]
}

// segment cuts the clause around an offset.
func (b *boundaries) segment(offset int) {
	from, to := offset, offset
	for from > 0 && !separates(b.text[from-1]) {
		from--
	}
	for to < len(b.text) && !separates(b.text[to]) {
		b.known[to] = true
		to++
	}
	for i := from; i < offset; i++ {
		b.known[i] = true
	}
	for _, word := range b.segmenter.Cut(string(b.text[from:to])) {
		if from += utf8.RuneCountInString(word); from < to {
			b.ends[from] = true
		}
	}
}

// cutPlain is Cut with nothing guessed: what the dictionary has not falls into characters.
func (s *Segmenter) cutPlain(text string) []string {
	clean := strings.Map(cleanRune, Simplify(text))
	if clean == "" {
		return nil
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if jieba := s.started(); jieba != nil {
		return jieba.Cut(clean, false)
	}
	return strings.Split(clean, "")
}
