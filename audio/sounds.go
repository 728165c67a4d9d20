package audio

import (
	"cmp"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// What makes a sound worth telling, in ms. Ringback is on for 1 s and off for 4 s, busy and congestion go
// on and off every 350 or 700 ms (GB/T 3380).
const (
	burstJoin   = call.Millis(50)   // a tone that comes back this soon was not gone
	burstLeast  = call.Millis(80)   // of call progress
	keyLeast    = call.Millis(40)   // of a key (ITU-T Q.24)
	toneLeast   = call.Millis(300)  // of any other tone: vowels hold shorter
	musicLeast  = call.Millis(1000) // of music
	keysApart   = call.Millis(1000) // keys of one number at most
	quickApart  = call.Millis(1000) // bursts of busy at most
	slowApart   = call.Millis(2500) // bursts of ringback at least
	ringApart   = call.Millis(4600) // and at most
	ringBetween = call.Millis(600)  // a burst of ringback lasts at least
)

// toned returns the length of all tones.
func (t *track) toned() call.Millis {
	length := call.Millis(0)
	for _, kind := range t.tones {
		length += call.Total(kind.spans)
	}
	return length
}

// sounds returns what is heard on a channel beside speech, in order.
func (t *track) sounds(within call.Span) []call.Sound {
	found := cadences(longer(call.Merge(t.tones[progressTone].spans, burstJoin), burstLeast))
	for _, s := range []struct {
		kind  call.SoundKind
		spans []call.Span
	}{
		{call.SoundKeys, call.Merge(longer(t.tones[keyTone].spans, keyLeast), keysApart)},
		{call.SoundTone, longer(call.Merge(t.tones[otherTone].spans, burstJoin), toneLeast)},
		{call.SoundMusic, longer(t.music.spans, musicLeast)},
	} {
		for _, span := range s.spans {
			found = append(found, call.Sound{Span: span, Kind: s.kind})
		}
	}
	for i := range found {
		found[i].Span = found[i].Intersect(within)
	}
	slices.SortStableFunc(found, func(a, b call.Sound) int { return cmp.Compare(a.Start, b.Start) })
	return found
}

// longer returns the spans of at least a length.
func longer(spans []call.Span, least call.Millis) []call.Span {
	var kept []call.Span
	for _, s := range spans {
		if s.Length() >= least {
			kept = append(kept, s)
		}
	}
	return kept
}

// cadences joins bursts of the tone of call progress, by the pauses between them, into signals.
func cadences(bursts []call.Span) []call.Sound {
	var found []call.Sound
	for i := 0; i < len(bursts); {
		kind, n := cadence(bursts[i:])
		found = append(found, call.Sound{Span: bursts[i].Union(bursts[i+n-1]), Kind: kind})
		i += n
	}
	return found
}

// cadence returns the signal that bursts begin with and how many belong to it.
func cadence(bursts []call.Span) (kind call.SoundKind, n int) {
	apart := func(i int) call.Millis { return bursts[i-1].Gap(bursts[i]) }
	quick := func(i int) bool { return apart(i) <= quickApart }
	slow := func(i int) bool { return apart(i) >= slowApart && apart(i) <= ringApart }
	kind, more := call.SoundTone, func(int) bool { return false }
	switch first := bursts[0].Length(); {
	case len(bursts) > 1 && quick(1):
		kind, more = call.SoundBusy, quick
	case len(bursts) > 1 && slow(1):
		kind, more = call.SoundRingback, slow
	case first >= ringBetween && first <= 2*ringBetween:
		kind = call.SoundRingback
	}
	for n = 1; n < len(bursts) && more(n); n++ {
	}
	return kind, n
}
