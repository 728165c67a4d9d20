package call_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

func TestUtteranceAt(t *testing.T) {
	t.Parallel()
	spoken := call.Utterance{Span: span(1000, 2000), Text: "您好电力", Words: []call.Word{
		{Span: span(1000, 1300), Text: "您"}, {Span: span(1300, 1500), Text: "好"}, {Span: span(1600, 2000), Text: "电力"},
	}}
	bare := call.Utterance{Span: span(1000, 2000), Text: "您好电力"}
	tests := []struct {
		name     string
		in       call.Utterance
		from, to int
		want     call.Span
	}{
		{"the first two words", spoken, 0, 2, span(1000, 1500)},
		{"half a word counts whole", spoken, 3, 4, span(1600, 2000)},
		{"nothing asked gives the utterance", spoken, 2, 2, span(1000, 2000)},
		{"without words it is interpolated", bare, 1, 3, span(1250, 1750)},
		{"no text gives the utterance", call.Utterance{Span: span(5, 9)}, 0, 3, span(5, 9)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.in.At(tt.from, tt.to); got != tt.want {
				t.Errorf("At(%d, %d) = %v, want %v", tt.from, tt.to, got, tt.want)
			}
		})
	}
}

func TestTurnsGroupByPartyInOrder(t *testing.T) {
	t.Parallel()
	transcript := call.Transcript{Utterances: []call.Utterance{
		{Role: call.RoleAgent, Span: span(0, 10), Text: "您好"},
		{Role: call.RoleCustomer, Span: span(40, 50), Text: "停电了"},
		{Role: call.RoleAgent, Span: span(20, 30), Text: "请讲"},
	}}
	turns := transcript.Turns()
	if len(turns) != 2 || turns[0].Text() != "您好 请讲" || turns[0].Span != span(0, 30) || turns[1].Role != call.RoleCustomer {
		t.Errorf("got %+v", turns)
	}
}

func TestFaultCode(t *testing.T) {
	t.Parallel()
	fault := call.NewFault("not_audio", "the file is text", call.ErrInvalid)
	wrapped := fmt.Errorf("open: %w", fault)
	for err, want := range map[error]string{
		nil: "", wrapped: "not_audio", errors.New("x"): "internal", fmt.Errorf("wait: %w", context.Canceled): "cancelled",
	} {
		if got := call.FaultCode(err); got != want {
			t.Errorf("FaultCode(%v) = %q, want %q", err, got, want)
		}
	}
	if !errors.Is(wrapped, call.ErrInvalid) {
		t.Error("the cause of a fault is lost")
	}
	if got, want := fault.Error(), "the file is text: invalid"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
}

func TestMillis(t *testing.T) {
	t.Parallel()
	if got := call.Millis(83_250).String(); got != "01:23.2" {
		t.Errorf("String = %q", got)
	}
	if got := call.Millis(-1_500).String(); got != "-00:01.5" {
		t.Errorf("String = %q", got)
	}
	if got := call.FromSamples(8_001, 8_000); got != 1000 {
		t.Errorf("FromSamples = %d", got)
	}
	if got := call.Millis(1500).Samples(16_000); got != 24_000 {
		t.Errorf("Samples = %d", got)
	}
}
