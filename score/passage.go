package score

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/lexicon/sense"
)

const (
	passageGap  = call.Millis(1500) // a phrase may go on after a pause up to this long
	passageSize = 2000              // characters after which a passage ends in any case
)

// passage is what one party said without a long pause, as one text: a phrase may cross a pause.
type passage struct {
	role   call.Role
	text   string
	pieces []piece
	ends   []bool // whether a word ends at each rune offset; nil when that is not known
	stray  []bool // whether each rune is a character that belongs to no word

	reading *sense.Reading // once it was needed
}

// piece is an utterance and the rune offset of its text in the passage.
type piece struct {
	*call.Utterance
	start, end int
	wordEnds   []int // rune offsets in the utterance's text at which its words end
}

// at is where the rune range [from, to) of the utterance's text was said, as Utterance.At has it, and the mean
// confidence of the words that it touches.
func (p *piece) at(from, to int) (span call.Span, confidence float64) {
	if len(p.wordEnds) == 0 {
		return p.At(from, to), p.Confidence
	}
	span, n := call.Span{Start: p.End, End: p.Start}, 0
	first, _ := slices.BinarySearch(p.wordEnds, from+1)
	for i := first; i < len(p.wordEnds) && (i == 0 || p.wordEnds[i-1] < to); i++ {
		w := &p.Words[i]
		span = call.Span{Start: min(span.Start, w.Start), End: max(span.End, w.End)}
		confidence += w.Confidence
		n++
	}
	if span.Empty() {
		span = p.Span
	}
	if n == 0 {
		return span, p.Confidence
	}
	return span, confidence / float64(n)
}

// hit is a place in a call where a term was heard.
type hit struct {
	lexicon.Match
	at         call.Span
	role       call.Role
	confidence float64
	noise      float64 // of the call
	shaky      bool    // the characters beside it fall apart
	in         *passage
}

// passages joins the utterances of each role, whatever the other party says in between.
func passages(tr call.Transcript, segmented *call.Segmentation) []passage {
	all := make([]passage, 0, len(tr.Utterances))
	b := newBuilder(tr.Utterances, segmented.Ends != nil)
	for _, role := range []call.Role{call.RoleAgent, call.RoleCustomer, call.RoleUnknown} {
		for i := range tr.Utterances {
			u := &tr.Utterances[i]
			if u.Role != role {
				continue
			}
			if b.open() && !b.takes(u) {
				all = append(all, b.close(role))
			}
			b.add(u, segmented.Strays[i])
			if segmented.Ends != nil {
				b.addEnds(segmented.Ends[i])
			}
		}
		if b.open() {
			all = append(all, b.close(role))
		}
	}
	return all
}

// builder puts passages together, one after the other. What they hold lies side by side in few arrays.
type builder struct {
	pieces   []piece
	wordEnds []int
	ends     []bool
	stray    []bool

	first, firstEnd, firstStray int // of the open passage
	length                      int // of it, in runes
}

// newBuilder returns a builder with room for utterances, and where it is asked for, for where their words end.
func newBuilder(utterances []call.Utterance, ends bool) *builder {
	words, runes := 0, 0
	for i := range utterances {
		words += len(utterances[i].Words)
		runes += utf8.RuneCountInString(utterances[i].Text) + 1
	}
	b := &builder{pieces: make([]piece, 0, len(utterances)), wordEnds: make([]int, 0, words), stray: make([]bool, 0, runes)}
	if ends {
		b.ends = make([]bool, 0, runes)
	}
	return b
}

func (b *builder) open() bool { return len(b.pieces) > b.first }

func (b *builder) takes(u *call.Utterance) bool {
	last := &b.pieces[len(b.pieces)-1]
	return u.Start-last.End <= passageGap && b.length < passageSize
}

func (b *builder) add(u *call.Utterance, strays []byte) {
	if b.open() {
		b.stray = append(b.stray, false) // a space
		b.length++
	}
	n, first := utf8.RuneCountInString(u.Text), len(b.wordEnds)
	b.wordEnds = appendWordEnds(b.wordEnds, u.Words)
	b.pieces = append(b.pieces, piece{Utterance: u, start: b.length, end: b.length + n, wordEnds: b.wordEnds[first:]})
	b.stray = appendBits(b.stray, strays, n)
	b.length += n
}

// addEnds takes in where the words of the utterance that was added last end.
func (b *builder) addEnds(ends []byte) {
	last := &b.pieces[len(b.pieces)-1]
	b.ends = append(b.ends, true) // where it begins
	b.ends = appendBits(b.ends, ends, last.end-last.start)
}

// appendBits appends n bits, the lowest first.
func appendBits(to []bool, bits []byte, n int) []bool {
	for i := range n {
		to = append(to, bits[i/8]&(1<<(i%8)) != 0)
	}
	return to
}

// appendWordEnds appends the rune offsets at which words end that stand side by side.
func appendWordEnds(to []int, words []call.Word) []int {
	at := 0
	for i := range words {
		at += utf8.RuneCountInString(words[i].Text)
		to = append(to, at)
	}
	return to
}

