package source

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/zhijian-qa/zhijian/call"
)

// column is one field of a manifest, a sidecar file or a file-name pattern. The errors of set never
// quote the text: when a line's fields have slipped, any of them can hold personal data.
type column struct {
	name    string
	aliases []string // further headings that mean the same
	set     func(*call.Metadata, string, *time.Location) error
}

// columns lists the fields in the order of docs/configuration.md; path is handled apart.
var columns = []column{
	textColumn("agent", func(m *call.Metadata) *string { return &m.Agent }, "agent_id", "坐席", "坐席工号", "工号"),
	textColumn("name", func(m *call.Metadata) *string { return &m.AgentName }, "agent_name", "姓名", "坐席姓名"),
	textColumn("team", func(m *call.Metadata) *string { return &m.Team }, "班组", "团队", "部门"),
	textColumn("customer", func(m *call.Metadata) *string { return &m.Customer }, "customer_number", "客户号码", "来电号码", "主叫号码"),
	{
		name: "started_at", aliases: []string{"start", "time", "开始时间", "通话时间", "时间"},
		set: func(m *call.Metadata, text string, zone *time.Location) (err error) {
			m.StartedAt, err = parseTime(text, zone)
			return err
		},
	},
	choiceColumn("direction", func(m *call.Metadata) *string { return &m.Direction }, call.Direction, "方向", "呼叫方向"),
	choiceColumn("scenario", func(m *call.Metadata) *string { return &m.Scenario }, call.Scenario, "场景", "业务类型"),
	{
		name: "agent_channel", aliases: []string{"坐席声道"},
		set: func(m *call.Metadata, text string, _ *time.Location) error {
			side, ok := channels[strings.ToLower(text)]
			if !ok {
				return errors.New("it is not a channel: 0 or left, 1 or right")
			}
			m.AgentChannel = &side
			return nil
		},
	},
	boolColumn("satisfaction", func(m *call.Metadata) **bool { return &m.Satisfaction }, "satisfied", "满意", "满意度", "是否满意"),
	boolColumn("complaint", func(m *call.Metadata) **bool { return &m.Complaint }, "投诉", "是否投诉"),
	boolColumn("settled", func(m *call.Metadata) **bool { return &m.Settled }, "办结", "投诉办结"),
	boolColumn("resolved", func(m *call.Metadata) **bool { return &m.Resolved }, "解决", "是否解决", "一次解决"),
	{
		name: "rings", aliases: []string{"响铃", "响铃次数", "响铃声数"},
		set: func(m *call.Metadata, text string, _ *time.Location) error {
			rings, err := strconv.Atoi(text)
			if err != nil || rings < 0 || rings > mostRings {
				return fmt.Errorf("it is not a number of rings, 0 to %d", mostRings)
			}
			m.Rings = &rings
			return nil
		},
	},
	{
		name: "answer_delay", aliases: []string{"ring_seconds", "应答时长", "振铃时长", "响铃时长"},
		set: func(m *call.Metadata, text string, _ *time.Location) error {
			delay, err := parseDelay(text)
			if err != nil {
				return err
			}
			m.AnswerDelay = &delay
			return nil
		},
	},
	choiceColumn("hung_up_by", func(m *call.Metadata) *string { return &m.HungUpBy }, call.PartyOf, "挂机方", "挂断方"),
}

const (
	mostRings = 1000
	mostDelay = 24 * 3600 // seconds
)

// parseDelay reads seconds, mm:ss or hh:mm:ss.
func parseDelay(text string) (call.Millis, error) {
	parts := strings.Split(text, ":")
	seconds := 0.0
	for i, part := range parts {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil || !(v >= 0 && v <= mostDelay) || len(parts) > 3 || i > 0 && v >= 60 {
			return 0, errors.New("it is not a length such as 12, 00:12 or 00:00:12")
		}
		seconds = seconds*60 + v
	}
	if seconds > mostDelay {
		return 0, errors.New("it is longer than a day")
	}
	return call.Millis(math.Round(seconds * 1000)), nil
}

