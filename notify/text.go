package notify

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Message is what a robot says, in the Markdown that all chats share: bold, links and lines.
type Message struct {
	Title string
	Head  []string // lines
	Items []Item   // one an alert
	More  int      // alerts that are not among the items
	Grave bool     // for the colour, where there is one
}

// Item is what a message says about one alert.
type Item struct {
	Lines []string
	Links string // what can be done, the first thing to go when a message gets too long
}

// lines returns those of the message with the first n items.
func (m Message) lines(n int, links bool) []string {
	lines := slices.Clone(m.Head)
	for _, item := range m.Items[:n] {
		lines = append(lines, item.Lines...)
		if links && item.Links != "" {
			lines = append(lines, item.Links)
		}
	}
	if rest := len(m.Items) - n + m.More; rest > 0 {
		lines = append(lines, fmt.Sprintf("……另有 %d 项 · and %d more", rest, rest))
	}
	return lines
}

// text returns the message in at most so many bytes: whole, or without links, or with fewer items.
func (m Message) text(newline string, most int) string {
	text := strings.Join(m.lines(len(m.Items), true), newline)
	for n := len(m.Items); len(text) > most && n >= 0; n-- {
		text = strings.Join(m.lines(n, false), newline)
	}
	return text
}

// Words give what labels stand for.
type Words struct {
	// Rule returns the names of a rule in Chinese and English, empty ones when it is not known.
	Rule func(id string) (zh, en string)
	// Span says which days an alert of an agent counts, in Chinese and English; empty when that is not known.
	Span func(agent, rule, window string) (zh, en string)
}

const (
	mostAlerts = 20 // of one message; the rest are counted
	mostField  = 64 // characters of a label or a name
)

// compose writes the message for a group.
func (b *Bridge) compose(g Group) Message {
	first := g.Alerts[0]
	zh, en := cmp.Or(first.Annotations["title"], first.Labels["alertname"]), first.Annotations["title_en"]
	m := Message{Title: "质检告警：" + plain(zh), Grave: first.Labels["level"] == "critical"}
	state := ""
	if g.Status == resolved {
		m.Title, state, m.Grave = "质检恢复："+plain(zh), "已恢复 · resolved", false
	}
	head := "**" + m.Title + "**"
	if en != "" {
		head += " · " + plain(en)
	}
	if n := len(g.Alerts) + g.Truncated; n > 1 {
		head += fmt.Sprintf("（共 %d 项 · %d alerts）", n, n)
	}
	m.Head = append(m.Head, head)
	if state != "" {
		m.Head = append(m.Head, state)
	}
	shown := min(len(g.Alerts), mostAlerts)
	for _, alert := range g.Alerts[:shown] {
		m.Items = append(m.Items, b.describe(alert))
	}
	m.More = len(g.Alerts) - shown + g.Truncated
	return m
}

// describe says of one alert who, what, how often, when, and what can be done.
func (b *Bridge) describe(a Alert) Item {
	var lines []string
	if agent := a.Labels["agent"]; agent != "" {
		lines = append(lines, "坐席 agent "+bold(agent)+team(a)+"："+b.rule(a))
	}
	zh, en := plainLine(a.Annotations["summary"]), plainLine(a.Annotations["summary_en"])
	if span, spanEN := b.span(a); span != "" {
		zh, en = span+" "+zh, strings.TrimSpace(en+" "+spanEN)
	}
	if line := join(zh, en); line != "" {
		lines = append(lines, line)
	}
	if a.Status == resolved {
		return Item{Lines: lines}
	}
	return Item{Lines: lines, Links: b.links(a)}
}

func team(a Alert) string {
	if t := a.Labels["team"]; t != "" {
		return "（" + plain(t) + "）"
	}
	return ""
}

// rule names the rule with its severity.
func (b *Bridge) rule(a Alert) string {
	id := a.Labels["rule"]
	zh, en := b.words.Rule(id)
	name := bold(cmp.Or(zh, id))
	if en != "" {
		name += " " + plain(en)
	}
	if zh != "" {
		name += "（" + plain(id) + "）"
	}
	if severity, known := severities[a.Labels["severity"]]; known {
		name += " · " + severity
	}
	return name
}

var severities = map[string]string{"minor": "一般 minor", "serious": "严重 serious", "critical": "重大 critical"}

func (b *Bridge) span(a Alert) (zh, en string) {
	if a.Labels["agent"] == "" || a.Labels["rule"] == "" {
		return "", ""
	}
	return b.words.Span(a.Labels["agent"], a.Labels["rule"], a.Labels["window"])
}

func join(zh, en string) string {
	if zh == "" || en == "" {
		return zh + en
	}
	return zh + " · " + en
}

func bold(text string) string { return "**" + plain(text) + "**" }

// plain returns text of outside, short and without what a chat would take for marks, mentions or links.
func plain(text string) string {
	clean := plainLine(text)
	if runes := []rune(clean); len(runes) > mostField {
		return string(runes[:mostField]) + "…"
	}
	return clean
}

// plainLine returns text of any length as plain does.
func plainLine(text string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.In(r, unicode.Cf):
			return ' '
		case strings.ContainsRune("[]()<>*`\\!|~@", r):
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(clean)
}
