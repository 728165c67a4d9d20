package score_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/score"
)

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

func TestDocumentedFilesAreGood(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := yamlBlock.FindAllSubmatch(page, -1)
	if len(blocks) != 2 {
		t.Fatalf("got %d YAML files in the page, want a word list and a scorecard", len(blocks))
	}
	list := filepath.Join(t.TempDir(), "list.yml")
	if err := os.WriteFile(list, blocks[0][1], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := lexicon.Check([]string{filepath.Dir(list)}); err != nil {
		t.Error(err)
	}
	card, err := score.LoadScorecard(write(t, string(blocks[1][1])))
	if err != nil {
		t.Fatal(err)
	}
	lex, err := sharedLexicon()
	if err != nil {
		t.Fatal(err)
	}
	s, err := score.New(lex, card, score.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CheckExamples(); err != nil {
		t.Error(err)
	}
}

func BenchmarkScore(b *testing.B) {
	script, err := os.ReadFile("testdata/good-repair.call")
	if err != nil {
		b.Fatal(err)
	}
	s, c := scorer(b, "power-service"), parse(b, string(script))
	for b.Loop() {
		s.Score(c.Recording, c.Health, c.Transcript)
	}
}
