package callgen

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// The pauses that a script leaves open, in milliseconds, and the silence at both ends.
const (
	answerMin, answerMax = 400, 1000
	edgeMin, edgeMax     = 500, 900
)

// Call is a synthetic recording: its two channels, the agent's first, and its truth.
type Call struct {
	Codec    string
	Channels [][]float32
	Truth    Truth
}

// placed is a line of the script on the recording's clock.
type placed struct {
	Event
	call.Span
	clip
}

// composer puts the lines of a script one after the other.
type composer struct {
	script *Script
	speak  func(context.Context, string, Party) (clip, error)
	random *rand.Rand
	lines  []placed
	gaps   []placed // holds and silences
	cursor call.Millis
	wait   call.Millis // before the next line; negative: drawn
	gap    *Event      // the hold or silence that fills the wait
}

// Make speaks a script and returns the recording.
func Make(ctx context.Context, script *Script) (*Call, error) { return compose(ctx, script, speakClip) }

func compose(ctx context.Context, script *Script, speak func(context.Context, string, Party) (clip, error)) (*Call, error) {
	random := rand.New(rand.NewPCG(script.Sound.Seed, 1))
	c := &composer{script: script, speak: speak, random: random, wait: -1}
	c.cursor = c.draw(edgeMin, edgeMax)
	for _, e := range script.Events {
		if err := c.add(ctx, e); err != nil {
			return nil, fmt.Errorf("line %d: %w", e.Line, err)
		}
	}
	duration := c.cursor + c.draw(edgeMin, edgeMax)
	truth, err := c.truth(duration)
	if err != nil {
		return nil, err
	}
	return &Call{Codec: script.Sound.Codec, Channels: c.mix(duration), Truth: *truth}, nil
}

// add places one event.
func (c *composer) add(ctx context.Context, e Event) error {
	if e.Kind != KindSpeech {
		c.wait = e.Offset
		if e.Kind != KindPause {
			c.gap = &e
		}
		return nil
	}
	clip, err := c.speak(ctx, e.Text, c.script.party(e.Role))
	if err != nil {
		return err
	}
	start, err := c.start(e)
	if err != nil {
		return err
	}
	line := placed{Event: e, Span: call.Span{Start: start, End: start + call.FromSamples(int64(len(clip.samples)), Rate)}, clip: clip}
	if before := c.last(e.Role, true); before != nil && before.End > start {
		return errors.New("the line starts before the same party has finished the one before")
	}
	c.lines = append(c.lines, line)
	c.cursor = max(c.cursor, line.End)
	return nil
}

// start returns where a line begins, and uses up the wait.
func (c *composer) start(e Event) (call.Millis, error) {
	other := c.last(e.Role.Other(), false)
	if e.Placing != PlaceAfter && other == nil {
		return 0, errors.New("nobody speaks that it could lie over")
	}
	switch e.Placing {
	case PlaceOver:
		return other.End - e.Offset, nil
	case PlaceAt:
		return other.Start + e.Offset, nil
	}
	start := c.cursor
	switch {
	case c.wait >= 0:
		start += c.wait
	case len(c.lines) > 0:
		start += c.draw(answerMin, answerMax)
	}
	if c.gap != nil {
		c.gaps = append(c.gaps, placed{Event: *c.gap, Span: call.Span{Start: c.cursor, End: start}})
	}
	c.wait, c.gap = -1, nil
	return start, nil
}

// last returns the last line of role, counting backchannels or not.
func (c *composer) last(role call.Role, backchannels bool) *placed {
	for i := len(c.lines) - 1; i >= 0; i-- {
		if l := &c.lines[i]; l.Role == role && (backchannels || !l.Backchannel) {
			return l
		}
	}
	return nil
}

// draw returns a multiple of 5 ms between low and high.
func (c *composer) draw(low, high int64) call.Millis {
	return call.Millis(low + 5*c.random.Int64N((high-low)/5+1))
}

// mix returns both channels with their noise.
func (c *composer) mix(duration call.Millis) [][]float32 {
	channels := make([][]float32, 2)
	for i, role := range []call.Role{call.RoleAgent, call.RoleCustomer} {
		channels[i] = make([]float32, duration.Samples(Rate))
		for _, l := range c.lines {
			if l.Role == role {
				copy(channels[i][l.Start.Samples(Rate):], l.samples)
			}
		}
		addNoise(channels[i], c.script.Sound.Noise, c.random)
	}
	return channels
}

// byStart orders the lines as they are heard.
func byStart(lines []placed) []placed {
	sorted := slices.Clone(lines)
	slices.SortStableFunc(sorted, func(a, b placed) int { return cmp.Compare(a.Start, b.Start) })
	return sorted
}
