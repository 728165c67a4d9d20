package audio

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

// told writes sounds as "kind start-end".
func told(sounds []call.Sound) string {
	lines := make([]string, len(sounds))
	for i, s := range sounds {
		lines[i] = fmt.Sprintf("%s %d-%d", s.Kind, s.Start, s.End)
	}
	return strings.Join(lines, ", ")
}

// bursts returns n spans of a length, the first at start, and where the next would begin.
func bursts(start call.Millis, n int, on, off call.Millis) (spans []call.Span, next call.Millis) {
	for range n {
		spans = append(spans, call.Span{Start: start, End: start + on})
		start += on + off
	}
	return spans, start
}

func TestCadences(t *testing.T) {
	t.Parallel()
	ring, _ := bursts(100, 3, 1000, 4000)
	busy, _ := bursts(20_000, 5, 350, 350)
	for name, tc := range map[string]struct {
		bursts []call.Span
		want   string
	}{
		"ringback":               {ring, "ringback 100-11100"},
		"busy":                   {busy, "busy 20000-23150"},
		"ringback, then busy":    {slices.Concat(ring, busy), "ringback 100-11100, busy 20000-23150"},
		"answered at once":       {ring[:1], "ringback 100-1100"},
		"dial tone":              {[]call.Span{{Start: 500, End: 6500}}, "tone 500-6500"},
		"one short beep":         {busy[:1], "tone 20000-20350"},
		"two rings of two calls": {[]call.Span{{Start: 0, End: 1000}, {Start: 9000, End: 10000}}, "ringback 0-1000, ringback 9000-10000"},
		"none":                   {nil, ""},
	} {
		if got := told(cadences(tc.bursts)); got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}

// TestSoundsAreTold lays each kind of tone on a channel where somebody speaks too.
func TestSoundsAreTold(t *testing.T) {
	t.Parallel()
	s := newScene(t, 40)
	s.cadence(1, 450, 1000, 4000, 500, 9000, -13)
	s.say(1, "nihao", 12_000, -12)
	for i := range 6 {
		at := call.Millis(16_000 + 250*i)
		s.mix(1, sine(8000, 770, -15, 0.1), at, 0)
		s.mix(1, sine(8000, 1336, -15, 0.1), at, 0)
	}
	s.mix(1, sine(8000, 1000, -15, 0.6), 22_000, 0)
	s.cadence(1, 450, 350, 350, 30_000, 36_000, -13)
	s.hiss(0, -55)
	s.hiss(1, -55)
	a := s.analyse()
	got := a.Channels[1].Sounds
	want := []call.Sound{
		{Span: call.Span{Start: 500, End: 6500}, Kind: call.SoundRingback},
		{Span: call.Span{Start: 16_000, End: 17_350}, Kind: call.SoundKeys},
		{Span: call.Span{Start: 22_000, End: 22_600}, Kind: call.SoundTone},
		{Span: call.Span{Start: 30_000, End: 35_950}, Kind: call.SoundBusy},
	}
	same := func(x, y call.Sound) bool {
		return x.Kind == y.Kind && max(x.Start-y.Start, y.Start-x.Start) <= 60 && max(x.End-y.End, y.End-x.End) <= 60
	}
	if !slices.EqualFunc(got, want, same) {
		t.Errorf("got %s, want %s", told(got), told(want))
	}
	if other := a.Channels[0].Sounds; len(other) > 0 {
		t.Errorf("on the other channel: %s", told(other))
	}
}
