package transcribe

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
)

// hotter is the temperature of the second try at a window that cannot be cut smaller.
const hotter = 0.4

// doubted returns the speech of the window, on the recording's clock, for which the engine made something
// up: a real short 谢谢 may lie under a credit. It is all speech without any words as soon as something
// went, since the engine's times do not tell under what it was.
func (w window) doubted(words []call.Word, removed []call.Removed) []call.Span {
	madeUp := func(r call.Removed) bool { return r.Reason == ReasonCredit || r.Reason == ReasonPrompt }
	if !slices.ContainsFunc(removed, madeUp) {
		return nil
	}
	var found []call.Span
	for _, s := range w.speech {
		if saidIn(words, s) == 0 {
			found = append(found, s)
		}
	}
	return found
}

// listenAgain recognises the stretches of s in which words were left out or made up once more: by
// themselves, or hotter when they are all of its speech, as the engine would say the same again.
func (e *ear) listenAgain(ctx context.Context, s sound, stretches []call.Span) ([]call.Word, []call.Removed, error) {
	rest, o := s, e.cfg.Options
	o.Prompt = "" // it may be what misled the engine
	if call.Total(stretches) < call.Total(s.speech) {
		rest = s.only(stretches, e.cfg.Margin)
	} else {
		o.Temperature = max(o.Temperature, hotter)
	}
	e.stats.Retries++
	segments, err := e.decode(ctx, rest, o)
	if errors.Is(err, errGivenUp) {
		return nil, nil, nil // what was heard at first stays
	}
	if err != nil {
		return nil, nil, fmt.Errorf("recognise once more: %w", err)
	}
	words, removed := e.understand(e.guard.unprompted(), rest, segments)
	return words, removed, nil
}

// withoutDoubles returns removed and those of again that say something else or lie elsewhere.
func withoutDoubles(removed, again []call.Removed) []call.Removed {
	for _, r := range again {
		same := func(had call.Removed) bool { return had.Text == r.Text && had.Gap(r.Span) == 0 }
		if !slices.ContainsFunc(removed, same) {
			removed = append(removed, r)
		}
	}
	return removed
}

// withoutSaid returns removed without what was taken for an echo of the prompt, heard again without one, and taken in
// among words: a long name of a product that somebody said.
func withoutSaid(removed []call.Removed, again, words []call.Word) []call.Removed {
	heard, kept := string(bare(joined(again))), string(bare(joined(words)))
	return slices.DeleteFunc(removed, func(r call.Removed) bool {
		text := string(bare(r.Text))
		return r.Reason == ReasonPrompt && strings.Contains(heard, text) && strings.Contains(kept, text)
	})
}
