package transcribe

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/call"
)

// segment returns text as a segment with a token a character, at an even pace.
func segment(start, end call.Millis, text string) Segment {
	s := Segment{Span: call.Span{Start: start, End: end}}
	runes := []rune(text)
	n := call.Millis(len(runes))
	for i, r := range runes {
		at := start + (end-start)*call.Millis(i)/n
		s.Tokens = append(s.Tokens, Token{
			Span: call.Span{Start: at, End: start + (end-start)*call.Millis(i+1)/n}, Text: string(r), Probability: 0.9,
		})
	}
	return s
}

// plain makes a window of the whole recording, so that both clocks are one.
func plain(speech ...call.Span) window {
	return window{speech: speech, parts: []part{{Span: call.Span{End: 30_000}}}}
}

func TestPlacePutsTextIntoTheSpansItWasSpokenIn(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		speech   []call.Span
		segments []Segment
		want     []string // text of each utterance
		unheard  string
	}{
		{
			name:     "one segment, one span",
			speech:   []call.Span{{Start: 1000, End: 3000}},
			segments: []Segment{segment(900, 3100, "您好，请讲。")},
			want:     []string{"您好，请讲。"},
		},
		{
			name:     "a segment over two spans is cut at the punctuation",
			speech:   []call.Span{{Start: 1000, End: 2000}, {Start: 3000, End: 4900}},
			segments: []Segment{segment(1000, 4900, "请问您贵姓？我姓王名小明住在北京。")},
			want:     []string{"请问您贵姓？", "我姓王名小明住在北京。"},
		},
		{
			name:     "without punctuation the pace decides",
			speech:   []call.Span{{Start: 1000, End: 2000}, {Start: 2500, End: 3500}},
			segments: []Segment{segment(1000, 3500, "一二三四五六七八")},
			want:     []string{"一二三四", "五六七八"},
		},
		{
			name:     "a segment that reaches a little into the next span does not cover it",
			speech:   []call.Span{{Start: 1000, End: 3000}, {Start: 4000, End: 6000}},
			segments: []Segment{segment(1000, 4100, "您好请讲"), segment(4100, 6000, "我要报修")},
			want:     []string{"您好请讲", "我要报修"},
		},
		{
			name:     "a segment timed beside its span finds it",
			speech:   []call.Span{{Start: 1000, End: 3000}, {Start: 4000, End: 4300}},
			segments: []Segment{segment(1000, 3000, "您好请讲"), segment(3500, 3800, "好的")},
			want:     []string{"您好请讲", "好的"},
		},
		{
			name:     "two segments share a span",
			speech:   []call.Span{{Start: 1000, End: 5000}},
			segments: []Segment{segment(1000, 3000, "您好请讲"), segment(3000, 5000, "我要报修")},
			want:     []string{"您好请讲我要报修"},
		},
		{
			name:     "text far from all speech was not heard",
			speech:   []call.Span{{Start: 1000, End: 2000}},
			segments: []Segment{segment(1000, 2000, "您好"), segment(9000, 10_000, "谢谢观看")},
			want:     []string{"您好"},
			unheard:  "谢谢观看",
		},
		{
			name:     "text beside a span that has its own joins it",
			speech:   []call.Span{{Start: 1000, End: 2000}},
			segments: []Segment{segment(1000, 2000, "您好"), segment(2100, 2300, "吗")},
			want:     []string{"您好吗"},
		},
		{
			name:     "a short answer that was not heard stays without words",
			speech:   []call.Span{{Start: 500, End: 3000}, {Start: 3500, End: 3800}, {Start: 4300, End: 7300}},
			segments: []Segment{segment(500, 3000, "您好，请问有什么可以帮您？"), segment(3000, 7300, "请问您家的空气开关有没有跳闸")},
			want:     []string{"您好，请问有什么可以帮您？", "请问您家的空气开关有没有跳闸"},
		},
		{
			name:     "a short answer that was heard has its words",
			speech:   []call.Span{{Start: 500, End: 3000}, {Start: 3500, End: 3800}, {Start: 4300, End: 7300}},
			segments: []Segment{segment(500, 3000, "您好，请问有什么可以帮您？"), segment(3000, 3900, "是的。"), segment(3900, 7300, "请问您家的空气开关有没有跳闸")},
			want:     []string{"您好，请问有什么可以帮您？", "是的。", "请问您家的空气开关有没有跳闸"},
		},
		{
			name:     "a segment begins in the span near its own start",
			speech:   []call.Span{{Start: 500, End: 2500}, {Start: 3000, End: 4500}, {Start: 5000, End: 7000}},
			segments: []Segment{segment(500, 2500, "我们这里停电了两天"), segment(5100, 7000, "你们什么时候来修")},
			want:     []string{"我们这里停电了两天", "你们什么时候来修"},
		},
		{
			name:     "a segment that begins at the end of the one before it stays whole",
			speech:   []call.Span{{Start: 500, End: 4500}, {Start: 5000, End: 8000}},
			segments: []Segment{segment(500, 4500, "我跟您确认一下，今天上午停电，对吗？"), segment(4500, 8000, "好的，请问还有其他可以帮您的吗？")},
			want:     []string{"我跟您确认一下，今天上午停电，对吗？", "好的，请问还有其他可以帮您的吗？"},
		},
		{
			name:     "times that nobody can speak in are not believed",
			speech:   []call.Span{{Start: 500, End: 3500}, {Start: 4500, End: 7500}},
			segments: []Segment{segment(500, 900, "我跟您核对一下您的地址对吗"), segment(900, 1300, "请您先关闭总开关注意安全")},
			want:     []string{"我跟您核对一下您的地址对吗", "请您先关闭总开关注意安全"},
		},
		{
			name:     "times that are all late are put right by the pauses",
			speech:   []call.Span{{Start: 500, End: 3500}, {Start: 4500, End: 5500}, {Start: 6500, End: 9500}},
			segments: []Segment{segment(1200, 4200, "我跟您核对一下您的地址。"), segment(5200, 6200, "对是的没错。"), segment(7200, 10_200, "请您先关闭总开关注意安全。")},
			want:     []string{"我跟您核对一下您的地址。", "对是的没错。", "请您先关闭总开关注意安全。"},
		},
		{
			name:     "text without a mark may have a pause in it",
			speech:   []call.Span{{Start: 500, End: 2500}, {Start: 4000, End: 6000}},
			segments: []Segment{segment(500, 6000, "我想问一下那个这个月的电费怎么交")},
			want:     []string{"我想问一下那个这", "个月的电费怎么交"},
		},
		{
			name:     "punctuation alone is no utterance",
			speech:   []call.Span{{Start: 1000, End: 2000}},
			segments: []Segment{segment(1000, 2000, "。。")},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := plain(tt.speech...)
			words, unheard := w.place(tt.segments)
			var got []string
			for _, u := range utterances(call.RoleAgent, words, tt.speech, 500) {
				got = append(got, u.Text)
				checkUtterance(t, u, tt.speech)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("utterances (-want +got):\n%s", d)
			}
			var lost strings.Builder
			for _, s := range unheard {
				lost.WriteString(s.Text())
			}
			if lost.String() != tt.unheard {
				t.Errorf("unheard: got %q, want %q", lost.String(), tt.unheard)
			}
		})
	}
}

