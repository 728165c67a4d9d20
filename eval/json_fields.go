package eval

import (
	"encoding/json"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// fields reads the members of an object by key.
type fields struct {
	r  *reader
	at Place
	by map[string]node
}

// object returns n's members; keys that are not in known, and keys that stand twice, are faults. A null
// counts as left out.
func (r *reader) object(n node, known ...string) (fields, bool) {
	members, ok := n.value.([]member)
	if !ok {
		r.fault(n.at, "此处须为对象 { } an object in braces is wanted here")
		return fields{}, false
	}
	f := fields{r: r, at: n.at, by: map[string]node{}}
	seen := map[string]Place{}
	for _, m := range members {
		if !slices.Contains(known, m.key) {
			r.fault(m.at, "未知的键 unknown key%s", quoted(m.key)+hint(m.key, known))
			continue
		}
		twice(r, seen, m.key, m.at, "键 key")
		if m.value.value != nil {
			f.by[m.key] = m.value
		}
	}
	return f, true
}

// need returns a value that must be there.
func (f fields) need(key string) (node, bool) {
	n, ok := f.by[key]
	if !ok {
		f.r.fault(f.at, "缺少 %q is missing", key)
	}
	return n, ok
}

// words reads a text.
func (r *reader) words(n node) (string, bool) {
	text, ok := n.value.(string)
	if !ok {
		r.fault(n.at, "此处须为带引号的文字 a text in quotes is wanted here")
	}
	return text, ok
}

// digits reads a number as it is written.
func (r *reader) digits(n node) (string, bool) {
	number, ok := n.value.(json.Number)
	if !ok {
		r.fault(n.at, "此处须为不带引号的数字 a number without quotes is wanted here")
	}
	return number.String(), ok
}

func (f fields) needText(key string) (string, Place, bool) {
	n, ok := f.need(key)
	if !ok {
		return "", n.at, false
	}
	text, ok := f.r.words(n)
	return text, n.at, ok
}

func (f fields) needMillis(key string) (call.Millis, bool) {
	n, ok := f.need(key)
	if !ok {
		return 0, false
	}
	digits, ok := f.r.digits(n)
	if !ok {
		return 0, false
	}
	return f.r.millis(n.at, digits)
}

func (f fields) span() (call.Span, bool) {
	start, ok := f.needMillis("start_ms")
	end, also := f.needMillis("end_ms")
	if !ok || !also {
		return call.Span{}, false
	}
	return f.r.span(f.at, start, end)
}

func (f fields) needRole(key string) (call.Role, bool) {
	text, at, ok := f.needText(key)
	if !ok {
		return "", false
	}
	return f.r.role(at, text)
}

// flag reads a value that is true, false or left out.
func (f fields) flag(key string) *bool {
	n, ok := f.by[key]
	if !ok {
		return nil
	}
	value, ok := n.value.(bool)
	if !ok {
		f.r.fault(n.at, "须为 true 或 false true or false is wanted here")
		return nil
	}
	return &value
}
