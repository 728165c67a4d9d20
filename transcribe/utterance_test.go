package transcribe

import (
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

func TestUnpunctuated(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"您好，请问有什么可以帮您？": "您好请问有什么可以帮您",
		"一共3.5元。":       "一共3.5元",
		"是的":            "是的",
		"“好”，行！":        "好行",
	} {
		words := wordsOf(1000, 3000, text)
		got := unpunctuated([]call.Utterance{{Span: call.Span{Start: 1000, End: 3000}, Text: text, Words: words}})
		if got[0].Text != want || joined(got[0].Words) != want || got[0].Start != 1000 {
			t.Errorf("%s: got %s, words %s, want %s", text, got[0].Text, joined(got[0].Words), want)
		}
		if joined(words) != text {
			t.Errorf("%s: the words given were changed to %s", text, joined(words))
		}
	}
}
