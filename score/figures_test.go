package score_test

import (
	"fmt"
	"testing"

	"github.com/zhijian-qa/zhijian/score"
)

// TestMeasuresInRules judges each measure by a rule that passes up to a value and fails beyond it.
func TestMeasuresInRules(t *testing.T) {
	t.Parallel()
	const held = "0-3 agent: 您好请问有什么可以帮您\n3.5-7 customer: 我想查一下这个月的电费\n7.5-9 agent: 请您稍等一分钟\n"
	const turns = "0-3 agent: 您好请问有什么可以帮您\n4-7 customer: 我家停电了\n9-12 agent: 请问您的地址是哪里\n12.5-14 customer: 和平路三号楼\n15-17 agent: 好的我为您登记了\n17.5-19 customer: 那什么时候来电\n20-22 agent: 两个小时之内来电\n"
	for name, tc := range map[string]struct {
		measure string
		upTo    float64
		script  string
		want    string
	}{
		"kept waiting":             {"hold_overrun", 0, held + "100-103 agent: 让您久等了", "fail"},
		"kept its word":            {"hold_overrun", 0, held + "60-63 agent: 让您久等了", "pass"},
		"the customer's own wait":  {"hold_overrun", 0, "0-3 agent: 请问您的户号是多少\n4-7 customer: 你稍等一分钟我找找\n100-103 customer: 找到了三二零五", "pass"},
		"no thanks":                {"waits_without_return", 0, held + "60-66 agent: 您这个月的电费一共是两百元整", "fail"},
		"thanks":                   {"waits_without_return", 0, held + "60-66 agent: 感谢您的耐心等待一共两百元", "pass"},
		"perhaps thanks":           {"waits_without_return", 0, held + "60-66 agent(0.2): [?]", "review"},
		"asked to wait again":      {"waits_without_return", 0, held + "60-62 agent: 请您再稍等一下\n80-83 agent: 让您久等了", "pass"},
		"a wait outstayed":         {"silences", 0, held + "100-103 agent: 让您久等了", "fail"},
		"a wait as promised":       {"silences", 0, held + "50-53 agent: 让您久等了", "pass"},
		"the customer's silence":   {"silences", 0, "0-4 agent: 您好请问您的户号是多少？\n30-34 customer: 户号是三二零五一八", "review"},
		"the agent's silence":      {"silences", 0, "0-4 customer: 你好我想查一下电费\n30-34 agent: 您的电费是两百元", "fail"},
		"fast":                     {"fastest_utterance", 300, "0-4 agent: 您好请问有什么可以帮您\n5-8 agent: 居民用电实行阶梯电价一共分成三档用得越多价格越高", "fail"},
		"not fast":                 {"fastest_utterance", 480, "0-4 agent: 您好请问有什么可以帮您\n5-8 agent: 居民用电实行阶梯电价一共分成三档用得越多价格越高", "pass"},
		"nothing long enough":      {"fastest_utterance", 300, "0-1 agent: 您好\n3-6 customer: 我家停电了", "not_applicable"},
		"shouts":                   {"shouts", 0, shouted, "fail"},
		"no shout":                 {"shouts", 0, "0-6 agent -25dB: 您好请问有什么可以帮您\n6.5-9 agent -24dB: 好的我知道了", "pass"},
		"levels not known":         {"shouts", 0, "0-6 agent: 您好请问有什么可以帮您", "not_applicable"},
		"slow to answer":           {"response_median", 0.5, turns, "fail"},
		"quick to answer":          {"response_median", 1, turns, "pass"},
		"slow now and then":        {"response_p90", 1.5, turns, "fail"},
		"never slow":               {"response_p90", 2, turns, "pass"},
		"too few turns":            {"response_median", 1, held, "not_applicable"},
		"a long monologue":         {"longest_monologue", 2.5, turns, "fail"},
		"a short one":              {"longest_monologue", 3, turns, "pass"},
		"no long one":              {"long_monologues", 0, turns, "pass"},
		"answered late":            {"answer_delay", 15, "answer_delay 20\n" + turns, "fail"},
		"answered at once":         {"answer_delay", 15, "answer_delay 8\n" + turns, "pass"},
		"delay not known":          {"answer_delay", 15, turns, "not_applicable"},
		"both at once":             {"overlap", 1, "0-6 agent: 您好请问有什么可以帮您\n3-8 customer: 我家停电了", "fail"},
		"hardly both at once":      {"overlap", 1, turns, "pass"},
		"little talk in the call":  {"non_talk_share", 0.5, held + "100-103 agent: 让您久等了", "fail"},
		"talk for most of it":      {"non_talk_share", 0.5, turns, "pass"},
		"the channel is dead":      {"non_talk_share", 0.5, "health customer bad silent\n" + turns, "not_applicable"},
		"a monologue not measured": {"longest_monologue", 3, "health customer bad silent\n" + turns, "not_applicable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rules := fmt.Sprintf("  - {id: a.b, zh: 试, kind: measure, measure: %s, limit_seconds: 8, points: 4, bands: [{up_to: %g, share: 1}, {share: 0, outcome: fail}]}\n", tc.measure, tc.upTo)
			record := judge(t, scorerOf(t, "", rules), tc.script)
			c := record.Score.Criteria[0]
			if string(c.Outcome) != tc.want {
				t.Errorf("got %s, %s %s, want %s\n%+v", c.Outcome, c.Note, c.Reason, tc.want, record.Measures)
			}
			if c.Outcome == score.OutcomeFail && (len(c.Evidence) == 0 || c.Note == "" || c.NoteEN == "") {
				t.Errorf("points are lost without evidence: %+v", c)
			}
			holds := judge(t, scorerOf(t, "", fmt.Sprintf("  - {id: a.b, zh: 试, kind: expression, points: 4, holds: '%s <= %g'}\n", tc.measure, tc.upTo)), tc.script)
			if got := holds.Score.Criteria[0].Outcome; tc.measure != "silences" && tc.measure != "waits_without_return" && string(got) != tc.want {
				t.Errorf("as an expression: got %s, want %s", got, tc.want)
			}
		})
	}
}

