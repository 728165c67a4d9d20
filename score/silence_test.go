package score_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

const opening = "0.5-4 agent: 您好，请问有什么可以帮您？\n5-9 customer: 我想查一下这个月的电费。\n"

// waited tells a silence and its hold language in a line.
func waited(s score.Silence) string {
	text := fmt.Sprintf("%d-%d for %s", s.Start, s.End, s.WaitingFor)
	if s.Hold == nil {
		return text
	}
	text += fmt.Sprintf(", held by %s", s.Hold.By)
	if s.Hold.PromisedMS != nil {
		text += fmt.Sprintf(", promised %d (%s), over %d", *s.Hold.PromisedMS, s.Hold.Promise, *s.Hold.OverrunMS)
	}
	if s.Hold.Renewed {
		text += ", renewed"
	}
	if s.Hold.Return != nil {
		text += fmt.Sprintf(", %s at %d", s.Hold.Return.Quote, s.Hold.Return.Start)
	}
	return text
}

func TestWhoShouldHaveSpoken(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	for name, tc := range map[string]struct{ script, want string }{
		"after the customer's question":  {opening + "15-18 agent: 一共两百元。", "9000-15000 for agent"},
		"after the agent's question":     {opening + "10-12 agent: 请问您的户号是多少？\n18-20 customer: 三二零五。", "12000-18000 for customer"},
		"a question without its mark":    {opening + "10-12 agent: 您是几号楼\n18-20 customer: 三号楼。", "12000-18000 for customer"},
		"after a request to speak":       {opening + "10-12 agent: 好的，请您报一下户号。\n18-20 customer: 三二零五。", "12000-18000 for customer"},
		"after the agent's statement":    {opening + "10-12 agent: 这个月的电费一共两百元。\n18-20 agent: 就这些。", "12000-18000 for agent"},
		"a question, then a statement":   {opening + "10-12 agent: 您好，您在吗？好的，查到了。\n18-20 agent: 一共两百元。", "12000-18000 for agent"},
		"the customer asks for patience": {opening + "9.5-11 agent: 户号是多少？\n11.5-13 customer: 等一下，我找找。\n25-27 customer: 三二零五。", "13000-25000 for customer, held by customer"},
		"words not recognised":           {opening + "10-12 agent: [?]\n18-20 agent: 一共两百元。", "12000-18000 for unknown"},
		"mono":                           {"mono\n" + opening + "18-20 agent: 一共两百元。", "9000-18000 for unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var all []string
			for _, silence := range judge(t, s, tc.script).Measures.Silences {
				all = append(all, waited(silence))
			}
			if got := strings.Join(all, "; "); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestPromisedWaits(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	const held = "for agent, held by agent"
	for name, tc := range map[string]struct{ script, want string }{
		"kept, and thanked for": {
			opening + "10-12 agent: 请您稍等两分钟。\n100-103 agent: 让您久等了，一共两百元。",
			"12000-100000 " + held + ", promised 120000 (两分钟), over 0, 让您久等了 at 100000",
		},
		"outstayed, and not a word about it": {
			opening + "10-12 agent: 请您稍等一分钟。\n100-103 agent: 一共两百元，您看可以吗。",
			"12000-100000 " + held + ", promised 60000 (一分钟), over 28000",
		},
		"no length": {
			opening + "10-12 agent: 请您稍等一下。\n30-33 agent: 感谢您的耐心等待。",
			"12000-30000 " + held + ", 感谢您的耐心等待 at 30000",
		},
		"the length first": {
			opening + "10-13 agent: 大概需要三十秒左右，麻烦您稍等。\n30-33 agent: 查到了，一共两百元。",
			"13000-30000 " + held + ", promised 30000 (三十秒), over 0, 查到了 at 30000",
		},
		"the length in the sentence before": {
			opening + "10-12 agent: 请您稍等，大概2分钟。\n12.5-14 agent: 请您不要挂机。\n200-203 agent: 久等了。",
			"14000-200000 " + held + ", promised 120000 (2分钟), over 66000, 久等了 at 200000",
		},
		"a length that is about something else": {
			opening + "10-14 agent: 工作人员两小时内到达，请您稍等。\n30-33 agent: 感谢您的等待。",
			"14000-30000 " + held + ", 感谢您的等待 at 30000",
		},
		"asked again": {
			opening + "10-12 agent: 请您稍等一分钟。\n50-52 agent: 请您再稍等一下。\n80-83 agent: 让您久等了。",
			"12000-50000 " + held + ", promised 60000 (一分钟), over 0, renewed; 52000-80000 " + held + ", 让您久等了 at 80000",
		},
		"the customer asks whether anybody is there": {
			opening + "10-12 agent: 请您稍等两分钟。\n60-61 customer: 喂？\n90-93 agent: 让您久等了。",
			"12000-60000 " + held + ", promised 120000 (两分钟), over 0; 61000-90000 " + held + ", promised 120000 (两分钟), over 0, 让您久等了 at 90000",
		},
		"the thanks come too late": {
			opening + "10-12 agent: 请您稍等。\n30-43 agent: 一共两百元，其中居民用电一百八十元，其他二十元，从这个月开始。\n43.5-45 agent: 让您久等了。",
			"12000-30000 " + held,
		},
		"the customer's thanks are not the agent's": {
			opening + "10-12 agent: 请您稍等。\n30-32 customer: 让您久等了吧。\n33-35 agent: 一共两百元。",
			"12000-30000 " + held,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var all []string
			for _, silence := range judge(t, s, tc.script).Measures.Silences {
				all = append(all, waited(silence))
			}
			if got := strings.Join(all, "; "); got != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

// A dead channel is not one on which nobody speaks: the other party's measures stay.
func TestADeadChannelHasNoTalkTime(t *testing.T) {
	t.Parallel()
	m := judge(t, scorer(t, "power-service"), "health customer bad silent\n0-6 agent: 您好，请问有什么可以帮您？").Measures
	if _, known := m.TalkMS[call.RoleCustomer]; known || m.Withheld["talk_ms.customer"] != "silent" {
		t.Errorf("the customer talks %v, withheld %v", m.TalkMS, m.Withheld)
	}
	if m.TalkMS[call.RoleAgent] != 6000 || m.CharsPerMinute[call.RoleAgent] == 0 {
		t.Errorf("the agent talks %v at %v", m.TalkMS, m.CharsPerMinute)
	}
}

// What fills a silence is told with it, whoever's channel it is on, and goes with the roles.
func TestSoundsInSilences(t *testing.T) {
	t.Parallel()
	c := parse(t, opening+"10-12 agent: 请您稍等一下。\n30-33 agent: 感谢您的耐心等待。\n")
	c.Transcript.Sounds = map[call.Role][]call.Sound{
		call.RoleAgent: {
			{Span: call.Span{Start: 12_400, End: 29_700}, Kind: call.SoundMusic},
			{Span: call.Span{Start: 29_700, End: 30_100}, Kind: call.SoundTone}, // too short to tell
		},
		call.RoleCustomer: {
			{Span: call.Span{Start: 100, End: 400}, Kind: call.SoundRingback}, // before the first word
			{Span: call.Span{Start: 15_000, End: 17_000}, Kind: call.SoundKeys},
			{Span: call.Span{Start: 18_000, End: 19_000}, Kind: call.SoundKeys},
		},
	}
	s := scorer(t, "power-service")
	health, swapped := score.SwapRoles(c.Health, c.Transcript)
	for name, rec := range map[string]score.Record{"as it is": s.Score(c.Recording, c.Health, c.Transcript), "swapped": s.Score(c.Recording, health, swapped)} {
		silences := rec.Measures.Silences
		if len(silences) != 1 || !slices.Equal(silences[0].Sounds, []call.SoundKind{call.SoundMusic, call.SoundKeys}) {
			t.Errorf("%s: got %+v", name, silences)
		}
	}
	if got := swapped.Sounds[call.RoleCustomer]; len(got) != 2 || got[0].Kind != call.SoundMusic {
		t.Errorf("the customer's sounds after the swap: %+v", got)
	}
}
