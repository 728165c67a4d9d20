package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"

	"github.com/zhijian-qa/zhijian/call"
)

// A transcript of old was kept as wordsMagic, the length of what pack makes of it without its words, that, and
// the words of each utterance: their number, and of each the pause before it, its length, the bytes that it takes
// of the utterance's text, and its confidence. All are varints. Older ones are what pack makes of the whole.
const wordsMagic = "ZJW1"

// unpackOld reads the bodies of old.
func unpackOld(body []byte, tr *call.Transcript) error {
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
