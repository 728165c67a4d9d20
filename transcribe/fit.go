package transcribe

import (
	"math"
	"unicode"
	"unicode/utf8"

	"github.com/zhijian-qa/zhijian/call"
)

// What makes it unlikely that a text was spoken in a span, in nats. The sum of all spans is made small.
const (
	wordsLost   = 1.5  // a span has fewer words than fit, however few: the engine leaves words out
	wordsLonger = 0.1  // and for each second of such a span
	insideText  = 2.0  // a pause where no punctuation is
	insideLong  = 1.5  // and for each second of that pause, up to
	longPause   = 1.0  // second
	afterComma  = 1.0  // a pause after a mark that ends no sentence
	edgeCost    = 3.0  // a segment begins or ends a second of speech away from its own time
	edgeMost    = 5.0  // at most
	tokenCost   = 0.25 // a character lies a second of speech away from its own time
	tokenMost   = 2.0  // seconds at most
	absurdly    = 0.2  // of that when nobody can speak as fast as the segment's times say
)

// How fast people speak, in characters a second of speech. How much faster or slower a party may be in one
// span than in the window is spread, a share.
const (
	slowPace = 2.5
	fastPace = 7.0
	spread   = 0.25
)

// fit divides the tokens of a window among its speech spans, in order. Neither the engine's times nor
// the pace alone can be believed, so that all that speaks for or against a division is weighed: whether
// the text can be said in the span, whether a pause falls where the text has one, and how much speech
// lies between a text and the times that the engine gave it. A span may stay without words.
type fit struct {
	spans    []call.Span // on the window's clock
	pauses   []float64   // seconds before each span, on the recording's clock
	segments []Segment
	tokens   []Token
	first    []int     // the segment that begins with a token, or -1
	last     []int     // the segment that ends with a token, or -1
	absurd   []bool    // whether nobody can speak as fast as the times of a token's segment say
	spoken   []float64 // characters before each token
	pace     float64   // characters a second of speech
}

// newFit returns the fit of segments to the speech of w, which is not empty.
func newFit(w window, segments []Segment) *fit {
	f := &fit{spans: w.speechInWindow(), segments: segments, spoken: []float64{0}}
	for i, s := range w.speech {
		before := call.Millis(0)
		if i > 0 {
			before = w.speech[i-1].Gap(s)
		}
		f.pauses = append(f.pauses, before.Seconds())
	}
	for i := range segments {
		f.add(i)
	}
	total := f.spoken[len(f.tokens)]
	f.pace = min(max(total/call.Total(f.spans).Seconds(), slowPace), fastPace)
	return f
}

// add takes in the tokens of segment i.
func (f *fit) add(i int) {
	first, last := -1, -1
	absurd := weight(f.segments[i].Text()) > crowded*f.segments[i].Length().Seconds()+crowdedBy
	for _, t := range f.segments[i].Tokens {
		if weight(t.Text) > 0 {
			last = len(f.tokens)
			if first < 0 {
				first = last
			}
		}
		f.tokens = append(f.tokens, t)
		f.first, f.last, f.absurd = append(f.first, -1), append(f.last, -1), append(f.absurd, absurd)
		f.spoken = append(f.spoken, f.spoken[len(f.spoken)-1]+weight(t.Text))
	}
	if first >= 0 {
		f.first[first], f.last[last] = i, i
	}
}

// cuts returns how many tokens end with each span in the best division.
func (f *fit) cuts() []int {
	n := len(f.tokens)
	best := make([]float64, n+1) // cost of the first tokens in the spans so far
	for i := range best[1:] {
		best[i+1] = math.Inf(1)
	}
	from := make([][]int, len(f.spans)) // where the tokens of a span begin, by where they end
	for k := range f.spans {
		best, from[k] = f.extend(best, k)
	}
	ends := make([]int, len(f.spans))
	for k, at := len(f.spans)-1, n; k >= 0; k-- {
		ends[k] = at
		at = from[k][at]
	}
	return ends
}

