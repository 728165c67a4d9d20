package lexicon_test

import (
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/lexicon"
)

const slotted = `lists:
  - name: slots
    tiers: [exact, homophone, near_homophone, edit]
    edit_from: 4
    terms:
      - 工号{number}为您服务
      - 故障在{address}发生对吧
      - 电费一共是{money}请核对
      - 停电是在{date}开始的
      - 联系电话是{phone}没错吧
      - "{time}内上门处理"
      - 百分之百退款
      - 欠费一万二
      - 优惠百分之十八
  - name: asked
    terms: [{term: 不能办理, not_in_question: true}]
  - name: meant
    terms: [{term: 修不了, not_conditional: true, not_reported: true, not_softened: true}]
  - name: calm
    terms: [{term: 还没来电, not_inquiring: true}]
  - name: lone
    tiers: [exact, homophone]
    terms: ["领导{some}瞎", "您{some}找事", "领导{some}瞎指挥", "重视{some}您{some}意见"]
  - name: negated
    terms: [{term: 非常理解, not_negated: true}, {term: 理解您, not_negated: true}]
`

func TestSlotsNumbersQuestionsAndNegation(t *testing.T) {
	t.Parallel()
	set := load(t, slotted)
	for _, tc := range []struct{ list, text, want string }{
		{"slots", "工号1024为您服务", "工号1024为您服务/exact"},
		{"slots", "工号一千零二十四为您服务", "工号一千零二十四为您服务/exact"},
		{"slots", "工号要零二四为您服务", "工号要零二四为您服务/exact"},
		{"slots", "工号1024位您服务", "工号1024位您服务/homophone"},
		{"slots", "工号1024为您辅务", "工号1024为您辅务/homophone"},
		{"slots", "工号1024为宁福物", "工号1024为宁福物/near_homophone"},
		{"slots", "工号1024为您的服务", "工号1024为您的服务/edit"},
		{"slots", "工号1024为您买务", "工号1024为您买务/edit"},
		{"slots", "工号1024为客服务", "工号1024为客服务/edit"},
		{"slots", "故障在和平路十二号发生对吧", "故障在和平路十二号发生对吧/exact"},
		{"slots", "电费一共是一百二十三块五毛请核对", "电费一共是一百二十三块五毛请核对/exact"},
		{"slots", "电费一共是123元请核对", "电费一共是123元请核对/exact"},
		{"slots", "停电是在十一月二十日早上开始的", ""},
		{"slots", "停电是在十一月二十日上午开始的", ""},
		{"slots", "停电是在十一月二十日开始的", "停电是在十一月二十日开始的/exact"},
		{"slots", "联系电话是幺三八零零幺三八零零零没错吧", "联系电话是幺三八零零幺三八零零零没错吧/exact"},
		{"slots", "四十五分钟内上门处理", "四十五分钟内上门处理/exact"},
		{"slots", "45分钟内上门处里", "45分钟内上门处里/homophone"},
		{"slots", "100%退款", "100%退款/exact"},
		{"slots", "百分之白退款", "百分之白退款/homophone"},
		{"slots", "欠费12000", "欠费12000/exact"},
		{"slots", "欠费１２０００元", "欠费１２０００/exact"},
		{"slots", "优惠18%", "优惠18%/exact"},
		{"slots", "优惠百分之18", "优惠百分之18/exact"},
		{"asked", "这个不能办理", "不能办理/exact"},
		{"asked", "这个不能办理吗", ""},
		{"asked", "这个不能办理？", ""},
		{"asked", "是不是不能办理呢", ""},
		{"asked", "您问是不是要去。这个不能办理。好吗", "不能办理/exact"},
		{"meant", "这个修不了。", "修不了/exact"},
		{"meant", "要是今天修不了，我再打给您。", ""},
		{"meant", "修不了的话您再来电。", ""},
		{"meant", "物业说修不了，对吧。", ""},
		{"meant", "我跟您说修不了。", "修不了/exact"},
		{"meant", "今天修不了，不过我可以给您登记。", ""},
		{"meant", "今天修不了，您回去等着。", "修不了/exact"},
		{"meant", "要是方便的时候您看一下电表箱里面那个开关上面写的数字这个修不了", "修不了/exact"}, // without marks a condition reaches no farther than a clause
		{"meant", "今天修不了我可以给您登记", ""},
		{"calm", "到现在还没来电，你们管不管", "还没来电/exact"},
		{"calm", "到现在还没来电，想问一下是什么原因", ""},
		{"calm", "请问我家为什么还没来电", ""},
		{"calm", "到现在还没来电。请问你们管不管", "还没来电/exact"},
		{"lone", "我们领导就瞎来", "领导就瞎/exact"},
		{"lone", "我跟领导汇报一下", ""}, // 下 sounds like 瞎
		{"lone", "您先找施工队", ""},   // 找施 sounds like 找事
		{"lone", "我们领导下指挥", "领导下指挥/homophone"},
		{"lone", "重视一下宁的意见", ""}, // 宁 alone is no 您
		{"lone", "重是一下您的意见", "重是一下您的意见/homophone"},
		{"negated", "我非常理解", "非常理解/exact"},
		{"negated", "我不是非常理解", ""},
		{"negated", "我特别理解您", "理解您/exact"},
		{"negated", "我不太理解您的意思", ""},
		{"negated", "不，我理解您", "理解您/exact"},
		{"offer_help", "请问是什么时候开始的", ""},
		{"offer_help", "请问什么时候开始停电的", ""},
		{"over_promise", "我100%能修好", "100%能修好/exact"},
	} {
		if got := found(set, tc.list, tc.text); got != tc.want {
			t.Errorf("%s in %q: got %q, want %q", tc.list, tc.text, got, tc.want)
		}
	}
}

func TestMatchesCarryTierAndDistance(t *testing.T) {
	t.Parallel()
	set := load(t, slotted)
	for text, want := range map[string]int{
		"工号1024为您服务": 0, "工号1024位您服务": 1, "工号1024为您的服务": 1, "工号1024位您的服务": 2,
	} {
		for _, m := range set.Find(text) {
			if m.List == "slots" && (m.Distance != want || m.Length != 6) {
				t.Errorf("%q: got %+v, want distance %d", text, m, want)
			}
		}
	}
}

// A near miss does not run across what was found already.
func TestFoundTextKeepsNearMissesApart(t *testing.T) {
	t.Parallel()
	searcher := lexicon.NewSearcher(load(t, slotted))
	defer searcher.Close()
	odds := func(between string) float64 {
		miss, _ := searcher.Look("slots", lexicon.Spoken{Text: "百分" + between + "之百退款"}, lexicon.Look{Noise: 0.2, Least: 0.3})
		return miss.Odds
	}
	stops, found := odds("，，，"), odds(strings.Repeat(string(lexicon.Found), 3))
	if found >= stops-3 {
		t.Errorf("got odds of %.1f across what was found, %.1f across stops", found, stops)
	}
}