// checkUtterance holds u against what is promised of every utterance.
func checkUtterance(t *testing.T, u call.Utterance, speech []call.Span) {
	t.Helper()
	var text strings.Builder
	for _, w := range u.Words {
		text.WriteString(w.Text)
		inside := false
		for _, s := range speech {
			inside = inside || (w.Start >= s.Start && w.End <= s.End)
		}
		if !inside {
			t.Errorf("word %q at %v lies outside all speech", w.Text, w.Span)
		}
		if w.Start < u.Start || w.End > u.End {
			t.Errorf("word %q at %v lies outside its utterance %v", w.Text, w.Span, u.Span)
		}
	}
	if text.String() != u.Text {
		t.Errorf("the words make %q, the utterance is %q", text.String(), u.Text)
	}
}

func TestUtterancesEndAtPauses(t *testing.T) {
	t.Parallel()
	speech := []call.Span{{Start: 0, End: 1000}, {Start: 1400, End: 2000}, {Start: 2500, End: 3000}}
	var words []call.Word
	for _, s := range speech {
		words = append(words, call.Word{Span: s, Text: "好", Confidence: 0.5}, call.Word{Span: call.Span{Start: s.End, End: s.End}, Text: "。", Confidence: 0.7})
	}
	got := utterances(call.RoleCustomer, words, speech, 500)
	if len(got) != 2 || got[0].Text != "好。好。" || got[1].Text != "好。" {
		t.Fatalf("got %+v, want 好。好。 and 好。", got)
	}
	if want := (call.Span{Start: 0, End: 2000}); got[0].Span != want {
		t.Errorf("first utterance at %v, want %v", got[0].Span, want)
	}
	if got[0].Role != call.RoleCustomer || got[0].Confidence != 0.6 {
		t.Errorf("got role %s and confidence %v", got[0].Role, got[0].Confidence)
	}
}

func TestUtteranceLosesOuterSpacesOnly(t *testing.T) {
	t.Parallel()
	s := call.Span{Start: 0, End: 1000}
	words := []call.Word{{Span: s, Text: " "}, {Span: s, Text: " OK"}, {Span: s, Text: " ba"}, {Span: s, Text: " "}}
	got := utterances(call.RoleAgent, words, []call.Span{s}, 500)
	if len(got) != 1 || got[0].Text != "OK ba" {
		t.Errorf("got %+v, want one utterance OK ba", got)
	}
}
