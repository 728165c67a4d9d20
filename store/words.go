package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
)

// A transcript is kept as wordsMagic, the length of what pack makes of it without its words, that, and the
// words of each utterance: their number, and of each the pause before it, its length, the bytes that it
// takes of the utterance's text, and its confidence. All are varints. Words are nine tenths of a transcript
// as JSON, and re-scoring reads ten thousands of them. Bodies of old are what pack makes of the whole.
const wordsMagic = "ZJW1"

var errCutShort = errors.New("the words are cut short")

func packTranscript(tr call.Transcript) ([]byte, error) {
	whole := tr.Utterances
	tr.Utterances = slices.Clone(whole)
	var words []byte
	for i, u := range whole {
		if !madeOfWords(u) {
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

// madeOfWords reports whether the texts of the words of u are its text. Others keep their words in the JSON.
func madeOfWords(u call.Utterance) bool {
	rest, ok := u.Text, true
	for _, w := range u.Words {
		if rest, ok = strings.CutPrefix(rest, w.Text); !ok || !(math.Abs(w.Confidence) <= math.MaxFloat64) {
			return false
		}
	}
	return rest == ""
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

func unpackTranscript(body []byte, tr *call.Transcript) error {
	body, words := bytes.CutPrefix(body, []byte(wordsMagic))
	if !words {
		return unpack(body, tr)
	}
	size, n := binary.Uvarint(body)
	if n <= 0 || size > uint64(len(body)-n) {
		return fmt.Errorf("decode: %w", errCutShort)
	}
	rest, block := body[n:n+int(size)], wordReader{bytes: body[n+int(size):]}
	if err := unpack(rest, tr); err != nil {
		return err
	}
	for i := range tr.Utterances {
		block.readWords(&tr.Utterances[i])
	}
	if block.failed {
		return fmt.Errorf("decode: %w", errCutShort)
	}
	return nil
}

// wordReader reads what appendWords wrote.
type wordReader struct {
	bytes  []byte
	failed bool
}

func (r *wordReader) readWords(u *call.Utterance) {
	count := r.unsigned()
	if count == 0 || count > uint64(len(r.bytes)) { // a word takes several bytes
		r.failed = r.failed || count > 0
		return
	}
	u.Words = make([]call.Word, count)
	last, rest := u.Start, u.Text
	for i := range u.Words {
		w := &u.Words[i]
		w.Start = last + call.Millis(r.signed())
		w.End = w.Start + call.Millis(r.signed())
		size := r.unsigned()
		if size > uint64(len(rest)) {
			r.failed = true
		}
		w.Confidence = math.Float64frombits(bits.ReverseBytes64(r.unsigned()))
		if r.failed {
			return
		}
		w.Text, rest, last = rest[:size], rest[size:], w.End
	}
}

func (r *wordReader) unsigned() uint64 {
	value, n := binary.Uvarint(r.bytes)
	r.take(n)
	return value
}

func (r *wordReader) signed() int64 {
	value, n := binary.Varint(r.bytes)
	r.take(n)
	return value
}

func (r *wordReader) take(n int) {
	if n <= 0 {
		r.failed, n = true, 0
	}
	r.bytes = r.bytes[n:]
}
