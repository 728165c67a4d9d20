package lexicon_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/lexicon"
)

// found lists the matches of one list as term/tier.
func found(set *lexicon.Set, list, text string) string {
	var all []string
	for _, m := range set.Find(text) {
		if m.List == list {
			all = append(all, fmt.Sprintf("%s/%s", m.Text, m.Tier))
		}
	}
	return strings.Join(all, " ")
}

func TestFindBuiltInLists(t *testing.T) {
	t.Parallel()
	set := load(t)
	for _, tc := range []struct{ list, text, want string }{
		{"greeting", "您好，请讲", "您好/exact"},
		{"greeting", "林好，请讲", "林好/near_homophone"},
		{"greeting", "您好像很着急", ""},
		{"self_intro", "工号一零二四为您服务", "工号一零二四/exact"},
		{"self_intro", "工號1024為您服務", "工號1024/exact"},
		{"self_intro", "这里是城东供电所", "这里是城东供电所/exact"},
		{"self_intro", "我是说您先别急", ""},
		{"offer_help", "很高兴为你服务", "很高兴为你服务/edit"},
		{"offer_help", "恨高性为您服务", "恨高性为您服务/homophone"},
		{"offer_help", "很高信为您服务", "很高信为您服务/near_homophone"},
		{"offer_help", "很高兴，为您，服务。", "很高兴，为您，服务/exact"},
		{"anything_else", "请问有什么可以帮您", ""},
		{"anything_else", "请问还有其他需要帮助的吗", "请问还有其他需要帮助的吗/exact"},
		{"empathy", "我非常理解您的心情", "理解您的心情/exact"},
		{"empathy", "我不理解您的心情", ""},
		{"paraphrase", "跟您核对一下，您的地址是幸福路十二号，对吗", "跟您核对一下/exact 您的地址是幸福路十二号，对吗/exact"},
		{"hold", "请您稍候", "请您稍候/exact"},
		{"hold", "请您烧后", "请您烧后/homophone"},
		{"apology", "实在对不住您", "对不住/exact"},
		{"empathy", "碰到这种事谁都会着急", "谁都会着急/exact"},
		{"closing", "感谢您来电，再会", "感谢您来电/exact 再会/exact"},
		{"satisfaction", "麻烦您对我的服务打个分", "打个分/exact"},
		{"hold", "跟您核实一下", ""},
		{"rude", "我刚才不是跟你说过了吗", "不是跟你说过了吗/exact"},
		{"over_promise", "我打包票今天肯定修好", "我打包票/exact 肯定修好/exact"},
		{"internal_complaint", "我们系统经常出问题", "系统经常出问题/exact"},
		{"refusal", "不行", "不行/exact"},
		{"refusal", "行不行", ""},
		{"refusal", "步行不行", ""},
		{"refusal", "能不能行", ""},
		{"refusal", "不行的话您再打电话", ""},
		{"refusal", "这是不可能的", "不可能/exact"},
		{"refusal", "有没有可能性", ""},
		{"refusal", "我也没办法", ""},
		{"refusal", "线上退不了，这是规定", "退不了/exact"},
		{"refusal", "线上退不了，不过您可以到营业厅办理", ""},
		{"refusal", "如果今天不行就改天", ""},
		{"refusal", "您说不行，我记下来了", ""},
		{"refusal", "我跟您说不行", "不行/exact"},
		{"shirking", "物业说不归我们管", ""},
		{"shirking", "我跟您说不归我们管", "不归我们管/exact"},
		{"polite", "请报一下手机号", "请/exact"},
		{"polite", "我请示一下", ""},
		{"closing", "排吧", ""},
		{"vague", "可能吧", "可能吧/exact"},
		{"vague", "不可能吧", ""},
		{"vague", "有可能需要更换电表", ""},
		{"vague", "大概什么时候停的电", ""},
		{"vague", "大概两个小时", ""},
		{"vague", "大概吧", "大概吧/exact"},
		{"shirking", "这个事情不归我们管", "不归我们管/exact"},
		{"shirking", "这个事情归我们管", ""},
		{"shirking", "部队我们管", ""},
		{"shirking", "这不是我的工作", "不是我的工作/exact"},
		{"rude", "你去投诉吧", "你去投诉吧/exact"},
		{"rude", "您要寄什么材料", ""},
		{"over_promise", "我向您保证", "向您保证/exact"},
		{"over_promise", "为了保证您的用电安全", ""},
		{"internal_complaint", "我们公司就这样", "我们公司就这样/exact"},
		{"denial", "电表不会出错的", "电表不会出错的/exact"},
		{"complaint_words", "我要投诉你们", "我要投诉/exact"},
		{"complaint_words", "我不是要投诉", ""},
	} {
		if got := found(set, tc.list, tc.text); got != tc.want {
			t.Errorf("%s in %q: got %q, want %q", tc.list, tc.text, got, tc.want)
		}
	}
}
