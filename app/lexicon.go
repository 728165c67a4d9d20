package app

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/lexicon/sense"
)

// trial is what the lists find in one sentence: a line of JSON each. Offsets count the sentence's code
// points and are half-open.
type trial struct {
	Text       string       `json:"text"`
	Normalised string       `json:"normalised"`
	Tokens     []string     `json:"tokens"`
	Matches    []trialMatch `json:"matches"`
}

type trialMatch struct {
	List  string       `json:"list"`
	Term  string       `json:"term"`
	Tier  lexicon.Tier `json:"tier"`
	Text  string       `json:"text"`
	Start int          `json:"start"`
	End   int          `json:"end"`
}

// likely is what a sentence may be about, in whatever words, and where.
type likely struct {
	act string
	sense.Sense
}

// leastLikely is from which probability on a sense is shown.
const leastLikely = 0.2

// TryLexicon prints how sentences are cut into words, how they sound and which terms of which lists they
// hold and what they are likely about; "-" stands for the lines of in. The lists are loaded once.
func TryLexicon(ctx context.Context, env Env, in io.Reader, sentences []string) (err error) {
	var open closers
	defer func() { err = joinClose(err, &open) }()
	set, err := env.openLexicon(&open)
	if err != nil {
		return err
	}
	senses, err := sense.Builtin()
	if err != nil {
		return err
	}
	for _, sentence := range sentences {
		if sentence == "-" {
			err = eachLine(ctx, in, func(line string) error { return env.try(set, senses, line) })
		} else {
			err = env.try(set, senses, sentence)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// eachLine calls do with every line of in, without its line break, as soon as it is there.
func eachLine(ctx context.Context, in io.Reader, do func(string) error) error {
	reader := bufio.NewReader(in)
	for ctx.Err() == nil {
		line, err := reader.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read standard input: %w", err)
		}
		if line != "" {
			if err := do(strings.TrimRight(line, "\r\n")); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
	}
	return ctx.Err()
}

func (e Env) try(set *lexicon.Set, senses *sense.Model, text string) error {
	if at := invalidAt(text); at >= 0 {
		fmt.Fprintf(e.Err, e.text("不是 UTF-8：第 %d 字节；坏字节各作一个 U+FFFD\n", "not UTF-8 at byte %d; each bad byte is read as U+FFFD\n"), at)
	}
	text = string([]rune(text)) // bytes that are not UTF-8, half a surrogate pair among them, are one code point each
	found := set.Find(text)
	if !e.Config.JSON {
		return e.showTrial(set, text, found, likelyIn(senses, text, found))
	}
	t := trial{Text: text, Normalised: lexicon.Normalise(text).Text, Tokens: tokens(set, text), Matches: make([]trialMatch, len(found))}
	for i, m := range found {
		t.Matches[i] = trialMatch{List: m.List, Term: m.Term, Tier: m.Tier, Text: m.Text, Start: m.Start, End: m.End}
	}
	encoder := json.NewEncoder(e.Out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(t); err != nil {
		return fmt.Errorf("print matches: %w", err)
	}
	return nil
}

// likelyIn returns what a sentence is likely about, the likeliest first.
func likelyIn(senses *sense.Model, text string, found []lexicon.Match) []likely {
	var all []likely
	read := senses.Read(text, sense.Marks(found))
	for _, act := range senses.Acts() {
		if s := read.Most(act, 0, utf8.RuneCountInString(text)); s.Probability() >= leastLikely {
			all = append(all, likely{act, s})
		}
	}
	slices.SortStableFunc(all, func(a, b likely) int { return cmp.Compare(b.Odds, a.Odds) })
	return all
}

// invalidAt returns the place of the first byte that is not UTF-8, from 0, or -1.
func invalidAt(text string) int {
	for at, r := range text {
		if _, size := utf8.DecodeRuneInString(text[at:]); r == utf8.RuneError && size == 1 {
			return at
		}
	}
	return -1
}

// tokens are the words of text in its own characters: put together they are the text.
func tokens(set *lexicon.Set, text string) []string {
	rest := []rune(text)
	words := []string{}
	for _, word := range set.Segmenter().Cut(text) {
		n := min(len([]rune(word)), len(rest))
		words = append(words, string(rest[:n]))
		rest = rest[n:]
	}
	return words
}

func (e Env) showTrial(set *lexicon.Set, text string, found []lexicon.Match, senses []likely) error {
	var b strings.Builder
	fmt.Fprintln(&b, text)
	fmt.Fprintf(&b, "  %s %s\n", e.text("归一", "normalised"), lexicon.Normalise(text).Text)
	fmt.Fprintf(&b, "  %s %s\n", e.text("分词", "words"), strings.Join(tokens(set, text), " / "))
	fmt.Fprintf(&b, "  %s %s\n", e.text("拼音", "pinyin"), lexicon.Pinyin(text))
	for _, m := range found {
		fmt.Fprintf(&b, "  %d–%d\t%s\t%s\t%s (%d)\t%s ← %s\n", m.Start, m.End, m.List, e.text(set.Title(m.List)), m.Tier, m.Distance, m.Text, m.Term)
	}
	if len(found) == 0 {
		fmt.Fprintf(&b, "  %s\n", e.text("没有匹配", "no match"))
	}
	for _, l := range senses {
		fmt.Fprintf(&b, "  %d–%d\t%s\t%s\t%s %.0f %%\n", l.Start, l.End, l.act, e.text(set.Title(l.act)), e.text("像是这个意思", "seems to be meant"), 100*l.Probability())
	}
	if _, err := io.WriteString(e.Out, b.String()); err != nil {
		return fmt.Errorf("print matches: %w", err)
	}
	return nil
}
