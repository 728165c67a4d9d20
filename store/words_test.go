package store

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/call"
)

// words are pieces of an utterance that follow each other.
func words(pieces ...string) []call.Word {
	var all []call.Word
	for i, piece := range pieces {
		at := call.Millis(1000 + 200*i)
		all = append(all, call.Word{Span: call.Span{Start: at, End: at + 180}, Text: piece, Confidence: float64(float32(0.1 * float64(i)))})
	}
	return all
}

func TestTranscriptsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	odd := words("您", "好")
	odd[0].Start, odd[0].Confidence, odd[1].Confidence = -5, math.SmallestNonzeroFloat64, 1.0/3
	for name, utterances := range map[string][]call.Utterance{
		"none":               {},
		"without words":      {{Role: call.RoleAgent, Text: "您好"}},
		"with words":         {{Text: "您好，abc", Words: words("您", "好", "，", "abc")}, {Text: "喂"}, {Text: "再见", Words: words("再见")}},
		"words of no text":   {{Text: "您好", Words: words("您", "", "好")}},
		"words of more text": {{Text: "您好", Words: words("您", "好", "吗")}},
		"words of less text": {{Text: "您好吗", Words: words("您", "好")}, {Text: "喂", Words: words("喂")}},
		"odd times":          {{Text: "您好", Span: call.Span{Start: 7000}, Words: odd}},
	} {
		want := call.Transcript{Revision: "r", Utterances: utterances, Removed: []call.Removed{}}
		body, err := packTranscript(want)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		old, err := pack(want)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for form, body := range map[string][]byte{"words apart": body, "all JSON": old} {
			var got call.Transcript
			if err := unpackTranscript(body, &got); err != nil {
				t.Errorf("%s, %s: %v", name, form, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %s: got (+) differs from want (-):\n%s", name, form, diff)
			}
		}
	}
}

// FuzzUnpackTranscript shows that no body makes it panic and that what it reads can be kept again.
func FuzzUnpackTranscript(f *testing.F) {
	body, err := packTranscript(call.Transcript{Utterances: []call.Utterance{{Text: "您好", Words: words("您", "好")}, {Text: "喂"}}})
	if err != nil {
		f.Fatal(err)
	}
	for n := range body {
		f.Add(body[:n])
	}
	f.Add(body)
	f.Fuzz(func(t *testing.T, body []byte) {
		var tr call.Transcript
		if unpackTranscript(body, &tr) != nil {
			return
		}
		if _, err := json.Marshal(tr); err != nil {
			return // a confidence that is no number
		}
		again, err := packTranscript(tr)
		if err != nil {
			t.Fatal(err)
		}
		var got call.Transcript
		if err := unpackTranscript(again, &got); err != nil {
			t.Fatal(err)
		}
	})
}
