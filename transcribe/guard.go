package transcribe

import (
	"slices"
	"unicode"

	"github.com/zhijian-qa/zhijian/call"
)

// The reasons in call.Removed.
const (
	ReasonCredit     = "hallucination:credit"     // subtitle credits
	ReasonRepetition = "hallucination:repetition" // the same over and over
	ReasonPrompt     = "hallucination:prompt"     // the prompt said back
	ReasonNoSpeech   = "hallucination:no_speech"  // text where nobody speaks
)

// fastest is how many characters a second anyone says, and more.
const fastest = 10

// guard takes out what the recogniser made up.
type guard struct {
	whole, short [][]rune
	prompt       prompt
}

func newGuard(prompt string) *guard {
	whole, short := credits()
	return &guard{whole: runeSlices(whole), short: runeSlices(short), prompt: newPrompt(prompt)}
}

// unprompted returns the guard of what was recognised without a prompt: it can be no echo.
func (g *guard) unprompted() *guard { return &guard{whole: g.whole, short: g.short} }

func runeSlices(texts []string) [][]rune {
	slices.SortFunc(texts, func(a, b string) int { return len(b) - len(a) })
	all := make([][]rune, len(texts))
	for i, t := range texts {
		all[i] = []rune(t)
	}
	return all
}

// bare returns the letters and digits of s in lower case.
func bare(s string) []rune {
	var kept []rune
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			kept = append(kept, unicode.ToLower(r))
		}
	}
	return kept
}

// dropped is a run of tokens that the guard took out, on the window's clock.
type dropped struct {
	call.Span
	text   string
	reason string
}

// reading is the bare text of a window with the token that each character is of.
type reading struct {
	runes  []rune
	tokens []*Token
	reason map[*Token]string // of the tokens to take out
}

func read(segments []Segment) *reading {
	r := &reading{reason: make(map[*Token]string)}
	for i := range segments {
		for j := range segments[i].Tokens {
			token := &segments[i].Tokens[j]
			for _, c := range bare(token.Text) {
				r.runes = append(r.runes, c)
				r.tokens = append(r.tokens, token)
			}
		}
	}
	return r
}

func (r *reading) drop(from, to int, reason string) {
	for _, token := range r.tokens[from:to] {
		r.reason[token] = cmpReason(r.reason[token], reason)
	}
}

// cmpReason keeps the first reason that was found.
func cmpReason(had, reason string) string {
	if had != "" {
		return had
	}
	return reason
}

// check returns segments without what was made up, and what that was. speech is on the window's clock.
// The segments given are not changed.
func (g *guard) check(segments []Segment, speech []call.Span) ([]Segment, []dropped) {
	segments = slices.Clone(segments)
	r := read(segments)
	for _, credit := range g.whole {
		for _, at := range indexes(r.runes, credit) {
			r.drop(at, at+len(credit), ReasonCredit)
		}
	}
	at := 0
	for _, s := range segments {
		text := bare(s.Text())
		if reason := g.segmentReason(s, text, speech); reason != "" {
			r.drop(at, at+len(text), reason)
		}
		at += len(text)
	}
	for _, e := range g.prompt.echoes(r.runes) {
		r.drop(e.from, e.to, ReasonPrompt)
	}
	for _, l := range loops(r.runes) {
		r.drop(l.from+l.unit, l.to, ReasonRepetition)
	}
	return r.split(segments)
}

// segmentReason says why a whole segment goes, "" when it stays.
func (g *guard) segmentReason(s Segment, text []rune, speech []call.Span) string {
	if g.prompt.holds(text) {
		return ReasonPrompt
	}
	heard := overlap(s.Span, speech).Seconds()
	if float64(len(text)) > heard*fastest && g.onlyShort(text) {
		return ReasonCredit
	}
	return ""
}

// onlyShort reports whether text is short credits and nothing else.
func (g *guard) onlyShort(text []rune) bool {
	if len(text) == 0 {
		return false
	}
	reached := make([]bool, len(text)+1) // by whole credits from the start
	reached[0] = true
	for at := range text {
		for _, credit := range g.short {
			if end := at + len(credit); reached[at] && end <= len(text) && slices.Equal(text[at:end], credit) {
				reached[end] = true
			}
		}
	}
	return reached[len(text)]
}

// split divides each segment's tokens into those that stay and those that go. Punctuation goes with the
// token before it.
func (r *reading) split(segments []Segment) (kept []Segment, gone []dropped) {
	if len(r.reason) == 0 {
		return segments, nil
	}
	for _, s := range segments {
		var stay []Token
		var run dropped
		for i := range s.Tokens {
			token := &s.Tokens[i]
			reason := r.reason[token]
			if reason == "" && run.text != "" && weight(token.Text) == 0 {
				reason = run.reason
			}
			if reason == "" {
				stay = append(stay, *token)
			}
			if run.text != "" && reason != run.reason {
				gone, run = append(gone, run), dropped{}
			}
			if reason != "" {
				run = run.add(*token, reason)
			}
		}
		if run.text != "" {
			gone = append(gone, run)
		}
		if len(stay) == 0 {
			continue
		}
		if len(stay) < len(s.Tokens) {
			s.Span = s.Intersect(call.Span{Start: stay[0].Start, End: max(stay[len(stay)-1].End, stay[0].Start+1)})
		}
		s.Tokens = stay
		kept = append(kept, s)
	}
	return kept, gone
}

func (d dropped) add(t Token, reason string) dropped {
	if d.text == "" {
		return dropped{Span: t.Span, text: t.Text, reason: reason}
	}
	return dropped{Span: d.Union(t.Span), text: d.text + t.Text, reason: d.reason}
}

// indexes returns where part occurs in text, without overlaps.
func indexes(text, part []rune) []int {
	var found []int
	for i := 0; i+len(part) <= len(text); i++ {
		if slices.Equal(text[i:i+len(part)], part) {
			found = append(found, i)
			i += len(part) - 1
		}
	}
	return found
}
