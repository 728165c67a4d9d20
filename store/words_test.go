package store

import (
	"encoding/binary"
	"math"
	"math/bits"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

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
		apart, err := packWordsApart(want)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		old, err := pack(want)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for form, body := range map[string][]byte{"today": body, "words apart": apart, "all JSON": old} {
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

// packWordsApart makes bodies as an earlier version did.
func packWordsApart(tr call.Transcript) ([]byte, error) {
	whole := tr.Utterances
	tr.Utterances = slices.Clone(whole)
	var words []byte
	for i, u := range whole {
		if !wholeWords(u) {
			words = binary.AppendUvarint(words, 0)
			continue
		}
		words = appendWords(words, u)
		tr.Utterances[i].Words = nil
	}
	rest, err := pack(tr)
	if err != nil {
		return nil, err
	}
	body := binary.AppendUvarint([]byte(wordsMagic), uint64(len(rest)))
	return slices.Concat(body, rest, words), nil
}

// wholeWords reports whether the words of u can be kept apart from its JSON.
func wholeWords(u call.Utterance) bool {
	return madeOfWords(u) && !slices.ContainsFunc(u.Words, func(w call.Word) bool { return !(math.Abs(w.Confidence) <= math.MaxFloat64) })
}

func appendWords(to []byte, u call.Utterance) []byte {
	to = binary.AppendUvarint(to, uint64(len(u.Words)))
	last := u.Start
	for _, w := range u.Words {
		to = binary.AppendVarint(to, int64(w.Start-last))
		to = binary.AppendVarint(to, int64(w.End-w.Start))
		to = binary.AppendUvarint(to, uint64(len(w.Text)))
		// Most confidences end in zeros, which come first in this order and take no room.
		to = binary.AppendUvarint(to, bits.ReverseBytes64(math.Float64bits(w.Confidence)))
		last = w.End
	}
	return to
}

// Every field of a transcript comes back, those that are added one day too.
func TestEveryFieldOfATranscriptIsKept(t *testing.T) {
	t.Parallel()
	var want call.Transcript
	fill(reflect.ValueOf(&want).Elem())
	want.Utterances[0].Text = "1011"
	body, err := packTranscript(want)
	if err != nil {
		t.Fatal(err)
	}
	var got call.Transcript
	if err := unpackTranscript(body, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("got (+) differs from want (-):\n%s", diff)
	}
}

// fill gives everything in v a value that is not zero.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("10")
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt(7)
	case reflect.Float64:
		v.SetFloat(0.3)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8:
		v.SetUint(5)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0))
		fill(v.Index(1))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key)
		fill(value)
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	default:
		panic("a kind that fill does not know: " + v.Kind().String())
	}
}

// FuzzUnpackTranscript shows that no body makes it panic and that what it reads can be kept again.
func FuzzUnpackTranscript(f *testing.F) {
	body, err := packTranscript(call.Transcript{Utterances: []call.Utterance{{Text: "您好", Words: words("您", "好")}, {Text: "喂"}}})
	if err != nil {
		f.Fatal(err)
	}
	apart, err := packWordsApart(call.Transcript{Utterances: []call.Utterance{{Text: "您好", Words: words("您", "好")}, {Text: "喂"}}})
	if err != nil {
		f.Fatal(err)
	}
	for n := range len(body) + 1 {
		f.Add(body[:n])
	}
	f.Add(apart)
	f.Fuzz(func(t *testing.T, body []byte) {
		var tr call.Transcript
		if unpackTranscript(body, &tr) != nil {
			return
		}
		again, err := packTranscript(tr)
		if err != nil {
			t.Fatal(err)
		}
		var got call.Transcript
		if err := unpackTranscript(again, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tr, got, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("kept again it differs:\n%s", diff)
		}
	})
}
