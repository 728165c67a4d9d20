package source

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/call"
)

// column is one field of a manifest, a sidecar file or a file-name pattern.
type column struct {
	name    string
	aliases []string // further headings that mean the same
	get     func(call.Metadata) string
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
		get: func(m call.Metadata) string {
			if m.StartedAt.IsZero() {
				return ""
			}
			return m.StartedAt.Format(time.RFC3339Nano)
		},
		set: func(m *call.Metadata, text string, zone *time.Location) (err error) {
			m.StartedAt, err = parseTime(text, zone)
			return err
		},
	},
	choiceColumn("direction", func(m *call.Metadata) *string { return &m.Direction }, directions, "方向", "呼叫方向"),
	choiceColumn("scenario", func(m *call.Metadata) *string { return &m.Scenario }, scenarios, "场景", "业务类型"),
	{
		name: "agent_channel", aliases: []string{"坐席声道"},
		get: func(m call.Metadata) string {
			if m.AgentChannel == nil {
				return ""
			}
			return strconv.Itoa(*m.AgentChannel)
		},
		set: func(m *call.Metadata, text string, _ *time.Location) error {
			side, ok := channels[strings.ToLower(text)]
			if !ok {
				return fmt.Errorf("%q is not a channel: 0 or left, 1 or right", text)
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
		get: func(m call.Metadata) string {
			if m.Rings == nil {
				return ""
			}
			return strconv.Itoa(*m.Rings)
		},
		set: func(m *call.Metadata, text string, _ *time.Location) error {
			rings, err := strconv.Atoi(text)
			if err != nil || rings < 0 || rings > mostRings {
				return fmt.Errorf("%q is not a number of rings, 0 to %d", text, mostRings)
			}
			m.Rings = &rings
			return nil
		},
	},
	choiceColumn("hung_up_by", func(m *call.Metadata) *string { return &m.HungUpBy }, parties, "挂机方", "挂断方"),
}

const mostRings = 1000

var (
	directions = map[string]string{"in": "inbound", "呼入": "inbound", "out": "outbound", "呼出": "outbound"}
	scenarios  = map[string]string{"报修": "repair", "故障报修": "repair", "咨询": "consultation", "投诉": "complaint", "回访": "callback"}
	parties    = map[string]string{"坐席": "agent", "客服": "agent", "客户": "customer", "用户": "customer"}
	channels   = map[string]int{"0": 0, "left": 0, "l": 0, "左": 0, "1": 1, "right": 1, "r": 1, "右": 1}
	yes        = []string{"1", "true", "yes", "y", "是", "满意", "非常满意", "已解决", "已办结"}
	no         = []string{"0", "false", "no", "n", "否", "不满意", "非常不满意", "未解决", "未办结"}
)

func textColumn(name string, field func(*call.Metadata) *string, aliases ...string) column {
	return column{
		name: name, aliases: aliases,
		get: func(m call.Metadata) string { return *field(&m) },
		set: func(m *call.Metadata, text string, _ *time.Location) error {
			if len(text) > 500 {
				return fmt.Errorf("the text has %d bytes, more than 500", len(text))
			}
			*field(m) = text
			return nil
		},
	}
}

// choiceColumn maps the words of a centre to the project's own; a word it does not know is kept.
func choiceColumn(name string, field func(*call.Metadata) *string, words map[string]string, aliases ...string) column {
	c := textColumn(name, field, aliases...)
	plain := c.set
	c.set = func(m *call.Metadata, text string, zone *time.Location) error {
		if own, ok := words[text]; ok {
			text = own
		}
		return plain(m, strings.ToLower(text), zone)
	}
	return c
}

func boolColumn(name string, field func(*call.Metadata) **bool, aliases ...string) column {
	return column{
		name: name, aliases: aliases,
		get: func(m call.Metadata) string {
			if v := *field(&m); v != nil {
				return strconv.FormatBool(*v)
			}
			return ""
		},
		set: func(m *call.Metadata, text string, _ *time.Location) error {
			value := slices.Contains(yes, strings.ToLower(text))
			if !value && !slices.Contains(no, strings.ToLower(text)) {
				return fmt.Errorf("%q is neither yes nor no (1, true, 是; 0, false, 否)", text)
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

var timeLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04",
	"2006/1/2 15:04:05", "2006/1/2 15:04", "20060102150405", "20060102_150405", "20060102-150405", "20060102T150405",
	"2006-01-02_15-04-05", time.DateOnly, "2006/1/2", "20060102",
}

func parseTime(text string, zone *time.Location) (time.Time, error) {
	for _, layout := range timeLayouts {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time such as 2026-11-21 09:30:00", text)
}
