package store

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
)

// A transcript is kept as bodyMagic, the JSON of all but its speech and its utterances, their texts in one, the
// speech, how loud it is, the utterances and the segmentation. Numbers are varints, times what they are later than the last one. Re-scoring reads ten thousands of transcripts: as JSON alone that would
// take longer than to score them. Bodies of old begin with wordsMagic, or are what pack makes of the whole.
const bodyMagic = "ZJW2"

func packTranscript(tr call.Transcript) ([]byte, error) {
	speech, levels, utterances := tr.Speech, tr.Levels, tr.Utterances
	tr.Speech, tr.Levels, tr.Utterances = nil, nil, nil
	head, err := json.Marshal(tr)
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	var w bodyWriter
	w.speech(speech)
	w.levels(levels)
	w.length(len(utterances), utterances == nil)
	for _, u := range utterances {
		w.utterance(u)
	}
	w.segmentation(tr.Segmentation)
	start := bodyWriter{body: []byte(bodyMagic)}
	start.bytes(head)
	start.bytes([]byte(w.text.String()))
	return append(start.body, w.body...), nil
}

// bodyWriter writes what bodyReader reads.
type bodyWriter struct {
	body []byte
	text strings.Builder // of all, in order
	last call.Millis
}

func (w *bodyWriter) count(n int)     { w.body = binary.AppendUvarint(w.body, uint64(n)) }
func (w *bodyWriter) string(s string) { w.count(len(s)); w.text.WriteString(s) }
func (w *bodyWriter) at(t call.Millis) {
	w.body = binary.AppendVarint(w.body, int64(t-w.last))
	w.last = t
}
func (w *bodyWriter) span(s call.Span) { w.at(s.Start); w.at(s.End) }
func (w *bodyWriter) share(x float64) {
	w.body = binary.AppendUvarint(w.body, bits.ReverseBytes64(math.Float64bits(x)))
}
func (w *bodyWriter) bytes(data []byte) { w.count(len(data)); w.body = append(w.body, data...) }

func (w *bodyWriter) flag(is bool) {
	if is {
		w.count(1)
		return
	}
	w.count(0)
}

// length writes how many there are: one more, and nothing for a slice that is nil.
func (w *bodyWriter) length(n int, none bool) {
	if !none {
		n++
	}
	w.count(n)
}

func (w *bodyWriter) speech(speech map[call.Role][]call.Span) {
	w.length(len(speech), speech == nil)
	for _, role := range slices.Sorted(maps.Keys(speech)) {
		spans := speech[role]
		w.bytes([]byte(role))
		w.length(len(spans), spans == nil)
		for _, s := range spans {
			w.span(s)
		}
	}
}

func (w *bodyWriter) levels(levels map[call.Role][]call.SpanLevels) {
	w.length(len(levels), levels == nil)
	for _, role := range slices.Sorted(maps.Keys(levels)) {
		w.bytes([]byte(role))
		w.length(len(levels[role]), levels[role] == nil)
		for _, l := range levels[role] {
			w.span(l.Span)
			w.length(len(l.DB), l.DB == nil)
			for _, db := range l.DB {
				w.body = binary.AppendVarint(w.body, int64(db))
			}
		}
	}
}

// utterance writes u; the texts of its words only when they are not its own.
func (w *bodyWriter) utterance(u call.Utterance) {
	w.bytes([]byte(u.Role))
	w.span(u.Span)
	w.share(u.Confidence)
	w.string(u.Text)
	w.length(len(u.Words), u.Words == nil)
	if len(u.Words) == 0 {
		return
	}
	own := madeOfWords(u)
	w.flag(own)
	w.last = u.Start
	for _, word := range u.Words {
		w.span(word.Span)
		w.share(word.Confidence)
		w.count(len(word.Text))
		if !own {
			w.text.WriteString(word.Text)
		}
	}
}

// madeOfWords reports whether the texts of the words of u are its text.
func madeOfWords(u call.Utterance) bool {
	rest, ok := u.Text, true
	for _, w := range u.Words {
		if rest, ok = strings.CutPrefix(rest, w.Text); !ok {
			return false
		}
	}
	return rest == ""
}

func (w *bodyWriter) segmentation(s *call.Segmentation) {
	if s == nil {
		w.count(0)
		return
	}
	w.length(len(s.Ends), false)
	w.bytes([]byte(s.Revision))
	w.count(s.Characters)
	w.count(s.Stray)
	for _, ends := range s.Ends {
		w.bytes(ends)
	}
	for _, strays := range s.Strays {
		w.bytes(strays)
	}
}
