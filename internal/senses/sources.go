package senses

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/lexicon/sense"
)

// Sentences and Calls are where the examples of the built-in model lie, from the root of the repository. Calls that are
// not among them are for measuring alone.
var (
	Sentences = []string{"lexicon/sense/sentences/*.txt", "lexicon/testdata/sentences.txt", "score/testdata/labelled.txt"}
	Calls     = []string{"lexicon/sense/calls/*.txt", "score/testdata/heldout.txt", "score/testdata/heldout[2-6].txt"}
)

// source is a file of examples.
type source struct {
	path, text string
}

// Sources are files of examples.
type Sources struct{ sentences, calls []source }

// ReadSources reads the files that the patterns name, below a root.
func ReadSources(root string, sentences, calls []string) (Sources, error) {
	var s Sources
	var err error
	if s.sentences, err = readAll(root, sentences); err != nil {
		return s, err
	}
	s.calls, err = readAll(root, calls)
	return s, err
}

func readAll(root string, patterns []string) ([]source, error) {
	var all []source
	for _, pattern := range patterns {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(paths) == 0 {
			return nil, fmt.Errorf("find examples: nothing is called %s (%w)", pattern, err)
		}
		slices.Sort(paths)
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				return nil, fmt.Errorf("read examples: %w", err)
			}
			all = append(all, source{path, string(data)})
		}
	}
	return all, nil
}

// Digest names the content of the files.
func (s Sources) Digest() string {
	sum := sha256.New()
	for _, files := range [][]source{s.sentences, s.calls} {
		for _, f := range files {
			fmt.Fprintf(sum, "%d %s\n", len(f.text), f.text)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}

// Examples reads the files. Where the word lists find an act in a sentence about another one, nothing is taken for
// granted.
func (s Sources) Examples(lex *lexicon.Set) ([]sense.Example, error) {
	listed := func(act, text string) bool { return len(lex.FindOf(act, text)) > 0 }
	var all []sense.Example
	for _, f := range s.sentences {
		examples, err := ReadSentences(f.text, listed)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", filepath.Base(f.path), err)
		}
		all = append(all, examples...)
	}
	for _, f := range s.calls {
		examples, err := ReadCalls(f.text)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", filepath.Base(f.path), err)
		}
		all = append(all, examples...)
	}
	return all, nil
}
