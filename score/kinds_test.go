package score_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/score"
)

// scorerOf returns a scorer with the rules given, indented by nothing.
func scorerOf(t testing.TB, head, rules string) *score.Scorer {
	t.Helper()
	lex, err := sharedLexicon()
	if err != nil {
		t.Fatal(err)
	}
	text := "name: tried\nzh: 试\nmin_talk_seconds: 1\n" + head + "rules:\n" + rules
	card, err := score.LoadScorecard(write(t, text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	s, err := score.New(lex, card, score.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// outcomes tells how the criteria of a call come out, as outcome and points.
func outcomes(r score.Record) string {
	var all []string
	for _, c := range r.Score.Criteria {
		all = append(all, fmt.Sprintf("%s %g", c.Outcome, c.Points))
	}
	return strings.Join(all, ", ")
}

const (
	flowRule = `  - {id: flow.x, zh: 流程, kind: flow, points: 6, steps: [{zh: 问候, lists: [greeting]}, {zh: 致歉, lists: [apology], within_seconds: 30}, {zh: 再见, lists: [closing]}]}
`
	silentStretch = "customer: 我家停电了，从早上八点多到现在一直没有电，想问一下是怎么回事，邻居家都有电。\n"
)

func TestKindsOfRules(t *testing.T) {
	t.Parallel()
	const noJargon = `  - {id: a.b, zh: 术语, kind: must_not_say, lists: [jargon], points: 4, per_hit: 2, cap: 3, at_most: 1, cleared_by: {lists: [plain_words], seconds: 10}}
`
	const readBack = `  - {id: a.b, zh: 复述, kind: read_back, of: [number, address], points: 4}
`
	const again = `  - {id: a.b, zh: 重复, kind: repetition, of: questions, points: 4, per_hit: 2, after: [asks_to_repeat], except: [anything_else]}
`
	const hinted = `  - {id: a.b, zh: 推诿, kind: must_not_say, lists: [shirking], maybe: [shirking_hint], points: 8, per_hit: 4}
`
	for name, tc := range map[string]struct{ rules, script, want string }{
		"a hint alone asks a person":  {hinted, "agent: 这件事请您找一下物业。\n" + silentStretch, "review 8"},
		"a hint on a hit is no place": {hinted, "agent: 这个不归我们管。\n" + silentStretch, "fail 4"},
		"neither":                     {hinted, "agent: 好的，我马上给您登记。\n" + silentStretch, "pass 8"},
		"flow in order":               {flowRule, "agent: 您好，这里是供电公司。\n" + silentStretch + "agent: 非常抱歉给您带来不便。\nagent: 祝您生活愉快，再见。", "pass 6"},
		"flow without a step":         {flowRule, "agent: 您好，这里是供电公司。\n" + silentStretch + "agent: 请您打开电表箱看一下开关。\nagent: 祝您生活愉快，再见。", "fail 4"},
		"flow out of order":           {flowRule, "agent: 非常抱歉给您带来不便。\n" + silentStretch + "agent: 您好，这里是供电公司。\nagent: 祝您生活愉快，再见。", "fail 4"},
		"flow whose optional step comes anywhere": {
			strings.Replace(flowRule, "{zh: 问候, lists: [greeting]}", "{zh: 安全, lists: [safety], optional: true}, {zh: 问候, lists: [greeting]}", 1),
			"agent: 您好，这里是供电公司。\n" + silentStretch + "agent: 非常抱歉给您带来不便。\nagent: 请您先关闭总闸，再见。", "pass 6",
		},
		"flow with a step late": {
			flowRule, "agent: 您好，这里是供电公司。\n" + silentStretch + "silence 40\nagent: 非常抱歉给您带来不便。\nagent: 祝您生活愉快，再见。", "fail 4",
		},
		"flow with a step unheard": {flowRule, "agent: 您好，这里是供电公司。\n" + silentStretch + "30-40 agent: [?]\nagent: 祝您生活愉快，再见。", "review 6"},

		"jargon within the limit": {noJargon, "agent: 这是三相电的问题。\n" + silentStretch, "pass 4"},
		"jargon over the limit":   {noJargon, "agent: 这是三相电的问题，零线有故障。\n" + silentStretch, "fail 2"},
		"jargon up to the cap":    {noJargon, "agent: 三相电的零线短路了，电阻太大，谐波严重。\n" + silentStretch, "fail 1"},
		"jargon explained":        {noJargon, "agent: 这是短路，就是电线直接接触了，零线也断了。\n" + silentStretch, "pass 4"},

		"number read back":        {readBack, "customer: 我的电话是一三八零零一三八零零零。\nagent: 好的，电话是一三八零零一三八零零零，对吗？", "pass 4"},
		"last digits read back":   {readBack, "customer: 我的电话是一三八零零一三八零零零。\nagent: 好的，记下了，尾号八零零零的手机。", "pass 4"},
		"number not read back":    {readBack, "customer: 我的电话是一三八零零一三八零零零。\nagent: 好的，我已经为您登记了，请您保持电话畅通。", "fail 0"},
		"number read back wrong":  {readBack, "customer: 我的电话是一三八零零一三八零零零。\nagent: 好的，电话是一三八零零一三八零零七，对吗？", "review 4"},
		"address read back":       {readBack, "customer: 我住在和平路阳光花园三号楼二单元。\nagent: 好的，阳光花园三号楼二单元，是吗？", "pass 4"},
		"address not read back":   {readBack, "customer: 我住在和平路阳光花园三号楼二单元。\nagent: 好的，我已经为您登记了，请您保持电话畅通。", "fail 0"},
		"nothing to be read back": {readBack, silentStretch + "agent: 好的，我已经为您登记了，请您保持电话畅通。", "not_applicable 0"},
		"agent not heard":         {readBack, "customer: 我住在和平路阳光花园三号楼二单元。\n20-30 agent: [?]\n31-32 agent: 好的。", "review 4"},

		"asks again":              {again, "agent: 请问您家的详细地址是哪里？\ncustomer: 我住在和平路阳光花园三号楼。\nagent: 好的。\ncustomer: 你们快一点。\nagent: 您家的详细地址是哪里？", "fail 2"},
		"asks for something else": {again, "agent: 请问您家的详细地址是哪里？\ncustomer: 我住在和平路阳光花园三号楼。\nagent: 请问您的联系电话是多少？", "pass 4"},
		"asks without an answer":  {again, "agent: 请问您家的详细地址是哪里？\ncustomer: 喂？\nagent: 请问您家的详细地址是哪里？", "pass 4"},
		"asks after asking to repeat": {
			again, "agent: 请问您家的详细地址是哪里？\ncustomer: 我住在和平路阳光花园三号楼。\nagent: 不好意思，没听清，麻烦您再说一遍。\nagent: 您家的详细地址是哪里？", "pass 4",
		},
		"asks after no answer was heard": {
			again, "0-4 agent: 请问您家的详细地址是哪里？\n5-9 customer(0.2): 我住在和平路阳光花园三号楼。\n10-14 agent: 请问您家的详细地址是哪里？", "review 4",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := outcomes(judge(t, scorerOf(t, "", tc.rules), tc.script)); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestExpressions(t *testing.T) {
	t.Parallel()
	const greeting = "  - {id: a.greeting, zh: 问候, kind: must_say, lists: [greeting], points: 1}\n"
	const closing = "  - {id: a.closing, zh: 结束, kind: must_say, lists: [closing], points: 1}\n"
	const both = "agent: 您好，这里是供电公司，请您说一下具体的情况。\n" + silentStretch + "agent: 祝您生活愉快，再见。"
	const half = "agent: 请您说一下具体的情况，我记录一下。\n" + silentStretch + "agent: 祝您生活愉快，再见。"
	const unsure = "agent: 请您说一下具体的情况，我记录一下。[?]\n10-20 agent: [?]\n" + silentStretch + "agent: 祝您生活愉快，再见。"
	for name, tc := range map[string]struct{ holds, script, want string }{
		"both":                   {`passed("a.greeting") && passed("a.closing")`, both, "pass 1, pass 1, pass 2"},
		"not both":               {`passed("a.greeting") && passed("a.closing")`, half, "fail 0, pass 1, fail 0"},
		"either":                 {`passed("a.greeting") or passed("a.closing")`, half, "fail 0, pass 1, pass 2"},
		"undecided, and matters": {`passed("a.greeting")`, unsure, "review 1, pass 1, review 2"},
		"undecided, no matter":   {`passed("a.greeting") or passed("a.closing")`, unsure, "review 1, pass 1, pass 2"},
		"hits and a measure":     {`hits("a.greeting") >= 1 && interruptions == 0`, both, "pass 1, pass 1, pass 2"},
		"a measure not known":    {`rings <= 3`, both, "pass 1, pass 1, not_applicable 0"},
		"a measure known":        {`rings <= 3`, "rings 5\n" + both, "pass 1, pass 1, fail 0"},
		"metadata":               {`scenario == "repair"`, "scenario repair\n" + both, "pass 1, pass 1, pass 2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rules := greeting + closing + "  - {id: a.both, zh: 都有, kind: expression, points: 2, holds: '" + tc.holds + "'}\n"
			if got := outcomes(judge(t, scorerOf(t, "", rules), tc.script)); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestWhereAndWhen(t *testing.T) {
	t.Parallel()
	const danger = "customer: 我家门口有一根电线断了，还冒火花，太危险了，你们快来人看看吧。\n"
	for name, tc := range map[string]struct{ rule, script, want string }{
		"after what was said": {
			"kind: must_say, lists: [safety], where: {after: {says: [danger], role: customer, turns: 2}}",
			"agent: 您好，供电公司。\n" + danger + "agent: 请您远离断线，不要靠近电线。", "pass 4",
		},
		"said before it only": {
			"kind: must_say, lists: [safety], where: {after: {says: [danger], role: customer}}",
			"agent: 您好，请您远离电线。\n" + danger + "agent: 好的，我为您登记了，请说一下您的地址。", "fail 0",
		},
		"no anchor": {
			"kind: must_say, lists: [safety], where: {after: {says: [danger], role: customer}}",
			"agent: 您好，供电公司。\n" + silentStretch, "not_applicable 0",
		},
		"a weak anchor": {
			"kind: must_say, lists: [safety], where: {after: {says: [danger], role: customer}}",
			"agent: 您好，供电公司。\ncustomer(0.2): 我家门口有一根电线断了，还冒火花，太危险了，你们快来人看看吧。\nagent: 好的，我为您登记了，请说一下您的地址。", "review 4",
		},
		"said that surely makes it apply": {
			"kind: must_say, lists: [safety], when: [{says: [danger], maybe: [dissatisfied_hint], role: customer}]",
			"agent: 您好，供电公司。\n" + danger + "agent: 好的，我为您登记了，请说一下您的地址。", "fail 0",
		},
		"said that may make it apply": {
			"kind: must_say, lists: [safety], when: [{says: [danger], maybe: [dissatisfied_hint], role: customer}]",
			"agent: 您好，供电公司。\ncustomer: 我家都停电三天了还没人来，这么久了你们到底还要我们等多久。\nagent: 好的，我为您登记了，请说一下您的地址。", "review 4",
		},
		"said that makes it apply to nobody": {
			"kind: must_say, lists: [safety], when: [{says: [danger], maybe: [dissatisfied_hint], role: customer}]",
			"agent: 您好，供电公司。\n" + silentStretch + "agent: 好的，我为您登记了，请说一下您的地址。", "not_applicable 0",
		},
		"the second hit": {
			"kind: must_not_say, lists: [thanks], role: customer, where: {after: {says: [danger], hit: 2}}",
			"agent: 您好。\ncustomer: 谢谢，触电了。\nagent: 好的，请您说。\ncustomer: 又触电了，谢谢你们，快点来人看一看吧。", "fail 0",
		},
		"the first fifth": {
			"kind: must_say, lists: [greeting], where: {first: {percent: 20}}",
			"duration 60\n0-3 agent: 请您说一下情况。\n4-30 customer: 我家停电了，从早上八点多到现在一直没有电，想问一下是怎么回事，邻居家都有电。\n31-33 agent: 您好。", "fail 0",
		},
		"the first half": {
			"kind: must_say, lists: [greeting], where: {first: {percent: 60}}",
			"duration 60\n0-3 agent: 请您说一下情况。\n4-30 customer: 我家停电了，从早上八点多到现在一直没有电，想问一下是怎么回事，邻居家都有电。\n31-33 agent: 您好。", "pass 4",
		},
		"all lists":       {"kind: must_say, lists: [greeting, closing], all: true", "agent: 您好，请您说一下情况。\n" + silentStretch + "agent: 再见。", "pass 4"},
		"not all lists":   {"kind: must_say, lists: [greeting, closing], all: true", "agent: 您好，请您说一下情况。\n" + silentStretch + "agent: 您好，请讲。", "fail 0"},
		"a rate, kept":    {"kind: must_not_say, lists: [filler], per_100_characters: 5", "agent: 然后您把电表箱打开看一看里面的开关，如果是跳了，就推上去。\n" + silentStretch, "pass 4"},
		"a rate, not so":  {"kind: must_not_say, lists: [filler], per_100_characters: 5", "agent: 然后您打开看，然后再推上去，然后就好了。\n" + silentStretch, "fail 0"},
		"metadata":        {"kind: must_say, lists: [greeting], when: [{metadata: team, is: [A]}]", "team B\nagent: 请您说一下情况。\n" + silentStretch, "not_applicable 0"},
		"metadata holds":  {"kind: must_say, lists: [greeting], when: [{metadata: team, is: [A]}]", "team A\nagent: 请您说一下情况。\n" + silentStretch, "fail 0"},
		"manual":          {"kind: manual", "agent: 请您说一下情况。\n" + silentStretch, "review 4"},
		"rings not known": {"kind: measure, measure: rings, bands: [{up_to: 3, share: 1}, {share: 0}]", "agent: 您好。\n" + silentStretch, "not_applicable 0"},
		"rings":           {"kind: measure, measure: rings, bands: [{up_to: 3, share: 1}, {share: 0}]", "rings 4\nagent: 您好。\n" + silentStretch, "fail 0"},
		"louder":          {"kind: measure, measure: loudness_db, bands: [{up_to: 12, share: 1}, {share: 0}]", "level agent -10\nlevel customer -30\nagent: 您好。\n" + silentStretch, "fail 0"},
		"no levels":       {"kind: measure, measure: loudness_db, bands: [{up_to: 12, share: 1}, {share: 0}]", "agent: 您好。\n" + silentStretch, "not_applicable 0"},
		"duration":        {"kind: measure, measure: duration, bands: [{up_to: 600, share: 1}, {share: 0}]", "agent: 您好。\n" + silentStretch, "pass 4"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := outcomes(judge(t, scorerOf(t, "", "  - {id: a.b, zh: 试, points: 4, "+tc.rule+"}\n"), tc.script))
			if got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

// The metadata of recordings are in English, the rules of QA staff may name scenarios in Chinese.
func TestConditionsNameScenariosInChinese(t *testing.T) {
	t.Parallel()
	s := scorerOf(t, "", `  - {id: a.repair, zh: 甲, kind: must_say, lists: [greeting], points: 1, when: [{scenario: 报修}]}
  - {id: a.out, zh: 乙, kind: must_say, lists: [greeting], points: 1, when: [{direction: 呼出}]}
  - {id: a.hung, zh: 丙, kind: must_say, lists: [greeting], points: 1, when: [{metadata: hung_up_by, is: [客户]}]}
`)
	got := outcomes(judge(t, s, "scenario repair\ndirection outbound\nhung_up_by customer\nagent: 您好，请您说一下情况。\n"+silentStretch))
	if got != "pass 1, pass 1, pass 1" {
		t.Errorf("got %s", got)
	}
}

// A staff number that an agent gives is held against the metadata. Another one asks a person and costs nothing; one
// that may have been misheard is none.
func TestStaffNumbersAreHeldAgainstTheMetadata(t *testing.T) {
	t.Parallel()
	const rule = "  - {id: a.b, zh: 自我介绍, kind: must_say, lists: [self_intro], points: 4, staff_number: true}\n"
	for name, tc := range map[string]struct{ script, want string }{
		"the agent's":              {"agent 1024\nagent: 您好，工号一零二四为您服务。\n", "pass 4"},
		"spelled as a number":      {"agent 1024\nagent: 您好，工号一千零二十四为您服务。\n", "pass 4"},
		"in digits":                {"agent A1024\nagent: 您好，工号１０２４为您服务。\n", "pass 4"},
		"its end":                  {"agent 301024\nagent: 您好，工号一零二四为您服务。\n", "pass 4"},
		"a digit misheard":         {"agent 1024\nagent: 您好，工号一零二十为您服务。\n", "pass 4"},
		"another's":                {"agent 1024\nagent: 您好，工号三五七八为您服务。\n", "review 4"},
		"another's, but corrected": {"agent 1024\nagent: 您好，工号三五七八为您服务。\nagent: 不好意思，我的工号是一零二四。\n", "pass 4"},
		"another's, hardly heard":  {"agent 1024\nagent(0.3): 您好，工号三五七八为您服务。\n", "pass 4"},
		"a name in the metadata":   {"agent 王芳\nagent: 您好，工号三五七八为您服务。\n", "pass 4"},
		"no metadata":              {"agent: 您好，工号三五七八为您服务。\n", "pass 4"},
		"no number":                {"agent 1024\nagent: 您好，这里是城东供电所，我姓王。\n", "pass 4"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := judge(t, scorerOf(t, "", rule), tc.script+silentStretch)
			if got := outcomes(r); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			if c := r.Score.Criteria[0]; c.Outcome == score.OutcomeReview &&
				(c.Reason != "other_staff_number" || !strings.Contains(c.Note, "3578") || !strings.Contains(c.Note, "1024") || c.Evidence[0].Quote == "") {
				t.Errorf("got %+v", c)
			}
		})
	}
}

// A condition shows the places of what it looks at: those of rules and those of figures.
func TestExpressionsShowTheirEvidence(t *testing.T) {
	t.Parallel()
	s := scorerOf(t, "", `  - {id: a.greeting, zh: 问候, kind: must_say, lists: [greeting], points: 1}
  - {id: a.b, zh: 试, kind: expression, points: 2, holds: 'passed("a.greeting") and interruptions == 0'}
`)
	c := judge(t, s, "0-3 agent: 您好，请您说一下情况。\n3.5-9 customer: 我家停电了我住在和平路阳光花园\n7-11 agent: 请问您的地址是哪里\n12-14 customer: 和平路三号楼\n").Score.Criteria[1]
	if c.Outcome != score.OutcomeFail || len(c.Evidence) != 2 || c.Evidence[0].Quote != "您好" || c.Evidence[1].Measure == nil || c.Evidence[1].Start != 7000 {
		t.Errorf("got %+v", c)
	}
	if want := `条件不成立：passed("a.greeting") and interruptions == 0（问候符合，interruptions = 1）`; c.Note != want {
		t.Errorf("got %s, want %s", c.Note, want)
	}
}

func TestAnotherRulesOutcome(t *testing.T) {
	t.Parallel()
	s := scorerOf(t, "", `  - {id: a.greeting, zh: 问候, kind: must_say, lists: [greeting], points: 1}
  - {id: a.sorry, zh: 补救, kind: must_say, lists: [apology], points: 2, when: [{rule: a.greeting, outcome: fail}]}
`)
	for script, want := range map[string]string{
		"agent: 您好，请您说一下情况。\n" + silentStretch:     "pass 1, not_applicable 0",
		"agent: 请您说一下您的情况。\n" + silentStretch:      "fail 0, fail 0",
		"agent: 请您说一下您的情况，不好意思。\n" + silentStretch: "fail 0, pass 2",
	} {
		if got := outcomes(judge(t, s, script)); got != want {
			t.Errorf("%s: got %s, want %s", script, got, want)
		}
	}
}

func TestDetectedScenario(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	for name, tc := range map[string]struct{ script, want string }{
		"repair":               {"agent: 您好。\ncustomer: 我家停电了，跳闸了推不上去，我要报修。", "repair"},
		"consultation":         {"agent: 您好。\ncustomer: 我想咨询一下，过户怎么办理，需要什么材料？", "consultation"},
		"complaint":            {"agent: 您好。\ncustomer: 我要投诉你们，太不负责了。", "complaint"},
		"callback":             {"agent: 您好，给您做个回访，前天的故障修好了吗？\ncustomer: 修好了。", "callback"},
		"nothing to tell by":   {"agent: 您好。\ncustomer: 喂，你好。", ""},
		"the metadata tell it": {"scenario repair\nagent: 您好。\ncustomer: 我要投诉你们，太不负责了。", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if d := judge(t, s, tc.script).Score.Scenario; d != nil {
				if got = d.Name; d.Confidence < 0.6 || d.Confidence > 1 || len(d.Evidence) == 0 {
					t.Errorf("got %+v", d)
				}
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestIncludeAndReplace(t *testing.T) {
	t.Parallel()
	base := filepath.Join(t.TempDir(), "base.yaml")
	const two = "name: base\nzh: 基\nsections: [{id: opening, zh: 开场}]\nrules:\n" +
		"  - {id: a.b, zh: 甲, section: opening, kind: must_say, lists: [greeting], points: 3}\n" +
		"  - {id: a.c, zh: 乙, kind: must_say, lists: [closing], points: 5}\n"
	if err := os.WriteFile(base, []byte(two), 0o600); err != nil {
		t.Fatal(err)
	}
	head := "include: [{card: " + base + ", without: [a.c]}]\nsections: [{id: opening, zh: 开场, weight: 2}]\n"
	s := scorerOf(t, head, "  - {id: a.b, replace: true, zh: 丙, section: opening, kind: must_say, lists: [greeting], points: 4}\n")
	if got := strings.Join(s.Scorecard().Rules(), " "); got != "a.b" {
		t.Errorf("got rules %s", got)
	}
	if got := outcomes(judge(t, s, "agent: 您好，请您说一下情况。\n"+silentStretch)); got != "pass 8" {
		t.Errorf("got %s, want the points of the section twice", got)
	}
}

// The weights of the outermost scorecard count for included rules too.
func TestWeightsCountForIncludedRules(t *testing.T) {
	t.Parallel()
	base := write(t, "name: base\nzh: 基\nsections: [{id: opening, zh: 开场, weight: 3}, {id: rest, zh: 其余, weight: 2}]\nrules:\n"+
		"  - {id: a.b, zh: 甲, section: opening, kind: must_say, lists: [greeting], points: 5}\n"+
		"  - {id: a.c, zh: 乙, section: rest, kind: must_say, lists: [greeting], points: 5}\n")
	card, err := score.LoadScorecard(write(t, "name: x\nzh: 试\ninclude: ["+base+"]\nsections: [{id: opening, zh: 开场, weight: 0.5}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	lex, err := sharedLexicon()
	if err != nil {
		t.Fatal(err)
	}
	s, err := score.New(lex, card, score.Config{})
	if err != nil {
		t.Fatal(err)
	}
	r := judge(t, s, "agent: 您好，请您说一下情况。\n"+silentStretch)
	if got := outcomes(r); got != "pass 2.5, pass 10" {
		t.Errorf("got %s", got)
	}
	if len(r.Score.Sections) != 2 || r.Score.Sections[0] != (score.Section{ID: "opening", Name: "开场"}) {
		t.Errorf("got sections %+v", r.Score.Sections)
	}
}

func TestFaultsOfKinds(t *testing.T) {
	t.Parallel()
	const rule = "  - {id: %s, zh: 试, points: 4, %s}\n"
	for name, tc := range map[string]struct{ rules, want string }{
		"expression":          {fmt.Sprintf(rule, "a.b", "kind: expression, holds: 'pased(1)'"), `unknown name pased (1:1), did you mean "passed"?`},
		"expression's type":   {fmt.Sprintf(rule, "a.b", "kind: expression, holds: 'interruptions + 1'"), "the expression cannot be read"},
		"unknown rule":        {fmt.Sprintf(rule, "a.b", `kind: expression, holds: 'passed("a.x")'`), `names the rule "a.x", which is not there`},
		"rule not in quotes":  {fmt.Sprintf(rule, "a.b", "kind: expression, holds: 'passed(scenario)'"), "wants the ID of a rule in quotes"},
		"itself":              {fmt.Sprintf(rule, "a.b", `kind: expression, holds: 'passed("a.b")'`), "in a circle: a.b → a.b"},
		"circle":              {fmt.Sprintf(rule, "a.b", `kind: expression, holds: 'passed("a.c")'`) + fmt.Sprintf(rule, "a.c", "kind: must_say, lists: [greeting], when: [{rule: a.b, outcome: fail}]"), "in a circle: a.b → a.c → a.b"},
		"regular expression":  {fmt.Sprintf(rule, "a.b", "kind: expression, holds: 'scenario matches \"(a+)+$\"'"), "is not for it"},
		"too much":            {fmt.Sprintf(rule, "a.b", "kind: expression, holds: '"+strings.Repeat("true and ", 300)+"true'"), "the expression cannot be read"},
		"flow without steps":  {fmt.Sprintf(rule, "a.b", "kind: flow, steps: []"), "a flow has from 1"},
		"anchor of no words":  {fmt.Sprintf(rule, "a.b", "kind: manual") + fmt.Sprintf(rule, "a.c", "kind: must_say, lists: [greeting], where: {after: {rule: a.b}}"), "which is about no words"},
		"manual veto":         {fmt.Sprintf(rule, "a.b", "kind: manual, veto: true"), "cannot be a veto"},
		"percent":             {fmt.Sprintf(rule, "a.b", "kind: must_say, lists: [greeting], where: {first: {percent: 0}}"), "wants a percentage"},
		"replace nothing":     {fmt.Sprintf(rule, "a.b", "kind: manual, replace: true"), `there is no rule "a.b" to replace`},
		"no lists":            {fmt.Sprintf(rule, "a.b", "kind: must_say, lists: []"), `card.yaml:4:56: "lists" is an empty list`},
		"no bands":            {fmt.Sprintf(rule, "a.b", "kind: measure, measure: silences, bands: []"), `"bands" is an empty list`},
		"nothing to repeat":   {fmt.Sprintf(rule, "a.b", "kind: read_back, of: []"), `"of" is an empty list`},
		"measure misspelt":    {fmt.Sprintf(rule, "a.b", "kind: measure, measure: talk_ratioo, bands: [{share: 1}]"), `did you mean "agent_talk_ratio"?`},
		"hits of no words":    {fmt.Sprintf(rule, "a.b", "kind: manual") + fmt.Sprintf(rule, "a.c", `kind: expression, holds: 'hits("a.b") > 0'`), "counts the hits of a.b, which is about no words"},
		"neither yes nor no":  {fmt.Sprintf(rule, "a.b", `kind: manual, when: [{metadata: complaint, is: ["true"]}]`), `complaint is yes or no, never "true"`},
		"outcome to wait for": {fmt.Sprintf(rule, "a.b", "kind: manual, when: [{rule: a.b, outcome: review}]"), "is no outcome to wait for"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := score.LoadScorecard(write(t, "name: x\nzh: 试\nrules:\n"+tc.rules))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}
