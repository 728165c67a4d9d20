package lexicon_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/zhijian-qa/zhijian/lexicon"
)

// cache is where the tests of the package unpack the dictionaries.
var cache string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "zhijian-lexicon-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	cache = folder
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// sharedSegmenter is one jieba for all tests of the package.
var sharedSegmenter = sync.OnceValues(func() (*lexicon.Segmenter, error) { return lexicon.NewSegmenter(cache) })

// load returns the built-in lists and those of the given YAML texts.
func load(t testing.TB, texts ...string) *lexicon.Set {
	t.Helper()
	set, err := tryLoad(t, texts...)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func tryLoad(t testing.TB, texts ...string) (*lexicon.Set, error) {
	t.Helper()
	segmenter, err := sharedSegmenter()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for i, text := range texts {
		path := filepath.Join(folder, string(rune('a'+i))+".yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return lexicon.Load(lexicon.Config{Segmenter: segmenter, Paths: []string{folder}})
}
