package transcribe

import (
	"slices"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	spoken := []call.Span{{Start: 0, End: 10_000}}
	hardly := []call.Span{{Start: 0, End: 200}}
	tests := []struct {
		name   string
		speech []call.Span
		text   string
		prompt string
		want   string // what stays
		reason string
	}{
		{name: "credits in full go even where speech was heard", speech: spoken, text: "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", reason: ReasonCredit},
		{name: "credits in other writing go too", speech: spoken, text: "字幕 by 索兰娅", reason: ReasonCredit},
		{name: "a series' credit goes", speech: spoken, text: "优优独播剧场——YoYo Television Series Exclusive", reason: ReasonCredit},
		{name: "what was said before a credit stays", speech: spoken, text: "再见。字幕由Amara.org社群提供", want: "再见。", reason: ReasonCredit},
		{name: "a short credit goes where nobody speaks", speech: nil, text: "谢谢观看", reason: ReasonCredit},
		{name: "a short credit goes where it could not be said so fast", speech: hardly, text: "谢谢大家观看。", reason: ReasonCredit},
		{name: "short credits in a row go where nobody speaks", speech: nil, text: "谢谢观看，我们下期再见。", reason: ReasonCredit},
		{name: "a credit in another language goes", speech: spoken, text: "Subtitles by the Amara.org community", reason: ReasonCredit},
		{name: "a short credit that was said stays", speech: spoken, text: "谢谢观看", want: "谢谢观看"},
		{name: "a short credit inside a sentence stays", speech: hardly, text: "字幕是什么", want: "字幕是什么"},
		{name: "the trade subscribes", speech: hardly, text: "订阅电子账单", want: "订阅电子账单"},
		{name: "the trade has channels", speech: hardly, text: "关注公众号", want: "关注公众号"},
		{name: "the trade asks for praise", speech: spoken, text: "麻烦您给我们点赞，谢谢。", want: "麻烦您给我们点赞，谢谢。"},
		{name: "thanks", speech: hardly, text: "谢谢", want: "谢谢"},
		{name: "a lone yes", speech: hardly, text: "好", want: "好"},
		{name: "a lone hum", speech: hardly, text: "嗯。", want: "嗯。"},
		{name: "a loop is cut to its first round", speech: spoken, text: strings.Repeat("电线掉下来了", 9), want: "电线掉下来了", reason: ReasonRepetition},
		{name: "a hammering character is cut", speech: spoken, text: "户号" + strings.Repeat("零", 30), want: "户号零", reason: ReasonRepetition},
		{name: "eager agreement stays", speech: spoken, text: "对对对对对，好的好的好的。", want: "对对对对对，好的好的好的。"},
		{name: "a number of one digit stays", speech: spoken, text: "八八八八八八八八", want: "八八八八八八八八"},
		{name: "a demand made three times stays", speech: spoken, text: "我要投诉我要投诉我要投诉！", want: "我要投诉我要投诉我要投诉！"},
		{name: "the prompt said back goes", speech: spoken, prompt: "国家电网，网上国网，峰谷电价", text: "网上国网，峰谷电价", reason: ReasonPrompt},
		{name: "the prompt said back twice goes", speech: spoken, prompt: "国家电网，网上国网", text: "网上国网，国家电网，网上国网，国家", reason: ReasonPrompt},
		{name: "a sentence with words of the prompt stays", speech: spoken, prompt: "国家电网，网上国网", text: "国家电网的网上国网", want: "国家电网的网上国网"},
		{name: "the prompt said back inside a sentence goes", speech: spoken, prompt: "国家电网，网上国网，峰谷电价", text: "您好，国家电网，网上国网，峰谷电价。", want: "您好，", reason: ReasonPrompt},
		{name: "two words of the prompt in a row stay in a sentence", speech: spoken, prompt: "国家电网，网上国网，峰谷电价", text: "用国家电网网上国网办", want: "用国家电网网上国网办"},
		{name: "a long word of the prompt stays in a sentence", speech: spoken, prompt: "网上国网积分商城，峰谷电价", text: "在网上国网积分商城买的", want: "在网上国网积分商城买的"},
		{name: "a word of the prompt stays", speech: spoken, prompt: "国家电网，网上国网，峰谷电价", text: "网上国网", want: "网上国网"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			kept, gone := newGuard(tt.prompt).check([]Segment{segment(0, 5000, tt.text)}, tt.speech)
			var got strings.Builder
			for _, s := range kept {
				got.WriteString(s.Text())
			}
			if got.String() != tt.want {
				t.Errorf("stays: got %q, want %q", got.String(), tt.want)
			}
			if tt.reason == "" {
				if len(gone) > 0 {
					t.Errorf("removed %+v, want nothing removed", gone)
				}
				return
			}
			if len(gone) == 0 || gone[0].reason != tt.reason {
				t.Fatalf("removed %+v, want the reason %s", gone, tt.reason)
			}
			if gone[0].text == "" || gone[0].End < gone[0].Start {
				t.Errorf("removed %+v, want its text and time", gone[0])
			}
		})
	}
}

