package transcribe

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
)

// Transcriber transcribes calls, one at a time. Each worker has its own.
type Transcriber struct {
	engines Engines
	cfg     Config
	guard   *guard
	tongue  *tongue // of the call at work
}

// New returns a Transcriber that works with engine.
func New(engine Engine, cfg Config) *Transcriber { return NewShared(one{engine}, cfg) }

// NewShared returns a Transcriber that takes an engine for each window.
func NewShared(engines Engines, cfg Config) *Transcriber {
	cfg = cfg.withDefaults()
	return &Transcriber{engines: engines, cfg: cfg, guard: newGuard(cfg.Options.Prompt)}
}

// Stats is what transcribing one call took.
type Stats struct {
	Windows   int           // given to the engine
	Encoded   int           // stretches of sound computed; what the engine leaves of a window takes another
	Computed  call.Millis   // length of these, with the silence that fills them up
	Decoded   int           // tokens, those that were thrown away too
	Fallbacks int           // decodings that whisper itself tried again, hotter
	Retries   int           // windows decoded once more, whole or where words were left out or made up
	Tokens    int           // returned by the engine and kept
	Removed   int           // pieces of text taken out by the guard
	Speech    call.Millis   // on all channels
	Sound     call.Millis   // length of the windows
	Engine    time.Duration // time in the engine
}

// Call transcribes the recording f, of which a is the analysis. roles says who is on each channel; one
// that it does not name is of call.RoleUnknown. An ended ctx gives its error.
func (t *Transcriber) Call(ctx context.Context, f *audio.File, a audio.Analysis, roles []call.Role) (call.Transcript, Stats, error) {
	transcript := call.Transcript{
		Revision: t.cfg.Revision(a.VAD), Model: t.cfg.Model, VAD: a.VAD,
		Speech:     make(map[call.Role][]call.Span),
		Levels:     make(map[call.Role][]call.SpanLevels),
		Sounds:     make(map[call.Role][]call.Sound),
		Utterances: []call.Utterance{}, Removed: []call.Removed{},
	}
	var stats Stats
	t.tongue = newTongue(t.cfg.Options.Language)
	speech := speechOf(a)
	windows, err := t.plan(ctx, f, speech)
	if err != nil {
		return call.Transcript{}, stats, fmt.Errorf("plan windows: %w", err)
	}
	words := make([][]call.Word, len(speech))
	for s, err := range assemble(ctx, f, windows) {
		if err != nil {
			return call.Transcript{}, stats, fmt.Errorf("cut windows: %w", err)
		}
		heard, removed, err := t.window(ctx, s, &stats)
		if err != nil {
			return call.Transcript{}, stats, err
		}
		words[s.channel] = append(words[s.channel], heard...)
		for _, r := range removed {
			r.Role = roleOf(roles, s.channel)
			transcript.Removed = append(transcript.Removed, r)
		}
	}
	for channel, spans := range speech {
		role := roleOf(roles, channel)
		transcript.Speech[role] = call.Merge(append(transcript.Speech[role], spans...), 0)
		transcript.Levels[role] = append(transcript.Levels[role], a.Channels[channel].Levels...)
		if sounds := a.Channels[channel].Sounds; len(sounds) > 0 {
			transcript.Sounds[role] = append(transcript.Sounds[role], sounds...)
		}
		transcript.Utterances = append(transcript.Utterances, utterances(role, words[channel], spans, t.cfg.Pause)...)
		stats.Speech += call.Total(spans)
	}
	if t.cfg.Unpunctuated {
		transcript.Utterances = unpunctuated(transcript.Utterances)
	}
	sortByTime(&transcript)
	transcript.Language = t.tongue.of(transcript.Utterances)
	t.count(transcript.Removed, &stats)
	return transcript, stats, nil
}

// speechOf returns the merged speech spans of each channel inside the recording.
func speechOf(a audio.Analysis) [][]call.Span {
	speech := make([][]call.Span, len(a.Channels))
	for i, c := range a.Channels {
		speech[i] = call.Clip(call.Merge(c.Speech, 0), call.Span{End: a.Info.Duration})
	}
	return speech
}

func roleOf(roles []call.Role, channel int) call.Role {
	if channel < len(roles) {
		return roles[channel]
	}
	return call.RoleUnknown
}

// plan returns the windows of all channels.
func (t *Transcriber) plan(ctx context.Context, f *audio.File, speech [][]call.Span) ([]window, error) {
	p := packing{limit: t.cfg.Window, margin: t.cfg.Margin, end: f.Info().Duration, cost: t.cfg.cost}
	short, err := splitLong(ctx, f, speech, p.longestSpan())
	if err != nil {
		return nil, err
	}
	var windows []window
	for channel, spans := range short {
		windows = append(windows, p.pack(channel, spans)...)
	}
	return windows, nil
}

// window recognises one window and puts its words on the recording's clock.
func (t *Transcriber) window(ctx context.Context, s sound, stats *Stats) ([]call.Word, []call.Removed, error) {
	segments, err := t.recognise(ctx, s, stats)
	if errors.Is(err, errGivenUp) {
		stats.Windows++
		return nil, s.givenUp(), nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("recognise: %w", err)
	}
	words, removed := t.understand(s, segments)
	rest := call.Merge(append(s.holes(words, t.cfg.Hole), s.doubted(words, removed)...), 0)
	if len(rest) > 0 {
		more, gone, err := t.listenAgain(ctx, s, rest, stats)
		if err != nil {
			return nil, nil, err
		}
		words, removed = fuller(words, more, rest), withoutDoubles(removed, gone)
	}
	stats.Windows++
	stats.Sound += s.length()
	stats.Tokens += len(words)
	return words, removed, nil
}

// understand takes out of a window's segments what was made up and puts the rest on the recording's clock.
func (t *Transcriber) understand(s sound, segments []Segment) ([]call.Word, []call.Removed) {
	kept, gone := t.guard.check(segments, s.speechInWindow())
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
func (t *Transcriber) recognise(ctx context.Context, s sound, stats *Stats) ([]Segment, error) {
	first, err := t.decode(ctx, s, t.cfg.Options, stats)
	if err != nil || !circles(first) {
		return first, err
	}
	stats.Retries++
	again := t.cfg.Options
	again.Temperature = max(again.Temperature, hotter)
	second, err := t.decode(ctx, s, again, stats)
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

func sortByTime(t *call.Transcript) {
	slices.SortStableFunc(t.Utterances, func(a, b call.Utterance) int { return cmp.Compare(a.Start, b.Start) })
	slices.SortStableFunc(t.Removed, func(a, b call.Removed) int { return cmp.Compare(a.Start, b.Start) })
}

func (t *Transcriber) count(removed []call.Removed, stats *Stats) {
	stats.Removed = len(removed)
	reasons := make([]string, len(removed))
	for i, r := range removed {
		reasons[i] = r.Reason
	}
	t.cfg.Metrics.add(*stats, reasons)
}
