package eval

import (
	"bytes"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/zhijian-qa/zhijian/call"
)

// The bounds of what a file of labels may hold.
const (
	mostFaults = 50                        // of one file are listed
	longest    = call.Millis(100 * 3600e3) // no call is longer
	mostText   = 100_000                   // characters of all utterances of a call: more than 30 h of talk
	longWord   = 40                        // characters of a word that a fault may quote
)

// Read returns the labels in a file: JSON when its name ends in .json or .jsonl or its text begins with a
// brace or a bracket, else CSV. The error is a *Faults with everything that is wrong, by line and
// column; it quotes no texts.
func Read(file string, data []byte) ([]Labels, error) {
	r := &reader{file: file, calls: map[string]int{}}
	text, ok := r.decode(data)
	if !ok {
		return nil, r.faults.Err()
	}
	var labels []Labels
	if isJSON(file, text) {
		labels = r.json(text)
	} else {
		labels = r.csv(text)
	}
	r.check(labels)
	return labels, r.faults.Err()
}

func isJSON(file string, text []byte) bool {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".json", ".jsonl":
		return true
	case ".csv":
		return false
	}
	start := bytes.TrimSpace(text)
	return len(start) > 0 && (start[0] == '{' || start[0] == '[')
}

// reader collects the faults of one file.
type reader struct {
	file   string
	faults Faults
	more   bool           // there were too many faults to list
	calls  map[string]int // where the labels of a call are, in a file with a row for each label
}

func (r *reader) fault(at Place, format string, args ...any) {
	switch {
	case r.faults.Len() < mostFaults:
		r.faults.Add(at.fault(format, args...))
	case !r.more:
		r.more = true
		r.faults.Add(Fault{File: r.file, Message: "错误太多，只列出一部分 there are too many faults to list them all"})
	}
}

// decode returns data without its byte-order mark, and false when it is not text in UTF-8.
func (r *reader) decode(data []byte) ([]byte, bool) {
	const how = "请另存为 UTF-8；Excel：另存为 → “CSV UTF-8（逗号分隔）” save it as UTF-8; in Excel: Save As, “CSV UTF-8 (comma delimited)”"
	start := Place{File: r.file, Line: 1, Column: 1}
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		r.fault(start, "这是 UTF-16 文本 the text is UTF-16. %s", how)
		return nil, false
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if at := invalid(data); at >= 0 {
		r.fault(placeIn(r.file, data, at), "不是 UTF-8 文本（可能是 GBK） the text is not UTF-8, perhaps GBK. %s", how)
		return nil, false
	}
	if at := bytes.IndexByte(data, 0); at >= 0 {
		r.fault(placeIn(r.file, data, at), "含有 NUL 字符，不是文本 it holds a NUL character and is no text. %s", how)
		return nil, false
	}
	if len(bytes.TrimSpace(data)) == 0 {
		r.fault(start, "文件是空的 the file is empty")
		return nil, false
	}
	return data, true
}

// invalid returns where data stops being UTF-8, −1 when it never does.
func invalid(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size <= 1 {
			return at
		}
		at += size
	}
	return -1
}

// placeIn returns the place of the byte at offset.
func placeIn(file string, data []byte, offset int) Place {
	before := data[:min(offset, len(data))]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return Place{File: file, Line: bytes.Count(before, []byte{'\n'}) + 1, Column: utf8.RuneCount(line) + 1}
}

// check finds what contradicts itself, whatever form the file has.
func (r *reader) check(labels []Labels) {
	calls, sound := map[string]Place{}, r.faults.Len() == 0
	for _, l := range labels {
		r.checkTwice(calls, l.Call, l.At, "通话 call")
		if sound && l.Empty() {
			r.fault(l.At, "没有任何标注 nothing is labelled in this call")
		}
		r.checkItems(l)
	}
}

func (r *reader) checkItems(l Labels) {
	rules, measures := map[string]Place{}, map[string]Place{}
	for _, rule := range l.Rules {
		r.checkTwice(rules, rule.ID, rule.At, "规则 rule")
	}
	for _, m := range l.Measures {
		r.checkTwice(measures, m.Name, m.At, "指标 measure")
	}
	spans, starts, silences := map[Utterance]Place{}, map[Interruption]Place{}, map[call.Span]Place{}
	characters := 0
	for _, u := range l.Utterances {
		characters += utf8.RuneCountInString(u.Text)
		twice(r, spans, Utterance{Role: u.Role, Span: u.Span}, u.At, "话语 utterance")
	}
	if characters > mostText {
		r.fault(l.At, "话语超过 %d 字，不是一通电话 the utterances have more than %d characters: this is not one call", mostText, mostText)
	}
	for _, i := range l.Interruptions {
		twice(r, starts, Interruption{By: i.By, Start: i.Start}, i.At, "抢话 interruption")
	}
	for _, s := range l.Silences {
		twice(r, silences, s.Span, s.At, "沉默 silence")
	}
}
