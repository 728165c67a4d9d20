package transcribe

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
)

// Transcriber transcribes calls, one at a time: its windows on as many engines at once as it is lent. Each call
// that is worked on has one of its own.
type Transcriber struct {
	engines Engines
	cfg     Config
	guard   *guard
	tongue  *tongue // of the call at work
}

// New returns a Transcriber that works with engine.
func New(engine Engine, cfg Config) *Transcriber { return NewShared(newOne(engine), cfg) }

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
	Engine    time.Duration // time in the engines, over all of them
}

// plus adds what o took; Speech and Removed are of a whole call.
func (s *Stats) plus(o Stats) {
	s.Windows += o.Windows
	s.Encoded += o.Encoded
	s.Computed += o.Computed
	s.Decoded += o.Decoded
	s.Fallbacks += o.Fallbacks
	s.Retries += o.Retries
	s.Tokens += o.Tokens
	s.Sound += o.Sound
	s.Engine += o.Engine
}

// Call transcribes the recording f, of which a is the analysis. roles says who is on each channel; one
// that it does not name is of call.RoleUnknown. An ended ctx gives its error.
func (t *Transcriber) Call(ctx context.Context, f *audio.File, a audio.Analysis, roles []call.Role) (call.Transcript, Stats, error) {
	transcript := call.Transcript{
		Revision: t.cfg.Revision(a.VAD), Model: t.cfg.Model, VAD: a.VAD,
		Speech:     make(map[call.Role][]call.Span),
		Levels:     make(map[call.Role][]call.SpanLevels),
		Utterances: []call.Utterance{}, Removed: []call.Removed{},
	}
	var stats Stats
	t.tongue = newTongue(t.cfg.Options.Language)
	speech := speechOf(a)
	windows, err := t.plan(ctx, f, speech)
	if err != nil {
		return call.Transcript{}, stats, fmt.Errorf("plan windows: %w", err)
	}
	all, err := t.hear(ctx, f, windows)
	if err != nil {
		return call.Transcript{}, stats, err
	}
	words := make([][]call.Word, len(speech))
	for _, h := range all {
		words[h.channel] = append(words[h.channel], h.words...)
		for _, r := range h.removed {
			r.Role = roleOf(roles, h.channel)
			transcript.Removed = append(transcript.Removed, r)
		}
		stats.plus(h.stats)
	}
	for channel, spans := range speech {
		role := roleOf(roles, channel)
		transcript.Speech[role] = call.Merge(append(transcript.Speech[role], spans...), 0)
		transcript.Levels[role] = append(transcript.Levels[role], a.Channels[channel].Levels...)
		transcript.Sounds = withSounds(transcript.Sounds, role, a.Channels[channel].Sounds)
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

// withSounds adds what is heard to the sounds of role; where nothing ever is, all stays nil.
func withSounds(all map[call.Role][]call.Sound, role call.Role, heard []call.Sound) map[call.Role][]call.Sound {
	if len(heard) == 0 {
		return all
	}
	if all == nil {
		all = make(map[call.Role][]call.Sound)
	}
	all[role] = append(all[role], heard...)
	return all
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
