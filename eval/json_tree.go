package eval

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"
)

// deepest bounds how deep values may be nested; labels need five levels.
const deepest = 12

// node is a JSON value with its place: nil, bool, string, json.Number, []node or []member.
type node struct {
	value any
	at    Place
}

type member struct {
	key   string
	at    Place
	value node
}

// tree reads JSON values one after another, with the places that encoding/json does not keep.
type tree struct {
	r       *reader
	data    []byte
	decoder *json.Decoder
	last    Place // of the value read last, and its offset
	offset  int
}

// errNested stops the reading of values that are nested too deep.
var errNested = errors.New("嵌套过深 nested too deep")

// values returns the values in data up to the first that cannot be read, which is a fault.
func (r *reader) values(data []byte) []node {
	t := &tree{r: r, data: data, decoder: json.NewDecoder(bytes.NewReader(data)), last: Place{File: r.file, Line: 1, Column: 1}}
	t.decoder.UseNumber()
	var all []node
	for {
		n, err := t.next(0)
		switch {
		case errors.Is(err, io.EOF) && t.rest() == len(data):
			return all
		case err != nil:
			t.broken(err)
			return all
		}
		all = append(all, n)
	}
}

// rest returns where the next token begins.
func (t *tree) rest() int {
	at := int(t.decoder.InputOffset())
	for at < len(t.data) && bytes.IndexByte([]byte(" \t\r\n,:"), t.data[at]) >= 0 {
		at++
	}
	return at
}

// place returns the place of an offset, which never goes back: a file of one long line is read once.
func (t *tree) place(offset int) Place {
	passed := t.data[t.offset:offset]
	if breaks := bytes.Count(passed, []byte{'\n'}); breaks > 0 {
		t.last.Line, t.last.Column = t.last.Line+breaks, 1
		passed = passed[bytes.LastIndexByte(passed, '\n')+1:]
	}
	t.last.Column += utf8.RuneCount(passed)
	t.offset = offset
	return t.last
}

// broken reports why the text is not JSON.
func (t *tree) broken(err error) {
	at := t.rest()
	for _, word := range []string{"NaN", "Inf", "-Inf"} {
		if bytes.HasPrefix(t.data[at:], []byte(word)) {
			t.r.fault(t.place(at), "JSON 里没有 NaN 和 Infinity，不知道的请略去 JSON has no NaN and no Infinity: leave out what is not known")
			return
		}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		t.r.fault(t.place(len(t.data)), "JSON 没有写完，缺少括号或引号 the JSON ends early: a bracket or a quote is missing")
		return
	}
	t.r.fault(t.place(at), "不是 JSON：此处有多余或缺少的逗号、引号或括号 this is not JSON: %v", err)
}

func (t *tree) next(depth int) (node, error) {
	if depth > deepest {
		return node{}, errNested
	}
	n := node{at: t.place(t.rest())}
	token, err := t.decoder.Token()
	if err != nil {
		return n, err
	}
	switch token {
	case json.Delim('{'):
		n.value, err = t.members(depth)
	case json.Delim('['):
		n.value, err = t.items(depth)
	default:
		n.value = token
	}
	return n, err
}

func (t *tree) items(depth int) ([]node, error) {
	items := []node{}
	for t.decoder.More() {
		n, err := t.next(depth + 1)
		if err != nil {
			return nil, unfinished(err)
		}
		items = append(items, n)
	}
	_, err := t.decoder.Token()
	return items, unfinished(err)
}

func (t *tree) members(depth int) ([]member, error) {
	members := []member{}
	for t.decoder.More() {
		at := t.place(t.rest())
		key, err := t.decoder.Token()
		if err != nil {
			return nil, unfinished(err)
		}
		value, err := t.next(depth + 1)
		if err != nil {
			return nil, unfinished(err)
		}
		members = append(members, member{key: key.(string), at: at, value: value})
	}
	_, err := t.decoder.Token()
	return members, unfinished(err)
}

// unfinished tells the end of the text inside a value from its end after one.
func unfinished(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
