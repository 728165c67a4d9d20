package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/bits"

	"github.com/zhijian-qa/zhijian/call"
)

var errCutShort = errors.New("the transcript is cut short")

func unpackTranscript(body []byte, tr *call.Transcript) error {
	body, today := bytes.CutPrefix(body, []byte(bodyMagic))
	if !today {
		return unpackOld(body, tr)
	}
	r := bodyReader{body: body}
	head := r.bytes()
	r.text = string(r.bytes())
	if r.failed {
		return fmt.Errorf("decode: %w", errCutShort)
	}
	if err := json.Unmarshal(head, tr); err != nil {
		return fmt.Errorf("decode: %w", err)
	}
	tr.Speech, tr.Levels = r.speech(), r.levels()
	if n, none := r.length(); !none {
		tr.Utterances = make([]call.Utterance, n)
		for i := range tr.Utterances {
			r.utterance(&tr.Utterances[i])
		}
	}
	tr.Segmentation = r.segmentation()
	if r.failed {
		return fmt.Errorf("decode: %w", errCutShort)
	}
	return nil
}

// bodyReader reads what bodyWriter wrote. After it failed all that it reads is nothing.
type bodyReader struct {
	body   []byte
	text   string
	last   call.Millis
	failed bool
}

func (r *bodyReader) unsigned() uint64 {
	value, n := binary.Uvarint(r.body)
	r.skip(n)
	return value
}

func (r *bodyReader) skip(n int) {
	if n <= 0 {
		r.failed, r.body = true, nil
		return
	}
	r.body = r.body[n:]
}

// size reads a number that is at most as large as most.
func (r *bodyReader) size(most int) int {
	n := r.unsigned()
	if r.failed || n > uint64(most) {
		r.failed, r.body = true, nil
		return 0
	}
	return int(n)
}

func (r *bodyReader) bytes() []byte {
	n := r.size(len(r.body))
	if n > len(r.body) {
		r.failed, r.body = true, nil
		return nil
	}
	data := r.body[:n]
	r.body = r.body[n:]
	return data
}

func (r *bodyReader) string() string {
	n := r.size(len(r.text))
	text := r.text[:n]
	r.text = r.text[n:]
	return text
}

// length reads how many there are; none stands for nil. Each takes at least a byte.
func (r *bodyReader) length() (n int, none bool) {
	n = r.size(len(r.body)) // of which the length itself takes one
	return max(0, n-1), n == 0
}

func (r *bodyReader) signed() int64 {
	value, n := binary.Varint(r.body)
	r.skip(n)
	return value
}

func (r *bodyReader) at() call.Millis {
	r.last += call.Millis(r.signed())
	return r.last
}

func (r *bodyReader) span() call.Span { return call.Span{Start: r.at(), End: r.at()} }

func (r *bodyReader) flag() bool { return r.unsigned() != 0 }

func (r *bodyReader) share() float64 {
	return math.Float64frombits(bits.ReverseBytes64(r.unsigned()))
}

func (r *bodyReader) role() call.Role {
	switch name := r.bytes(); string(name) {
	case string(call.RoleAgent):
		return call.RoleAgent
	case string(call.RoleCustomer):
		return call.RoleCustomer
	default:
		return call.Role(name)
	}
}

func (r *bodyReader) speech() map[call.Role][]call.Span {
	n, none := r.length()
	if none {
		return nil
	}
	speech := make(map[call.Role][]call.Span, n)
	for range n {
		role := r.role()
		spans, none := r.length()
		if none {
			speech[role] = nil
			continue
		}
		speech[role] = make([]call.Span, spans)
		for i := range speech[role] {
			speech[role][i] = r.span()
		}
	}
	return speech
}

func (r *bodyReader) levels() map[call.Role][]call.SpanLevels {
	n, none := r.length()
	if none {
		return nil
	}
	levels := make(map[call.Role][]call.SpanLevels, n)
	for range n {
		role := r.role()
		spans, none := r.length()
		if none {
			levels[role] = nil
			continue
		}
		levels[role] = make([]call.SpanLevels, spans)
		for i := range levels[role] {
			levels[role][i] = r.spanLevels()
		}
	}
	return levels
}

func (r *bodyReader) spanLevels() call.SpanLevels {
	l := call.SpanLevels{Span: r.span()}
	n, none := r.length()
	if none {
		return l
	}
	l.DB = make([]int, n)
	for i := range l.DB {
		l.DB[i] = int(r.signed())
	}
	return l
}

func (r *bodyReader) utterance(u *call.Utterance) {
	u.Role = r.role()
	u.Span = r.span()
	u.Confidence = r.share()
	u.Text = r.string()
	n, none := r.length()
	if none {
		return
	}
	u.Words = make([]call.Word, n)
	if n == 0 {
		return
	}
	rest := &r.text
	if own := u.Text; r.size(1) == 1 {
		rest = &own
	}
	r.last = u.Start
	for i := range u.Words {
		w := &u.Words[i]
		w.Span, w.Confidence = r.span(), r.share()
		size := r.size(len(*rest))
		if r.failed {
			return
		}
		w.Text, *rest = (*rest)[:size], (*rest)[size:]
	}
}

func (r *bodyReader) segmentation() *call.Segmentation {
	n, none := r.length()
	if none {
		return nil
	}
	s := &call.Segmentation{Revision: string(r.bytes()), Characters: int(r.unsigned()), Stray: int(r.unsigned()), Ends: make([][]byte, n)}
	for i := range s.Ends {
		s.Ends[i] = r.bytes()
	}
	if len(r.body) == 0 || n == 0 { // of old, or of no texts
		return s
	}
	s.Strays = make([][]byte, n)
	for i := range s.Strays {
		s.Strays[i] = r.bytes()
	}
	return s
}