// extend returns what the first tokens cost with span k when they cost best before it, and where the tokens of
// span k begin then.
func (f *fit) extend(best []float64, k int) (cost []float64, from []int) {
	timed := f.timed(k)
	expected := f.pace * f.spans[k].Length().Seconds()
	cost, from = make([]float64, len(best)), make([]int, len(best))
	for j := range cost {
		cost[j], from[j] = best[j]+f.fill(k, 0), j
		for i := j - 1; i >= 0; i-- {
			characters := f.spoken[j] - f.spoken[i]
			fill := f.fill(k, characters)
			if fill >= cost[j] && characters > expected {
				break // it only gets fuller
			}
			if least := best[i] + fill; least >= cost[j] || !f.cuttable(i) {
				continue
			}
			if c := best[i] + fill + timed[j] - timed[i] + f.cut(i, k); c < cost[j] {
				cost[j], from[j] = c, i
			}
		}
	}
	return cost, from
}

// cuttable reports whether tokens may be divided before token i: marks stay with what they follow.
func (f *fit) cuttable(i int) bool { return i == 0 || weight(f.tokens[i].Text) > 0 }

// fill says how unlikely it is to say so many characters in span k.
func (f *fit) fill(k int, characters float64) float64 {
	seconds := f.spans[k].Length().Seconds()
	expected := f.pace * seconds
	off := characters - expected
	cost := off * off / (2 * (1 + spread*spread*expected*expected))
	if off < 0 {
		return min(cost, wordsLost+wordsLonger*seconds)
	}
	return cost
}

// cut says how unlikely the pause before span k is to fall before token i.
func (f *fit) cut(i, k int) float64 {
	if i == 0 || f.first[i] >= 0 {
		return 0
	}
	switch mark := lastRune(f.tokens[i-1].Text); {
	case endsSentence(mark):
		return 0
	case unicode.IsPunct(mark):
		return afterComma
	}
	return insideText + insideLong*min(f.pauses[k], longPause)
}

// timed returns, for each count of tokens, how much their times speak against span k. Silence counts
// one way only: engines let a segment begin where the one before it ended, or end where the next begins.
func (f *fit) timed(k int) []float64 {
	sums := make([]float64, len(f.tokens)+1)
	for i, t := range f.tokens {
		early, late := f.away((t.Start+t.End)/2, k)
		cost := tokenCost * weight(t.Text) * min(early.speech+late.speech, tokenMost)
		if s := f.first[i]; s >= 0 {
			early, late = f.away(f.segments[s].Start, k)
			cost += min(edgeCost*(early.speech+late.speech+late.silence), edgeMost)
		}
		if s := f.last[i]; s >= 0 {
			early, late = f.away(f.segments[s].End, k)
			cost += min(edgeCost*(early.speech+late.speech+early.silence), edgeMost)
		}
		if f.absurd[i] {
			cost *= absurdly
		}
		sums[i+1] = sums[i] + cost
	}
	return sums
}

// distance is the seconds of speech, less a sliver, and of silence between a time and a span.
type distance struct{ speech, silence float64 }

// away returns how far a time is before span k, and how far after it.
func (f *fit) away(at call.Millis, k int) (early, late distance) {
	between := func(from, to call.Millis) distance {
		s := call.Span{Start: from, End: to}
		speech := overlap(s, f.spans)
		return distance{max(0, speech-sliver).Seconds(), (s.Length() - speech).Seconds()}
	}
	return between(at, f.spans[k].Start), between(f.spans[k].End, at)
}

// weight says how long a text takes to say, in characters.
func weight(text string) float64 {
	var sum float64
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Han, r), unicode.IsDigit(r):
			sum++
		case unicode.IsLetter(r):
			sum += 0.4
		}
	}
	return sum
}

func lastRune(text string) rune {
	r, _ := utf8.DecodeLastRuneInString(text)
	return r
}

// endsSentence reports whether mark is a full stop, a question or an exclamation mark.
func endsSentence(mark rune) bool {
	switch mark {
	case '。', '？', '！', '.', '?', '!', '…':
		return true
	}
	return false
}
