//go:build cgo && !nowhisper

package whisper

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/transcribe"
)

func TestJoinTokensMakesWholeCharacters(t *testing.T) {
	t.Parallel()
	window := call.Span{End: 10_000}
	tests := []struct {
		name string
		raw  []token
		want []transcribe.Token
	}{
		{name: "nothing"},
		{
			name: "whole characters stay apart",
			raw:  []token{{text: "您", probability: 0.9, start: 10, end: 20}, {text: "好", probability: 0.8, start: 20, end: 30}},
			want: []transcribe.Token{
				{Span: call.Span{Start: 100, End: 200}, Text: "您", Probability: 0.9},
				{Span: call.Span{Start: 200, End: 300}, Text: "好", Probability: 0.8},
			},
		},
		{
			name: "a character in three tokens",
			raw: []token{
				{text: "\xe7", probability: 0.9, start: 10, end: 11},
				{text: "\x94", probability: 0.3, start: 11, end: 12},
				{text: "\xb5费", probability: 0.8, start: 12, end: 30},
			},
			want: []transcribe.Token{{Span: call.Span{Start: 100, End: 300}, Text: "电费", Probability: 0.3}},
		},
		{
			name: "half a character at the end is dropped",
			raw:  []token{{text: "好", probability: 1, start: 0, end: 1}, {text: "\xe7\x94", probability: 1, start: 1, end: 2}},
			want: []transcribe.Token{{Span: call.Span{Start: 0, End: 10}, Text: "好", Probability: 1}},
		},
		{
			name: "bytes of no character are dropped",
			raw:  []token{{text: "\x94好", probability: 1, start: 0, end: 1}},
			want: []transcribe.Token{{Span: call.Span{Start: 0, End: 10}, Text: "好", Probability: 1}},
		},
		{
			name: "unknown times become the window's start, late ones its end",
			raw:  []token{{text: "好", probability: 1, start: -1, end: 9999}},
			want: []transcribe.Token{{Span: window, Text: "好", Probability: 1}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(tt.want, joinTokens(tt.raw, window)); d != "" {
				t.Errorf("tokens (-want +got):\n%s", d)
			}
		})
	}
}

func TestFeaturesAreThoseSwitchedOn(t *testing.T) {
	t.Parallel()
	got := features("WHISPER : COREML = 0 | OPENVINO = 0 | CPU : SSE3 = 1 | AVX512 = 1 | AMX_INT8 = 0 | ")
	if d := cmp.Diff([]string{"SSE3", "AVX512"}, got); d != "" {
		t.Errorf("features (-want +got):\n%s", d)
	}
}

func TestBackendFoldersLieBesideTheLibrary(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	want := filepath.Join(dir, "ggml", "backends0")
	if err := os.MkdirAll(want, 0o700); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{want}, backendFolders(filepath.Join(dir, "libggml.so.0"))); d != "" {
		t.Errorf("folders (-want +got):\n%s", d)
	}
	if got := backendFolders(""); got != nil {
		t.Errorf("without a library: got %q", got)
	}
}