// TestGuardLeavesTheTrade holds that nothing goes of what is said in service calls and resembles a credit,
// a loop or a prompt, however little speech the voice activity detection has heard under it.
func TestGuardLeavesTheTrade(t *testing.T) {
	t.Parallel()
	g := newGuard("国家电网，网上国网，峰谷电价，一户一表")
	for _, text := range []string{
		"订阅电子账单", "您可以订阅电子账单。", "订阅成功", "请关注公众号", "关注我们的公众号", "麻烦您点赞支持一下",
		"转发给您的家人", "打赏不需要", "支持微信支付", "本栏目每月更新", "请您不要吝啬您的意见",
		"谢谢", "谢谢您", "谢谢您的来电", "感谢您的来电", "感谢您的支持", "感谢您的理解", "谢谢您的耐心等待", "非常感谢",
		"再见", "下次再联系您", "好", "好的", "嗯", "嗯嗯", "对", "是", "喂", "喂喂喂", "行", "哦", "不", "没有", "没",
		"字幕太小看不清", "社区停电了", "志愿者已经上门", "优优家政的电费", "李宗盛是户主", "我姓李，叫李宗盛",
		"五五五五五五", "八八八八八八八八", "零零零零零", "对对对对对对", "好好好好好", "是是是是是是", "喂喂喂喂喂喂",
		"没电没电没电", "快点快点快点快点", "我要投诉我要投诉我要投诉", "一二三四五六七八九零",
		"网上国网", "峰谷电价", "一户一表", "我想办一户一表。", "国家电网吗", "网上国网怎么下载",
	} {
		kept, gone := g.check([]Segment{segment(0, 1500, text)}, []call.Span{{Start: 100, End: 400}})
		if len(gone) > 0 || len(kept) != 1 || kept[0].Text() != text {
			t.Errorf("%s: kept %+v, removed %+v", text, kept, gone)
		}
	}
}

func TestDoubtedIsSpeechUnderWhatWasMadeUp(t *testing.T) {
	t.Parallel()
	w := plain(call.Span{Start: 500, End: 800}, call.Span{Start: 3000, End: 5000})
	words := wordsOf(3000, 5000, "我家停电了")
	credit := []call.Removed{{Span: call.Span{Start: 0, End: 900}, Text: "谢谢观看", Reason: ReasonCredit}}
	tests := []struct {
		name    string
		removed []call.Removed
		want    []call.Span
	}{
		{"nothing went", nil, nil},
		{"a credit went", credit, []call.Span{{Start: 500, End: 800}}},
		{"a loop was cut", []call.Removed{{Reason: ReasonRepetition}}, nil},
		{"text beside all speech went", []call.Removed{{Reason: ReasonNoSpeech}}, nil},
	}
	for _, tt := range tests {
		if got := w.doubted(words, tt.removed); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
	if got := withoutDoubles(credit, credit); len(got) != 1 {
		t.Errorf("the same credit twice: got %d, want one", len(got))
	}
}

func TestGuardFindsALoopOverSegments(t *testing.T) {
	t.Parallel()
	var segments []Segment
	for i := range call.Millis(6) {
		segments = append(segments, segment(i*1000, i*1000+1000, "请您稍等一下，我帮您查询。"))
	}
	kept, gone := newGuard("").check(segments, []call.Span{{End: 6000}})
	if len(kept) != 1 || kept[0].Text() != "请您稍等一下，我帮您查询。" || len(gone) != 5 {
		t.Errorf("kept %+v, removed %+v; want the first and five removed", kept, gone)
	}
}

func TestGuardFindsAnEchoOverSegments(t *testing.T) {
	t.Parallel()
	segments := []Segment{segment(0, 1000, "国家电网，"), segment(1000, 2000, "网上国网，"), segment(2000, 3000, "峰谷电价。")}
	g := newGuard("国家电网，网上国网，峰谷电价")
	kept, gone := g.check(segments, []call.Span{{End: 3000}})
	if len(kept) != 0 || len(gone) != 3 || gone[0].reason != ReasonPrompt {
		t.Errorf("kept %+v, removed %+v; want all three removed as an echo", kept, gone)
	}
	if kept, gone := g.unprompted().check(segments, []call.Span{{End: 3000}}); len(kept) != 3 || len(gone) != 0 {
		t.Errorf("heard without a prompt: kept %+v, removed %+v; want all three kept", kept, gone)
	}
}

func TestMonotonous(t *testing.T) {
	t.Parallel()
	if !monotonous([]rune(strings.Repeat("的我的你我你的", 12))) {
		t.Error("84 characters out of three are not called monotonous")
	}
	if monotonous([]rune(strings.Repeat("零一二三四五六七八九", 2))) {
		t.Error("twenty digits are called monotonous")
	}
}

func TestCirclesAskForASecondTry(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		text string
		want bool
	}{
		{"nothing", "", false},
		{"a sentence", "您好，请问有什么可以帮您？", false},
		{"a loop", strings.Repeat("电线掉下来了。", 7), true},
		{"few characters for long", strings.Repeat("的我的你我你的", 12), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			segments := []Segment{segment(0, 20_000, tt.text+"嗯")}
			if got := circles(segments); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
	loop, sentence := []Segment{segment(0, 1, strings.Repeat("好的", 20))}, []Segment{segment(0, 1, "好的，我帮您查一下。")}
	if variety(loop) >= variety(sentence) {
		t.Errorf("a loop has variety %v, a sentence %v", variety(loop), variety(sentence))
	}
	if got := variety(nil); got != 0 {
		t.Errorf("nothing has variety %v", got)
	}
}
