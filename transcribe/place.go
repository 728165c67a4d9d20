package transcribe

import (
	"math"

	"github.com/zhijian-qa/zhijian/call"
)

// Limits of believing the engine's times.
const (
	sliver  call.Millis = 200  // by which a time may be off without a meaning
	nearby  call.Millis = 400  // a segment this close to speech belongs to it
	leftOut call.Millis = 1000 // speech longer than this outside of a segment's time has other words

	crowded   = 8.0 // nobody says more characters in a second of speech,
	crowdedBy = 1.0 // or hardly more
)

// place puts the tokens of a window's segments on the recording's clock, each inside a speech span, in
// order. Segments that are nowhere near speech are returned as unheard.
func (w window) place(segments []Segment) (words []call.Word, unheard []Segment) {
	speech := w.speechInWindow()
	var near []Segment
	for _, s := range segments {
		if isNear(s.Span, speech) {
			near = append(near, s)
		} else {
			unheard = append(unheard, s)
		}
	}
	if len(near) == 0 {
		return nil, unheard
	}
	f := newFit(w, near)
	from := 0
	for k, to := range f.cuts() {
		for _, r := range f.runs(k, from, to) {
			words = append(words, lay(f.tokens[r.from:r.to], w.spanToCall(r.Span))...)
		}
		from = to
	}
	return words, unheard
}

func isNear(s call.Span, speech []call.Span) bool {
	for _, span := range speech {
		if s.Gap(span) <= nearby {
			return true
		}
	}
	return false
}

// overlap returns how long s lies in speech.
func overlap(s call.Span, speech []call.Span) call.Millis { return call.Total(call.Clip(speech, s)) }

// run is tokens of one segment and the part of a speech span in which they are spoken.
type run struct {
	call.Span
	from, to int
	segment  Segment
}

// runs divides span k among the segments of the tokens from from to to. Where one segment ends and the
// next begins the engine's times count, unless nobody can speak that fast. Speech that lies far outside
// of the times of all segments is left without words.
func (f *fit) runs(k, from, to int) []run {
	if from == to {
		return nil
	}
	span := f.spans[k]
	runs := f.segmentsOf(from, to)
	start := span.Start
	for i := range runs {
		r := &runs[i]
		r.Span = call.Span{Start: start, End: span.End}
		if i+1 < len(runs) {
			r.End = min(max((r.segment.End+runs[i+1].segment.Start)/2, start), span.End)
		}
		start = r.End
	}
	for i := range runs {
		runs[i].Span = f.spokenPart(runs[i])
		if f.characters(runs[i]) > crowded*runs[i].Length().Seconds()+crowdedBy {
			return []run{{Span: span, from: from, to: to}}
		}
	}
	return runs
}

// segmentsOf returns the tokens from from to to by segment, without times.
func (f *fit) segmentsOf(from, to int) []run {
	var runs []run
	begin := 0
	for _, s := range f.segments {
		end := begin + len(s.Tokens)
		if lo, hi := max(begin, from), min(end, to); lo < hi {
			runs = append(runs, run{from: lo, to: hi, segment: s})
		}
		begin = end
	}
	return runs
}

// spokenPart returns r's span without speech at its ends that is far outside of its segment's times,
// unless nobody can speak that fast.
func (f *fit) spokenPart(r run) call.Span {
	s := r.Span
	if r.segment.Start-s.Start > leftOut && r.segment.Start < s.End {
		s.Start = r.segment.Start
	}
	if s.End-r.segment.End > leftOut && r.segment.End > s.Start {
		s.End = r.segment.End
	}
	if f.characters(r) > fastPace*s.Length().Seconds()+crowdedBy {
		return r.Span
	}
	return s
}

func (f *fit) characters(r run) float64 { return f.spoken[r.to] - f.spoken[r.from] }

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
