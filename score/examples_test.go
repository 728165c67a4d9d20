package score_test

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/score"
)

// cache is where the tests of the package unpack the dictionaries.
var cache string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "zhijian-score-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	cache = folder
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// sharedLexicon is one set of the built-in lists for all tests of the package.
var sharedLexicon = sync.OnceValues(func() (*lexicon.Set, error) { return lexicon.Load(lexicon.Config{CacheDir: cache}) })

// scorer returns a scorer with the named scorecard.
func scorer(t testing.TB, card string) *score.Scorer {
	t.Helper()
	lex, err := sharedLexicon()
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := score.LoadScorecard(card)
	if err != nil {
		t.Fatal(err)
	}
	s, err := score.New(lex, loaded, score.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestExamplesOfTheBuiltInScorecard(t *testing.T) {
	t.Parallel()
	if err := scorer(t, "power-service").CheckExamples(); err != nil {
		t.Error(err)
	}
}
