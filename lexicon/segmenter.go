package lexicon

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/yanyiwu/gojieba"
)

// Segmenter cuts text into words with jieba. One is enough for a process (it holds some 100 MB and
// takes half a second to make) and it may be used by many goroutines.
type Segmenter struct {
	mu    sync.RWMutex
	jieba *gojieba.Jieba
}

// NewSegmenter unpacks the dictionaries under folder and starts jieba on them. An empty folder stands
// for the user's cache folder.
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
	return &Segmenter{jieba: gojieba.NewJieba(paths...)}, nil
}

// Close frees jieba. It may be called more than once; after it every rune is a word of its own.
func (s *Segmenter) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.jieba != nil {
		s.jieba.Free()
		s.jieba = nil
	}
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
	if s.jieba == nil {
		return strings.Split(clean, "")
	}
	return s.jieba.Cut(clean, true)
}

// cleanRune keeps from jieba what it cannot bear.
func cleanRune(r rune) rune {
	if r == 0 || r == '\uFFFD' {
		return ' '
	}
	return r
}

// boundaries returns for each rune offset of text, and for its end, whether a word begins or ends there.
func (s *Segmenter) boundaries(text string, length int) []bool {
	at := make([]bool, length+1)
	at[0], at[length] = true, true
	pos := 0
	for _, word := range s.Cut(text) {
		pos += len([]rune(word))
		if pos <= length {
			at[pos] = true
		}
	}
	return at
}

// cutPlain is Cut with nothing guessed: what the dictionary has not falls into characters.
func (s *Segmenter) cutPlain(text string) []string {
	clean := strings.Map(cleanRune, Simplify(text))
	if clean == "" {
		return nil
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.jieba == nil {
		return strings.Split(clean, "")
	}
	return s.jieba.Cut(clean, false)
}
