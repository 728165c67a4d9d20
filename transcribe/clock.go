package transcribe

import (
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// toCall returns the recording's time of a time on the window's clock. What lies outside the window
// becomes its nearest end.
func (w window) toCall(at call.Millis) call.Millis {
	for _, p := range slices.Backward(w.parts) {
		if at >= p.at {
			return min(p.Start+at-p.at, p.End)
		}
	}
	return w.parts[0].Start
}

// toWindow returns the time on the window's clock of a time on the recording's. What was left out
// becomes the place where it was cut.
func (w window) toWindow(at call.Millis) call.Millis {
	for _, p := range slices.Backward(w.parts) {
		if at >= p.Start {
			return p.at + min(at, p.End) - p.Start
		}
	}
	return 0
}

// spanToCall returns the stretch of the recording that s, on the window's clock, touches. It ends where
// the part of s's last moment says, not where the next part begins.
func (w window) spanToCall(s call.Span) call.Span {
	start := w.toCall(s.Start)
	if s.Empty() {
		return call.Span{Start: start, End: start}
	}
	return call.Span{Start: start, End: max(start, w.toCall(s.End-1)+1)}
}

// speechInWindow returns the window's speech spans on its own clock.
func (w window) speechInWindow() []call.Span {
	own := make([]call.Span, len(w.speech))
	for i, s := range w.speech {
		start := w.toWindow(s.Start)
		own[i] = call.Span{Start: start, End: start + s.Length()}
	}
	return own
}
