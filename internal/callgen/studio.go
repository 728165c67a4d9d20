package callgen

import (
	"context"
	"sync"

	"github.com/zhijian-qa/zhijian/call"
)

// Studio makes calls and remembers every sentence that was spoken for one, so that hundreds of calls from
// one pool of sentences cost little more than their mixing. The zero value is ready; many goroutines may
// use it.
type Studio struct {
	mu    sync.Mutex
	clips map[spokenBy]clip // at full level
}

// spokenBy is what the sound of a sentence depends on beside its level.
type spokenBy struct {
	text, voice string
	rate, pitch int
}

// Make is as the function Make.
func (s *Studio) Make(ctx context.Context, script *Script) (*Call, error) {
	return compose(ctx, script, s.speak)
}

// Line returns text as p says it at the level of p, mono at Rate without silence around it, and the
// stretches of sound in it.
func (s *Studio) Line(ctx context.Context, text string, p Party) ([]float32, []call.Span, error) {
	spoken, err := s.speak(ctx, text, p)
	return spoken.samples, spoken.sound, err
}

// speak returns a copy of the remembered sentence at the level of p.
func (s *Studio) speak(ctx context.Context, text string, p Party) (clip, error) {
	key := spokenBy{text, p.Voice, p.Rate, p.Pitch}
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, found := s.clips[key]
	if !found {
		full := p
		full.Level = 0
		var err error
		if kept, err = speakClip(ctx, text, full); err != nil {
			return clip{}, err
		}
		if s.clips == nil {
			s.clips = make(map[spokenBy]clip)
		}
		s.clips[key] = kept
	}
	out := clip{samples: make([]float32, len(kept.samples)), sound: kept.sound}
	gain := float32(decibel(p.Level))
	for i, x := range kept.samples {
		out.samples[i] = gain * x
	}
	return out, nil
}

// speakClip has espeak-ng say text, and cuts and levels what comes out.
func speakClip(ctx context.Context, text string, p Party) (clip, error) {
	raw, err := Speak(ctx, text, p)
	if err != nil {
		return clip{}, err
	}
	return newClip(raw, p.Level)
}