var (
	channels = map[string]int{"0": 0, "left": 0, "l": 0, "左": 0, "1": 1, "right": 1, "r": 1, "右": 1}
	yes      = []string{"1", "true", "yes", "y", "是", "满意", "非常满意", "已解决", "已办结"}
	no       = []string{"0", "false", "no", "n", "否", "不满意", "非常不满意", "未解决", "未办结"}
)

func textColumn(name string, field func(*call.Metadata) *string, aliases ...string) column {
	return column{
		name: name, aliases: aliases,
		set: func(m *call.Metadata, text string, _ *time.Location) error {
			if len(text) > 500 {
				return fmt.Errorf("the text has %d bytes, more than 500", len(text))
			}
			if !plain(text) {
				return errors.New("the text has control characters")
			}
			*field(m) = text
			return nil
		},
	}
}

// choiceColumn maps the words of a centre to the project's own; a word it does not know is kept.
func choiceColumn(name string, field func(*call.Metadata) *string, named func(string) string, aliases ...string) column {
	c := textColumn(name, field, aliases...)
	set := c.set
	c.set = func(m *call.Metadata, text string, zone *time.Location) error {
		return set(m, named(text), zone)
	}
	return c
}

func boolColumn(name string, field func(*call.Metadata) **bool, aliases ...string) column {
	return column{
		name: name, aliases: aliases,
		set: func(m *call.Metadata, text string, _ *time.Location) error {
			value := slices.Contains(yes, strings.ToLower(text))
			if !value && !slices.Contains(no, strings.ToLower(text)) {
				return errors.New("it is neither yes nor no (1, true, 是; 0, false, 否)")
			}
			*field(m) = &value
			return nil
		},
	}
}

func findColumn(heading string) (column, bool) {
	heading = strings.ToLower(strings.TrimSpace(heading))
	for _, c := range columns {
		if c.name == heading || slices.Contains(c.aliases, heading) {
			return c, true
		}
	}
	return column{}, false
}

// pathColumn names the column that says where the recording is.
const pathColumn = "path"

// columnName returns the project's name for heading, and heading itself when it is not known.
func columnName(heading string) (name string, known bool) {
	heading = strings.ToLower(strings.TrimSpace(heading))
	switch heading {
	case pathColumn, "file", "路径", "文件", "录音", "录音文件", "文件名":
		return pathColumn, true
	}
	if c, ok := findColumn(heading); ok {
		return c.name, true
	}
	return heading, false
}

// badField is a field that could not be read.
type badField struct {
	column string
	err    error
}

// readFields returns what the fields say and which of them cannot be read.
func readFields(fields map[string]string, zone *time.Location) (m call.Metadata, faults []badField) {
	for _, c := range columns {
		if text := fields[c.name]; text != "" {
			if err := c.set(&m, text, zone); err != nil {
				faults = append(faults, badField{c.name, err})
			}
		}
	}
	return m, faults
}

var timeLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04",
	"2006/1/2 15:04:05", "2006/1/2 15:04", "20060102150405", "20060102_150405", "20060102-150405", "20060102T150405",
	"2006-01-02_15-04-05", time.DateOnly, "2006/1/2", "20060102",
}

func parseTime(text string, zone *time.Location) (time.Time, error) {
	for _, layout := range timeLayouts {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil && plausible(at) {
			return at, nil
		}
	}
	return time.Time{}, errors.New("it is not a time such as 2026-11-21 09:30:00")
}

// plausible tells a moment that can be written again from one that time.Parse lets pass, such as
// 2026-11-21T09:30:00+24:60.
func plausible(at time.Time) bool {
	_, offset := at.Zone()
	return at.Year() >= 1970 && at.Year() < 3000 && max(offset, -offset) < 24*3600
}

// plain reports whether text can be stored and printed as it is.
func plain(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}
