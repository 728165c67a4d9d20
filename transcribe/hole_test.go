package transcribe

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
)

// wordsOf lays text over a span, a word a character.
func wordsOf(start, end call.Millis, text string) []call.Word {
	return lay(segment(start, end, text).Tokens, call.Span{Start: start, End: end})
}

func TestHolesAreSpeechWithoutItsWords(t *testing.T) {
	t.Parallel()
	speech := []call.Span{{Start: 1000, End: 4000}, {Start: 5000, End: 8000}, {Start: 9000, End: 10_000}}
	tests := []struct {
		name  string
		words [][]call.Word
		want  []call.Span
	}{
		{name: "every span has its words", words: [][]call.Word{
			wordsOf(1000, 4000, "您好请问有什么可以帮您"), wordsOf(5000, 8000, "我家停电了两天没人来"), wordsOf(9000, 10_000, "好的谢谢"),
		}},
		{name: "the window ended early", words: [][]call.Word{
			wordsOf(1000, 4000, "您好请问有什么可以帮您"),
		}, want: []call.Span{{Start: 5000, End: 8000}, {Start: 9000, End: 10_000}}},
		{name: "a span in the middle has no words", words: [][]call.Word{
			wordsOf(1000, 4000, "您好请问有什么可以帮您"), wordsOf(9000, 10_000, "好的谢谢"),
		}, want: []call.Span{{Start: 5000, End: 8000}}},
		{name: "a short one without words is left alone", words: [][]call.Word{
			wordsOf(1000, 4000, "您好请问有什么可以帮您"), wordsOf(5000, 8000, "我家停电了两天没人来"),
		}},
		{name: "half a span without words is heard again whole", words: [][]call.Word{
			wordsOf(1000, 4000, "您好请问有什么可以帮您"), wordsOf(5000, 6400, "我家停电了"), wordsOf(9000, 10_000, "好的谢谢"),
		}, want: []call.Span{{Start: 5000, End: 8000}}},
		{name: "so is a span with few words", words: [][]call.Word{
			wordsOf(1000, 4000, "您好请问有什么可以帮您"), wordsOf(5000, 8000, "我家停"), wordsOf(9000, 10_000, "好的谢谢"),
		}, want: []call.Span{{Start: 5000, End: 8000}}},
		{name: "less than half a span is heard again alone", words: [][]call.Word{
			wordsOf(1000, 2000, "您好请问"), wordsOf(2000, 4000, "有什么可以帮您"), wordsOf(6300, 8000, "我家停电了两天没人来"), wordsOf(9000, 10_000, "好的谢谢"),
		}},
		{name: "a window without any words says nothing again"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(tt.want, plain(speech...).holes(slices.Concat(tt.words...), 1500)); d != "" {
				t.Errorf("holes (-want +got):\n%s", d)
			}
		})
	}
}

func TestTheRestOfALongSpanIsAHoleOfItsOwn(t *testing.T) {
	t.Parallel()
	w := plain(call.Span{Start: 0, End: 10_000})
	got := w.holes(wordsOf(0, 7000, strings.Repeat("停电了没人来呀", 4)), 1500)
	if d := cmp.Diff([]call.Span{{Start: 7000, End: 10_000}}, got); d != "" {
		t.Errorf("holes (-want +got):\n%s", d)
	}
}

func TestFullerTextWins(t *testing.T) {
	t.Parallel()
	stretches := []call.Span{{Start: 1000, End: 3000}, {Start: 4000, End: 6000}, {Start: 7000, End: 9000}}
	words := slices.Concat(wordsOf(0, 1000, "您好。"), wordsOf(1000, 3000, "停电"), wordsOf(4000, 6000, "请问您贵姓"))
	again := slices.Concat(wordsOf(1000, 3000, "我家停电了"), wordsOf(4000, 6000, "请问"))
	for i, w := range wordsOf(7000, 9000, "谢谢观看") { // hardly believed by the engine itself
		w.Confidence = 0.1 * float64(i+1)
		again = append(again, w)
	}
	var got string
	for _, u := range utterances(call.RoleAgent, fuller(words, again, stretches), append(stretches, call.Span{End: 1000}), 500) {
		got += u.Text + "|"
	}
	if want := "您好。我家停电了|请问您贵姓|"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestOnlyCutsTheSoundOfItsStretches gives every sample its own time, so that the sound tells where it is from.
func TestOnlyCutsTheSoundOfItsStretches(t *testing.T) {
	t.Parallel()
	p := packing{limit: 29_500, margin: 250, end: 60_000}
	spans := []call.Span{{Start: 1000, End: 3000}, {Start: 8000, End: 12_000}, {Start: 12_400, End: 15_000}, {Start: 20_000, End: 21_000}}
	s := sound{window: p.layout(1, spans, group{0, len(spans)})}
	s.pcm = make([]float32, s.length().Samples(audio.TranscribeRate))
	for i := range s.pcm {
		s.pcm[i] = float32(s.toCall(call.FromSamples(int64(i), audio.TranscribeRate)))
	}
	stretches := []call.Span{{Start: 10_000, End: 12_000}, {Start: 20_000, End: 21_000}}
	own := s.only(stretches, 250)
	if own.channel != 1 || own.length() > s.length() {
		t.Errorf("channel %d, %d ms of %d", own.channel, own.length(), s.length())
	}
	if want := own.length().Samples(audio.TranscribeRate); int64(len(own.pcm)) != want {
		t.Fatalf("%d samples, want %d", len(own.pcm), want)
	}
	for i, span := range own.speechInWindow() {
		if span.Length() != stretches[i].Length() {
			t.Errorf("stretch of %d ms became %d ms", stretches[i].Length(), span.Length())
		}
		for at := span.Start; at < span.End; at += 100 {
			got, want := own.pcm[at.Samples(audio.TranscribeRate)], float32(own.toCall(at))
			if got < want-1 || got > want+1 {
				t.Fatalf("at %d of its clock there is the sound of %v, want of %v", at, got, want)
			}
		}
	}
}
