package app

import (
	"errors"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
)

func TestHotWordsPutNoWordsIntoMouths(t *testing.T) {
	t.Parallel()
	lex, err := lexicon.Load(lexicon.Config{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer lex.Close()
	tests := []struct {
		name  string
		words []string
		fault string // part of the error, "" for none
	}{
		{"none", nil, ""},
		{"names and products", []string{"网上国网", "峰谷电价", "张建国", "阳光花园", "e充电"}, ""},
		{"a greeting", []string{"网上国网", "您好"}, "您好"},
		{"a farewell inside a word", []string{"再见"}, "再见"},
		{"thanks", []string{"感谢您的来电"}, "感谢您的来电"},
		{"a sentence", []string{"请您在网上国网里面办理这个业务"}, "longer than 12"},
		{"too many", strings.Split(strings.Repeat("峰谷电价 ", 30), " "), "more than 100"},
	}
	for _, tt := range tests {
		err := checkHotWords(tt.words, lex)
		if (err == nil) != (tt.fault == "") || err != nil && (!strings.Contains(err.Error(), tt.fault) || !errors.Is(err, call.ErrInvalid)) {
			t.Errorf("%s: got %v, want an error with %q", tt.name, err, tt.fault)
		}
	}
}
