package app

import (
	"fmt"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
)

// The limits of hot words, in characters: whisper reads no more than 224 tokens of a prompt, up to two for a
// character, and a long prompt costs accuracy everywhere else.
const (
	longestHotWord = 12
	allHotWords    = 100
)

// prompt joins hot words to what biases the recogniser.
func prompt(hotWords []string) string { return strings.Join(hotWords, "，") }

// checkHotWords looks at the hot words that are set.
func (e Env) checkHotWords(open *closers) error {
	if len(e.Config.HotWords) == 0 {
		return nil
	}
	lex, err := e.openLexicon(open)
	if err != nil {
		return err
	}
	return checkHotWords(e.Config.HotWords, lex)
}

// checkHotWords refuses hot words that would put words into people's mouths: on silence whisper says its prompt
// back, and a phrase that a rule looks for would turn up where nobody said it.
func checkHotWords(hotWords []string, lex *lexicon.Set) error {
	if n := len([]rune(prompt(hotWords))); n > allHotWords {
		return fmt.Errorf("hot_words: %d characters are more than %d: %w", n, allHotWords, call.ErrInvalid)
	}
	for _, word := range hotWords {
		if n := len([]rune(word)); n > longestHotWord {
			return fmt.Errorf("hot_words: %q is longer than %d characters: name people and products only: %w", word, longestHotWord, call.ErrInvalid)
		}
		for _, m := range lex.Find(word) {
			if m.Tier == lexicon.TierExact {
				return fmt.Errorf("hot_words: %q holds %q of the list %s, which rules look for: %w", word, m.Term, m.List, call.ErrInvalid)
			}
		}
	}
	return nil
}
