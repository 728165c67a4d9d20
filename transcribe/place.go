package transcribe

import (
	"math"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/zhijian-qa/zhijian/call"
)

// Limits of believing the engine's times.
const (
	sliver     call.Millis = 200 // a segment that reaches into a span by less, and by little of it, does not cover it
	nearby     call.Millis = 400 // a segment this close to speech belongs to it
	punctuated             = 1.5 // how many characters a cut may move to follow a punctuation mark
)

// place puts the tokens of a window's segments on the recording's clock, each inside a speech span, in
// order. The time comes from the spans; a segment's own times say only which spans it covers. Segments
// that are nowhere near speech are returned as unheard.
func (w window) place(segments []Segment) (words []call.Word, unheard []Segment) {
	speech := w.speechInWindow()
	segments, unheard = attach(segments, speech)
	for i, covered := range cover(segments, speech) {
		stretches := make([]call.Span, len(covered))
		for j, c := range covered {
			stretches[j] = w.spanToCall(c)
		}
		words = append(words, spread(segments[i].Tokens, stretches, w.gapMiddles(covered))...)
	}
	return words, unheard
}

// gapMiddles returns the middle of each gap between stretches on the window's clock.
func (w window) gapMiddles(stretches []call.Span) []call.Millis {
	var middles []call.Millis
	for i := 1; i < len(stretches); i++ {
		middles = append(middles, (stretches[i-1].End+stretches[i].Start)/2)
	}
	return middles
}

// attach joins a segment that touches no speech to the segment before or after it when that is near, or
// moves it to a near span that no segment touches. What is left over was not heard by anyone else.
func attach(segments []Segment, speech []call.Span) (kept, unheard []Segment) {
	segments = slices.Clone(segments)
	for i, s := range segments {
		if overlap(s.Span, speech) > 0 {
			kept = append(kept, s)
			continue
		}
		span, near := nearest(s.Span, speech)
		switch {
		case !near:
			unheard = append(unheard, s)
		case !touched(span, segments):
			s.Span = span
			kept = append(kept, s)
		case len(kept) > 0 && kept[len(kept)-1].Overlaps(span):
			last := &kept[len(kept)-1]
			last.Tokens = append(last.Tokens[:len(last.Tokens):len(last.Tokens)], s.Tokens...)
		case i+1 < len(segments):
			next := &segments[i+1]
			next.Tokens = append(s.Tokens[:len(s.Tokens):len(s.Tokens)], next.Tokens...)
		default:
			unheard = append(unheard, s)
		}
	}
	return kept, unheard
}

// overlap returns how long s lies in speech.
func overlap(s call.Span, speech []call.Span) call.Millis { return call.Total(call.Clip(speech, s)) }

func nearest(s call.Span, speech []call.Span) (found call.Span, near bool) {
	best := nearby + 1
	for _, span := range speech {
		if gap := s.Gap(span); gap < best {
			best, found = gap, span
		}
	}
	return found, best <= nearby
}

func touched(span call.Span, segments []Segment) bool {
	for _, s := range segments {
		if s.Overlaps(span) {
			return true
		}
	}
	return false
}

// cover returns the stretches of speech that each segment covers. A span that several segments cover is
// divided where one ends and the next begins; the first and the last have it to its ends. Every segment
// that touches speech gets some.
func cover(segments []Segment, speech []call.Span) [][]call.Span {
	covered := make([][]call.Span, len(segments))
	for _, span := range speech {
		own := covering(segments, span, speech)
		start := span.Start
		for k, i := range own {
			end := span.End
			if k+1 < len(own) {
				end = min(max((segments[i].End+segments[own[k+1]].Start)/2, start), span.End)
			}
			if end > start {
				covered[i] = append(covered[i], call.Span{Start: start, End: end})
			}
			start = end
		}
	}
	for i, s := range segments {
		if len(covered[i]) == 0 {
			covered[i] = call.Clip(speech, s.Span)
		}
	}
	return covered
}

// covering returns which segments cover span: those that reach into it by more than a sliver, or that
// reach into nothing more than into it.
func covering(segments []Segment, span call.Span, speech []call.Span) []int {
	var found []int
	for i, s := range segments {
		part := s.Intersect(span).Length()
		if part == 0 {
			continue
		}
		small := part < sliver && part*3 < span.Length()
		if !small || 2*part > overlap(s.Span, speech) {
			found = append(found, i)
		}
	}
	return found
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

// spread lays tokens over stretches, which have gaps between them, at an even pace. The cuts between
// stretches follow the pace, the engine's times (middles are those of the gaps) and the punctuation.
func spread(tokens []Token, stretches []call.Span, middles []call.Millis) []call.Word {
	if len(stretches) == 0 || len(tokens) == 0 {
		return nil
	}
	spoken := make([]float64, len(tokens)+1) // characters before each token
	for i, t := range tokens {
		spoken[i+1] = spoken[i] + weight(t.Text)
	}
	total, length := spoken[len(tokens)], call.Total(stretches)
	words := make([]call.Word, 0, len(tokens))
	from, passed := 0, call.Millis(0)
	for i, s := range stretches {
		passed += s.Length()
		to := len(tokens)
		if i < len(middles) {
			pace := total * float64(passed) / float64(max(1, length))
			to = cutToken(tokens, spoken, from, (pace+hinted(tokens, spoken, middles[i]))/2)
		}
		words = append(words, lay(tokens[from:to], s)...)
		from = to
	}
	return words
}

// hinted returns how many characters the engine puts before the time at on its clock.
func hinted(tokens []Token, spoken []float64, at call.Millis) float64 {
	for i, t := range tokens {
		if (t.Start+t.End)/2 >= at {
			return spoken[i]
		}
	}
	return spoken[len(tokens)]
}

// cutToken returns the token, not before from, that a cut after about the given count of characters is
// best made before. Punctuation stays with what it follows.
func cutToken(tokens []Token, spoken []float64, from int, about float64) int {
	best, least := from, math.Inf(1)
	for i := from; i <= len(tokens); i++ {
		if i < len(tokens) && i > 0 && weight(tokens[i].Text) == 0 {
			continue
		}
		cost := math.Abs(spoken[i] - about)
		if i > 0 && endsSentence(tokens[i-1].Text) {
			cost -= punctuated
		}
		if cost < least {
			best, least = i, cost
		}
	}
	return best
}

func endsSentence(text string) bool {
	last, _ := utf8.DecodeLastRuneInString(text)
	return unicode.IsPunct(last)
}

// lay puts tokens at an even pace over s.
func lay(tokens []Token, s call.Span) []call.Word {
	var total, passed float64
	for _, t := range tokens {
		total += weight(t.Text)
	}
	at := func() call.Millis {
		return s.Start + call.Millis(math.Round(float64(s.Length())*passed/max(total, 1e-9)))
	}
	words := make([]call.Word, len(tokens))
	for i, t := range tokens {
		start := at()
		passed += weight(t.Text)
		words[i] = call.Word{Span: call.Span{Start: start, End: at()}, Text: t.Text, Confidence: t.Probability}
	}
	return words
}
