package transcribe

import (
	"math"
	"slices"

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
	cost   func(length call.Millis) float64
}

// longestSpan returns the longest span that fits into a window with its margins.
func (p packing) longestSpan() call.Millis { return p.limit - 2*p.margin }

// pack puts the spans of one channel, merged and none longer than longestSpan, in order into the windows that
// cost the engine least.
func (p packing) pack(channel int, spans []call.Span) []window {
	groups := p.cheapest(spans)
	windows := make([]window, len(groups))
	for i, g := range groups {
		windows[i] = p.layout(channel, spans, g)
	}
	return windows
}

// group is the half-open range of spans in one window.
type group struct{ from, to int }

// cheapest divides spans into groups of the least total cost, none longer than the limit: best[i] is what the first
// i spans cost, and last[i] where the last group of theirs begins.
func (p packing) cheapest(spans []call.Span) []group {
	best, last := make([]float64, len(spans)+1), make([]int, len(spans)+1)
	for end := 1; end <= len(spans); end++ {
		best[end] = math.Inf(1)
		length := 2 * p.margin
		for from := end - 1; from >= 0; from-- {
			length += spans[from].Length()
			if from+1 < end {
				length += p.between(spans[from], spans[from+1])
			}
			if length > p.limit && from+1 < end {
				break
			}
			if cost := best[from] + p.cost(length); cost < best[end] {
				best[end], last[end] = cost, from
			}
		}
	}
	var groups []group
	for end := len(spans); end > 0; end = last[end] {
		groups = append(groups, group{last[end], end})
	}
	slices.Reverse(groups)
	return groups
}

// between returns how much of the silence between two neighbours is kept in a window.
func (p packing) between(a, b call.Span) call.Millis { return min(a.Gap(b), 2*p.margin) }

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