// A rule may ask for what the customer's voice tells.
func TestAMeasureOfEitherPartyIsACondition(t *testing.T) {
	t.Parallel()
	const loudCustomer = "0-6 agent -25dB: 您好请问有什么可以帮您\n6.5-12 customer -26dB: 我家停电了从早上到现在\n12.5-15 customer -12dB: 你们到底管不管\n15.5-18 agent -25dB: 您的心情我非常理解\n"
	for role, want := range map[string]string{"customer": "pass 4", "agent": "not_applicable 0"} {
		rule := "  - {id: a.b, zh: 试, kind: must_say, lists: [empathy], points: 4, when: [{measure: shouts, from: 1, role: " + role + "}]}\n"
		if got := outcomes(judge(t, scorerOf(t, "", rule), loudCustomer)); got != want {
			t.Errorf("%s: got %s, want %s", role, got, want)
		}
	}
}

func TestWhatARuleSaysAboutSilences(t *testing.T) {
	t.Parallel()
	const start = "0-3 agent: 您好请问有什么可以帮您\n3.5-7 customer: 我想查一下这个月的电费\n"
	const wait, back = "7.5-9 agent: 请您稍等一分钟\n", "100-103 agent: 让您久等了一共两百元\n"
	const dead, question = "120-123 agent: 您还有两笔没有交\n", "124-126 agent: 请问您的户号是多少？\n140-143 customer: 三二零五一八\n"
	for script, want := range map[string]string{
		start + "7.5-9 agent: 一共两百元":   "0 次超过 8 秒的静音没有事先说明",
		start + wait + back:            "1 次等待超出说好的时间",
		start + wait + back + dead:     "1 次超过 8 秒的静音没有事先说明，1 次等待超出说好的时间",
		start + wait + back + question: "1 次超过 8 秒的静音没有事先说明，1 次等待超出说好的时间；有 1 次应由客户说话",
		start + "8-10 agent: 请问您的户号是多少？\n30-33 customer: 三二零五": "0 次超过 8 秒的静音没有事先说明；有 1 次应由客户说话；有拿不准的地方，请复核",
	} {
		rule := "  - {id: a.b, zh: 试, kind: measure, measure: silences, limit_seconds: 8, points: 4, bands: [{up_to: 0, share: 1}, {share: 0, outcome: fail}]}\n"
		if got := judge(t, scorerOf(t, "", rule), script).Score.Criteria[0].Note; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
