package transcribe

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// ear recognises one window, in an engine that it holds for that time.
type ear struct {
	*Transcriber
	engine Engine
	give   func()
	stats  Stats
}

// newEar waits for an engine.
func (t *Transcriber) newEar(ctx context.Context) (*ear, error) {
	e := &ear{Transcriber: t}
	return e, e.take(ctx)
}

func (e *ear) take(ctx context.Context) (err error) {
	e.engine, e.give, err = e.engines.Take(ctx)
	return err
}

// another changes the engine, which does not come to an end, for one that is free.
func (e *ear) another(ctx context.Context) error {
	e.give()
	e.give = func() {}
	return e.take(ctx)
}

// close gives the engine back.
func (e *ear) close() {
	if e.give != nil {
		e.give()
	}
}

// window recognises one window and puts its words on the recording's clock.
func (e *ear) window(ctx context.Context, s sound) ([]call.Word, []call.Removed, error) {
	segments, err := e.recognise(ctx, s)
	if errors.Is(err, errGivenUp) {
		e.stats.Windows++
		return nil, s.givenUp(), nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("recognise: %w", err)
	}
	words, removed := e.understand(e.guard, s, segments)
	rest := call.Merge(append(s.holes(words, e.cfg.Hole), s.doubted(words, removed)...), 0)
	if len(rest) > 0 {
		more, gone, err := e.listenAgain(ctx, s, rest)
		if err != nil {
			return nil, nil, err
		}
		words, removed = fuller(words, more, rest), withoutDoubles(removed, gone)
		removed = withoutSaid(removed, more, words)
	}
	e.stats.Windows++
	e.stats.Sound += s.length()
	e.stats.Tokens += len(words)
	return words, removed, nil
}

// understand takes out of a window's segments what was made up and puts the rest on the recording's clock.
func (t *Transcriber) understand(g *guard, s sound, segments []Segment) ([]call.Word, []call.Removed) {
	kept, gone := g.check(segments, s.speechInWindow())
	words, unheard := s.place(kept)
	for _, u := range unheard {
		gone = append(gone, dropped{Span: u.Span, text: u.Text(), reason: ReasonNoSpeech})
	}
	removed := make([]call.Removed, len(gone))
	for i, g := range gone {
		removed[i] = call.Removed{Span: s.spanToCall(g.Span), Text: g.text, Reason: g.reason}
	}
	return words, removed
}

// recognise gives a window to the engine, and a second time, hotter, when the text goes round in circles.
// Of two such texts the one with more different characters is taken.
func (e *ear) recognise(ctx context.Context, s sound) ([]Segment, error) {
	first, err := e.decode(ctx, s, e.cfg.Options)
	e.tongue.hear(first, s.length())
	if err != nil || !circles(first) {
		return first, err
	}
	e.stats.Retries++
	again := e.cfg.Options
	again.Temperature = max(again.Temperature, hotter)
	second, err := e.decode(ctx, s, again)
	if errors.Is(err, errGivenUp) {
		return first, nil
	}
	if err != nil || variety(second) > variety(first) {
		return second, err
	}
	return first, nil
}

// circles reports whether a window's text repeats itself as nobody does.
func circles(segments []Segment) bool {
	text := read(segments).runes
	return len(loops(text)) > 0 || monotonous(text)
}

// variety is the share of different characters among all of them.
func variety(segments []Segment) float64 {
	text := read(segments).runes
	different := slices.Clone(text)
	slices.Sort(different)
	return float64(len(slices.Compact(different))) / float64(max(1, len(text)))
}
