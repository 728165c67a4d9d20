package transcribe

import (
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

func TestLanguageOfACall(t *testing.T) {
	t.Parallel()
	zh := "您好，请问有什么可以帮您？我家里停电了，请您派人来看一下。"
	type heard struct {
		language string
		length   call.Millis
	}
	tests := []struct {
		name  string
		set   string
		heard []heard
		text  string
		want  string
	}{
		{"told", "zh", nil, zh, "zh"},
		{"told another", "en", nil, "Hello", "en"},
		{"told Chinese, and it is English", "zh", nil, strings.Repeat("hello how can I help you ", 8), Undetermined},
		{"told Chinese, and it is Japanese", "zh", nil, strings.Repeat("もしもし、でんきがとまりました。", 3), Undetermined},
		{"foreign words in Chinese", "zh", nil, zh + "我用的是iPhone，请发到我的email，账号是power service。", "zh"},
		{"too little to tell", "zh", nil, "OK, bye bye", "zh"},
		{"nothing said", "auto", nil, "", "zh"},
		{"found", "auto", []heard{{"zh", 20_000}, {"zh", 9000}}, zh, "zh"},
		{"found Cantonese", "auto", []heard{{"yue", 20_000}}, zh, "yue"},
		{"found English", "auto", []heard{{"en", 20_000}, {"zh", 4000}}, "hello", "en"},
		{"one odd window", "auto", []heard{{"zh", 20_000}, {"ja", 4000}}, zh, "zh"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tongue := newTongue(tt.set)
			for _, h := range tt.heard {
				tongue.hear([]Segment{{Language: h.language}}, h.length)
			}
			if got := tongue.of([]call.Utterance{{Text: tt.text}}); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestLanguageIsLookedForUntilWindowsAgree(t *testing.T) {
	t.Parallel()
	tongue := newTongue("auto")
	for i, language := range []string{"zh", "ja", "zh", "zh", "zh"} {
		if got := tongue.option(); got != "auto" {
			t.Errorf("window %d is decoded in %s, want auto", i, got)
		}
		tongue.hear([]Segment{{Language: language}}, 1000)
	}
	tongue.hear(nil, 1000) // told, so that the engine does not say
	if got := tongue.option(); got != "zh" {
		t.Errorf("after three that agree: got %s, want zh", got)
	}
}
