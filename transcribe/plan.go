package transcribe

import (
	"github.com/zhijian-qa/zhijian/call"
)

// part is a stretch of the recording inside a window.
type part struct {
	call.Span             // on the recording's clock
	at        call.Millis // where it begins on the window's clock
}

// window is what the engine gets at a time: speech spans of one channel with a little sound around them,
// longer silences cut down.
type window struct {
	channel int
	speech  []call.Span // the spans it covers, on the recording's clock
	parts   []part
}

// length returns the length of the window.
func (w window) length() call.Millis {
	if len(w.parts) == 0 {
		return 0
	}
	last := w.parts[len(w.parts)-1]
	return last.at + last.Length()
}

// packing says how windows are made.
type packing struct {
	limit  call.Millis // longest window
	margin call.Millis // sound kept around a span
	end    call.Millis // of the recording
}

// longestSpan returns the longest span that fits into a window with its margins.
func (p packing) longestSpan() call.Millis { return p.limit - 2*p.margin }

// pack puts the spans of one channel, merged and none longer than longestSpan, into as few windows as
// filling them in order gives, and as evenly as that count allows: a last window with a word or two
// would be heard badly.
func (p packing) pack(channel int, spans []call.Span) []window {
	groups := p.fill(spans, p.limit)
	if len(groups) > 1 {
		for tenths := call.Millis(1); tenths < 10; tenths++ {
			even := p.total(spans)/call.Millis(len(groups)) + p.limit*tenths/10
			if even >= p.limit {
				break
			}
			if tried := p.fill(spans, even); len(tried) == len(groups) {
				groups = tried
				break
			}
		}
	}
	windows := make([]window, len(groups))
	for i, g := range groups {
		windows[i] = p.layout(channel, spans, g)
	}
	return windows
}

// group is the half-open range of spans in one window.
type group struct{ from, to int }

// fill puts spans into groups in order; a group ends before the span that would make it longer than limit.
func (p packing) fill(spans []call.Span, limit call.Millis) []group {
	var groups []group
	var length call.Millis
	for i, s := range spans {
		if len(groups) > 0 {
			more := p.between(spans[i-1], s) + s.Length()
			if length+more <= limit {
				groups[len(groups)-1].to = i + 1
				length += more
				continue
			}
		}
		groups = append(groups, group{i, i + 1})
		length = s.Length() + 2*p.margin
	}
	return groups
}

// between returns how much of the silence between two neighbours is kept in a window.
func (p packing) between(a, b call.Span) call.Millis { return min(a.Gap(b), 2*p.margin) }

// total returns the length of all spans in one endless window.
func (p packing) total(spans []call.Span) call.Millis {
	total := 2 * p.margin
	for i, s := range spans {
		total += s.Length()
		if i > 0 {
			total += p.between(spans[i-1], s)
		}
	}
	return total
}

// layout makes the window of a group: each span with its margins, those that touch in one part. Towards
// a span of another window a margin ends halfway.
func (p packing) layout(channel int, spans []call.Span, g group) window {
	w := window{channel: channel, speech: spans[g.from:g.to]}
	for i := g.from; i < g.to; i++ {
		wide := spans[i].Widen(p.margin, p.end)
		if i > 0 && i == g.from {
			wide.Start = max(wide.Start, spans[i].Start-spans[i-1].Gap(spans[i])/2)
		}
		if i+1 < len(spans) && i+1 == g.to {
			wide.End = min(wide.End, spans[i].End+spans[i].Gap(spans[i+1])/2)
		}
		if last := len(w.parts) - 1; last >= 0 && wide.Start <= w.parts[last].End {
			w.parts[last].End = max(w.parts[last].End, wide.End)
			continue
		}
		w.parts = append(w.parts, part{Span: wide, at: w.length()})
	}
	return w
}
