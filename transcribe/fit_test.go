package transcribe

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/call"
)

// randomWindow makes spans, and segments with times that have little to do with them.
func randomWindow(r *rand.Rand) (window, []Segment) {
	var speech []call.Span
	var segments []Segment
	for at := call.Millis(r.IntN(500)); at < 28_000; {
		s := call.Span{Start: at, End: min(at+50+call.Millis(r.IntN(5000)), 30_000)}
		speech, at = append(speech, s), s.End+1+call.Millis(r.IntN(2000))
	}
	runes := []rune("您好，请问，您家。停？电OK 了是吗")
	for at := call.Millis(0); at < 29_000; at += call.Millis(r.IntN(4000)) {
		var text strings.Builder
		for range r.IntN(20) {
			text.WriteRune(runes[r.IntN(len(runes))])
		}
		segments = append(segments, segment(at, at+call.Millis(r.IntN(6000)), text.String()))
	}
	return plain(speech...), segments
}

func TestPlaceLosesNothingAndKeepsTheOrder(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		w, segments := randomWindow(r)
		words, unheard := w.place(segments)
		var want, got strings.Builder
		for _, s := range segments {
			if isNear(s.Span, w.speech) {
				want.WriteString(s.Text())
			}
		}
		at := call.Millis(0)
		for _, word := range words {
			got.WriteString(word.Text)
			if word.Start < at || word.End < word.Start || call.Total(call.Clip(w.speech, word.Span)) != word.Length() {
				t.Fatalf("word at %v, after %v, in %v", word.Span, at, w.speech)
			}
			at = word.Start
		}
		if got.String() != want.String() {
			t.Fatalf("got %s, want %s; unheard %d", got.String(), want.String(), len(unheard))
		}
	}
}

// TestPlaceIsQuick takes the longest text of a window that an engine can make, over many short spans.
func TestPlaceIsQuick(t *testing.T) {
	t.Parallel()
	var speech []call.Span
	for at := call.Millis(0); at < 29_000; at += 400 {
		speech = append(speech, call.Span{Start: at, End: at + 100})
	}
	w, began := plain(speech...), time.Now()
	w.place([]Segment{segment(0, 29_000, strings.Repeat("您好请问有什么可以帮您呢", 40))})
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %v", took)
	} else {
		t.Log(took)
	}
}
