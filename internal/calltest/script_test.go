package calltest_test

import (
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/calltest"
)

func TestParse(t *testing.T) {
	t.Parallel()
	c, err := calltest.Parse(`
# 一通电话
duration 60.0
scenario complaint
complaint yes
0.5-3.9 agent: 您好，很高兴为您服务
4.2-9.0 customer(0.5)： 我家停电了[?]
9.5-10.0 agent: [?]
10-11 agent removed hallucination:credit: 字幕
silence 12
agent: 请稍等
health customer warn quiet
`)
	if err != nil {
		t.Fatal(err)
	}
	if c.Recording.Duration != 60000 || c.Recording.Scenario != "complaint" || !*c.Recording.Complaint {
		t.Errorf("got recording %+v", c.Recording)
	}
	if got := len(c.Transcript.Utterances); got != 3 {
		t.Fatalf("got %d utterances, want 3", got)
	}
	first, second, last := c.Transcript.Utterances[0], c.Transcript.Utterances[1], c.Transcript.Utterances[2]
	if first.Role != call.RoleAgent || first.Span != (call.Span{Start: 500, End: 3900}) || len(first.Words) != 9 {
		t.Errorf("got first utterance %+v", first)
	}
	var text strings.Builder
	for _, w := range first.Words {
		text.WriteString(w.Text)
	}
	if text.String() != first.Text || first.Words[0].Start != 500 || first.Words[8].End != 3900 {
		t.Errorf("the words %v do not make up %q", first.Words, first.Text)
	}
	if second.Text != "我家停电了" || second.Confidence != 0.5 {
		t.Errorf("got second utterance %+v", second)
	}
	if last.Start != 23400 || last.Length() != 750 {
		t.Errorf("got last utterance at %v, want 23400 to 24150", last.Span)
	}
	if got := len(c.Transcript.Speech[call.RoleAgent]); got != 3 {
		t.Errorf("got %d spans of the agent, want 3", got)
	}
	if got := c.Transcript.Removed; len(got) != 1 || got[0].Reason != "hallucination:credit" {
		t.Errorf("got removed %v", got)
	}
	if got := c.Health[1]; got.Status != call.StatusWarn || got.Reasons[0] != call.ReasonQuiet || got.Channel != 1 {
		t.Errorf("got health %+v", got)
	}
}

func TestParseMono(t *testing.T) {
	t.Parallel()
	c, err := calltest.Parse("mono\nagent: 您好\n")
	if err != nil {
		t.Fatal(err)
	}
	if c.Transcript.Utterances[0].Role != call.RoleUnknown || c.Health[0].Reasons[0] != call.ReasonMono {
		t.Errorf("got %+v", c)
	}
}

func TestParseWhatTheSwitchAndTheChannelsTell(t *testing.T) {
	t.Parallel()
	c, err := calltest.Parse("rings 4\nhung_up_by customer\nlevel agent -18.5\nagent: 您好\n")
	if err != nil {
		t.Fatal(err)
	}
	if c.Recording.Rings == nil || *c.Recording.Rings != 4 || c.Recording.HungUpBy != "customer" {
		t.Errorf("got %+v", c.Recording)
	}
	if c.Health[0].LevelDB == nil || *c.Health[0].LevelDB != -18.5 || c.Health[1].LevelDB != nil {
		t.Errorf("got %+v", c.Health)
	}
}

func TestParseFaults(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]string{
		"agent: 您好\nagnet: 您好":        "line 2: neither an utterance",
		"3-2 agent: 您好":               "line 1: 3-2 ends before it begins",
		"agent(1.5): 您好":              `confidence "1.5" is not from 0 to 1`,
		"duration long":               `"long" is not a time`,
		"complaint maybe":             `"maybe" is neither yes nor no`,
		"health agent":                "health wants",
		"rings many":                  `"many" is not a number of rings`,
		"level agent":                 "level wants a role and decibels",
		"level agent loud":            `"loud" is not a level`,
		"health nobody bad":           "health wants",
		"1.2.3-4 agent: 您好":           `"1.2.3" is not a time`,
		"started_at 2026-13-01T00:00": "line 1:",
	} {
		if _, err := calltest.Parse(script); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", script, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("duration 3\n0.5-3.9 agent(0.3): 您好，[?]\nsilence 2\ncustomer removed x: y\n")
	f.Fuzz(func(t *testing.T, script string) {
		c, err := calltest.Parse(script)
		if err != nil {
			return
		}
		for _, u := range c.Transcript.Utterances {
			if u.Empty() || u.Text == "" || len(u.Words) == 0 {
				t.Errorf("got utterance %+v", u)
			}
		}
	})
}
