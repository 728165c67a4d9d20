package score_test

import (
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/score"
)

// What the agent takes up of the customer's words is a paraphrase, however it is put; talking about the same thing,
// answering and asking on are none.
func TestRestated(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	for name, tc := range map[string]struct {
		call string
		want bool
	}{
		"an address":                   {"c: 我住槐树里小区四号楼二单元。/a: 槐树里小区四号楼二单元，我这就派人。", true},
		"a number, as digits":          {"c: 户号是六零八八一七。/a: 608817，查到了。", true},
		"the same, misheard":           {"c: 我住槐树里小区四号楼二单元。/a: 怀树李小区四号楼二单元，我这就派人。", true},
		"a few words and a tag":        {"c: 水泵抽不上水了，地里旱着呢。/a: 水泵没水，是吧，我登记。", true},
		"a few words and a yes":        {"c: 我的停电通知老是漏看。/a: 停电通知没看见。/c: 对，老漏看。/a: 给您开短信。", true},
		"much of it, without question": {"c: 修了三次表箱还是冒烟。/a: 三次修了表箱还冒烟，我上报。", true},

		"the same topic":              {"c: 变压器老是响，晚上吵得很。/a: 变压器的事我转给班组，后天有人去看。", false},
		"a question for more":         {"c: 我投诉你们营业厅，排队两小时。/a: 您去的是哪个营业厅？/c: 就是人民路那个。/a: 记下了。", false},
		"a denial":                    {"c: 你们的新表有问题，灯一闪一闪。/a: 新表灯一闪一闪绝对不会有问题。/c: 是吗？", false},
		"a guess":                     {"c: 是检修还是故障呀？/a: 大概是检修吧，再看看。", false},
		"what was said long ago":      {"c: 我住槐树里四号楼。/a: 好。/c: 嗯。/a: 好。/c: 哎。/a: 好。/c: 嗯。/a: 好。/c: 行。/a: 槐树里四号楼附近已经来电。", false},
		"a bid to go elsewhere":       {"c: 物业让我打你们的电话。/a: 这不是我的工作，您找物业去吧。", false},
		"what the customer says last": {"a: 槐树里小区四号楼有故障。/c: 槐树里小区四号楼？/a: 嗯。", false},
	} {
		script := "agent: 您好，供电公司，请讲。\n" + strings.NewReplacer("/", "\n", "a: ", "agent: ", "c: ", "customer: ").Replace(tc.call) + "\ncustomer: 那我知道了，麻烦你们快一点。"
		if got := outcomesOf(s, parse(t, script))["confirm.paraphrase"]; (got == score.OutcomePass) != tc.want {
			t.Errorf("%s: got %s, want a pass: %t", name, got, tc.want)
		}
	}
}