// close returns the passage that was put together, and begins another one.
func (b *builder) close(role call.Role) passage {
	p := passage{role: role, pieces: b.pieces[b.first:], stray: b.stray[b.firstStray:]}
	if b.ends != nil {
		p.ends = b.ends[b.firstEnd:]
	}
	switch len(p.pieces) {
	case 0:
	case 1:
		p.text = p.pieces[0].Text
	default:
		p.text = together(p.pieces)
	}
	b.first, b.firstEnd, b.firstStray, b.length = len(b.pieces), len(b.ends), len(b.stray), 0
	return p
}

// together puts the texts of pieces into one. What a party said after a long pause is another sentence, whether or not
// the recogniser ended the one before it.
func together(pieces []piece) string {
	var text strings.Builder
	for i := range pieces {
		if i > 0 {
			before := pieces[i-1].Text
			if pieces[i].Start-pieces[i-1].End > passageGap && !ended(before) {
				text.WriteRune('。')
			} else {
				text.WriteByte(' ')
			}
		}
		text.WriteString(pieces[i].Text)
	}
	return text.String()
}

// stops end a sentence.
const stops = "。.？?！!；;"

// ended reports whether the last sentence of text has its stop.
func ended(text string) bool {
	last, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(stops, last)
}

// hitsIn appends every place in the passages where a term was heard.
func hitsIn(spoken []passage, lex *lexicon.Set, noise float64, found []hit) []hit {
	var matches []lexicon.Match
	for i := range spoken {
		p, before := &spoken[i], len(found)
		matches = lex.AppendFound(matches[:0], p.text, p.ends)
		found = p.hits(matches, noise, found)
		if noise >= noisyShort {
			p.steady(found[before:])
		}
	}
	return found
}

// hits appends the places where a term was heard.
func (p *passage) hits(matches []lexicon.Match, noise float64, found []hit) []hit {
	for i := range matches {
		m := &matches[i]
		if m.Tier == lexicon.TierEdit && outdone(m, matches) {
			continue
		}
		span, confidence := p.locate(m.Start, m.End)
		found = append(found, hit{Match: *m, at: span, role: p.role, confidence: confidence, noise: noise, in: p})
	}
	return found
}

// outdone reports whether m has a rival among matches.
func outdone(m *lexicon.Match, matches []lexicon.Match) bool {
	for i := range matches {
		if rivals(&matches[i], m) {
			return true
		}
	}
	return false
}

// What makes a phrase of another list the better reading of an edit.
const (
	shortestRival = 4   // characters of that phrase
	rivalShare    = 0.5 // of the edit that it covers
)

// rivals reports whether other is what was said rather than m: 请问有什么可以帮您 is no 请问还有什么可以帮您 that
// lost a character.
func rivals(other, m *lexicon.Match) bool {
	if other.List == m.List || other.Distance >= m.Distance || other.Length < shortestRival {
		return false
	}
	return float64(min(other.End, m.End)-max(other.Start, m.Start)) >= rivalShare*float64(m.End-m.Start)
}

// besides is how many characters on each side of a hit tell whether it, or what would make it harmless, was
// heard well.
const besides = 3

// steady marks the hits of the passage that stand among characters which fall apart: the short ones, and those
// that other words beside them would have made harmless.
func (p *passage) steady(found []hit) {
	for i := range found {
		h := &found[i]
		if h.Length >= shortestFault && !h.Conditional {
			continue
		}
		before, after := p.stray[max(0, h.Start-besides):h.Start], p.stray[h.End:min(len(p.stray), h.End+besides)]
		h.shaky = slices.Contains(before, true) || slices.Contains(after, true)
	}
}

// locate returns the time of a range of runes and how sure the recogniser was of it.
func (p *passage) locate(start, end int) (span call.Span, confidence float64) {
	var sum float64
	runes := 0
	for i := range p.pieces {
		piece := &p.pieces[i]
		from, to := max(start, piece.start), min(end, piece.end)
		if from >= to {
			continue
		}
		at, sure := piece.at(from-piece.start, to-piece.start)
		if runes == 0 {
			span = at
		}
		span = span.Union(at)
		sum += sure * float64(to-from)
		runes += to - from
	}
	return span, sum / float64(max(1, runes))
}

// doubts returns of each rune how much its confidence speaks for its being misheard, in nats: by how much the odds
// that the recogniser gives differ from the usual odds of the call. A recogniser that is always alike sure tells
// nothing.
func (p passage) doubts(usual float64) []float64 {
	all := make([]float64, 0, len(p.text))
	against := oddsAgainst(usual)
	for i, piece := range p.pieces {
		if i > 0 {
			all = append(all, 0)
		}
		for _, w := range piece.Words {
			d := max(-mostDoubt, min(mostDoubt, oddsAgainst(w.Confidence)-against))
			for range utf8.RuneCountInString(w.Text) {
				all = append(all, d)
			}
		}
		for len(all) < piece.end {
			all = append(all, 0)
		}
	}
	return all
}

// What a confidence may say at most, in nats, and how sure and unsure a recogniser can be.
const (
	mostDoubt = 3.0
	leastSure = 0.02
	mostSure  = 0.995
)

// oddsAgainst is the logarithm of the odds that something of that confidence was misheard.
func oddsAgainst(confidence float64) float64 {
	c := max(leastSure, min(mostSure, confidence))
	return math.Log((1 - c) / c)
}
