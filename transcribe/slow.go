package transcribe

import (
	"context"
	"errors"
	"time"

	"github.com/zhijian-qa/zhijian/call"
)

// ReasonTooSlow is in call.Removed, without a text, for speech that the engine was given up on.
const ReasonTooSlow = "gave_up:too_slow"

// errGivenUp says that a window took too long twice.
var errGivenUp = errors.New("the window takes too long")

// decode gives a window to the engine. One that takes too long is tried once more in the cheapest way, greedy
// and without hotter tries, and then is errGivenUp.
func (e *ear) decode(ctx context.Context, s sound, o Options) ([]Segment, error) {
	o.Language = e.tongue.option()
	segments, err := e.within(ctx, s, o)
	if errors.Is(err, errGivenUp) {
		e.stats.Retries++
		o.Beam, o.TemperatureStep, o.Temperature = 1, -1, 0
		if err := e.another(ctx); err != nil {
			return nil, err
		}
		segments, err = e.within(ctx, s, o)
	}
	for i := range segments {
		for j := range segments[i].Tokens {
			token := &segments[i].Tokens[j]
			token.Text = e.cfg.Simplify(token.Text)
		}
	}
	return segments, err
}

// within stops the engine when the window has had its time.
func (e *ear) within(ctx context.Context, s sound, o Options) ([]Segment, error) {
	limited, stop := context.WithTimeoutCause(ctx, e.timeFor(s.length()), errGivenUp)
	defer stop()
	began := time.Now()
	segments, err := e.engine.Recognise(limited, s.pcm, o)
	e.stats.Engine += time.Since(began)
	if c, ok := e.engine.(counter); ok {
		e.stats.add(c.Work())
	}
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		return nil, context.Cause(limited)
	}
	return segments, err
}

// counter is an engine that tells what its last window took.
type counter interface {
	Work() Work
}

// Work is what an engine did for a window.
type Work struct {
	Encoded  int         // stretches of sound; what the engine leaves of a window takes another
	Computed call.Millis // length of these, with the silence that fills them up
	Decoded  int         // tokens, those that were thrown away too
	Failed   int         // decodings that were tried again, hotter
}

func (s *Stats) add(w Work) {
	s.Encoded += w.Encoded
	s.Computed += w.Computed
	s.Decoded += w.Decoded
	s.Fallbacks += w.Failed
}

// timeFor returns how long the engine may take for a window of a length. A short one gets as long as the longest:
// with FullContext, and where the language is looked for, as much is computed for it.
func (t *Transcriber) timeFor(length call.Millis) time.Duration {
	return time.Duration(t.cfg.Patience * float64(max(length, MaxWindow).Duration()))
}

// givenUp names the speech of a window that the engine was given up on.
func (w window) givenUp() []call.Removed {
	removed := make([]call.Removed, len(w.speech))
	for i, s := range w.speech {
		removed[i] = call.Removed{Span: s, Reason: ReasonTooSlow}
	}
	return removed
}
