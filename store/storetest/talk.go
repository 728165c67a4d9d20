package storetest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// opening, agentSays, customerSays and closing are the pool that Talk draws from.
var (
	opening = []string{
		"您好，电力服务中心，工号幺零二四为您服务，请问有什么可以帮您？", "您好，很高兴为您服务，请问您有什么需要？", "喂，什么事？",
	}
	agentSays = []string{
		"好的，我帮您查一下，请您稍等。", "请问您的用电地址是哪里？", "请问这个情况是什么时候开始的？", "我跟您核对一下，您的地址是和平路八号，对吗？",
		"您反映的情况我已经记录下来了，抢修人员会尽快与您联系。", "抢修人员四十五分钟以内到达现场，到达之前会给您打电话。",
		"请您先关闭家里的总开关，注意用电安全。", "您这个月的电费一共是两百三十五块六毛，用了四百二十度电。", "非常抱歉给您带来不便，我马上为您登记。",
		"我理解您的心情，这件事我们会认真处理。", "阶梯电价是按照一年的用电量来计算的，超过第二档以后每度电加三毛钱。", "您可以在手机上交费，也可以到附近的营业厅办理。",
		"感谢您的耐心等待，您的户号是三二零幺五六七八九零。", "根据规定，故障停电以后会在四个小时之内恢复供电。", "这个不归我们管，你去找物业吧。", "我也没有办法，规定就是这样的。",
		"嗯，是的，您请说。", "您的意思是说家里一开空调就跳闸，是这样吗？", "请问您方便留一个联系电话吗？", "您放心，处理结果我们会在一个工作日之内回复您。",
	}
	customerSays = []string{
		"我家停电了，从早上八点到现在一直没有电，家里还有老人和孩子。", "我住在建设路十六号三单元五零二。", "对，就是这个地址。", "嗯，好的。",
		"这个月的电费怎么比上个月多了那么多，我觉得不对。", "上次打电话你们说四十五分钟到，结果等了三个小时也没有人来。", "我要投诉你们的抢修人员，态度特别不好。",
		"隔壁的邻居都有电，就我们家没有，你们查一下是不是欠费了。", "电表箱那边有火花，我不敢靠近，你们快一点派人过来。", "我想问一下阶梯电价是怎么算的？",
		"我的电话是幺三八零零幺三八零零零。", "好，那我等你们的电话。", "不是这样的，我昨天晚上才刚刚交过钱。", "那大概什么时候可以来电呢？", "行，谢谢你。",
	}
	closing = []string{
		"请问还有其他可以帮您的吗？", "请您稍后对我的服务做出评价，感谢您的来电，再见。", "那就这样吧。",
	}
)

// millisPerCharacter is how long a character takes in a call of Talk: 1,500 of them are five minutes.
const millisPerCharacter = 200

// Talk returns the n-th made-up call of about so many characters, the same for the same n, as it comes
// out of a recogniser: with the time and the confidence of each character. There is no score in it. A
// thousand calls start on each day from 1 November 2026.
func Talk(n, characters int) score.Record {
	t := talk{random: rand.New(rand.NewPCG(20261101, uint64(n))), clock: 500}
	t.say(call.RoleAgent, opening)
	for t.spoken < characters-40 {
		t.say(call.RoleCustomer, customerSays)
		for range 1 + t.random.IntN(2) {
			t.say(call.RoleAgent, agentSays)
		}
	}
	t.say(call.RoleAgent, closing)
	sum := sha256.Sum256(fmt.Appendf(nil, "talk %d", n))
	hash := hex.EncodeToString(sum[:])
	rec := call.Recording{
		ID: call.NewID(hash), SHA256: hash, Path: fmt.Sprintf("/calls/%05d.wav", n), Duration: t.clock + 500,
		Metadata: call.Metadata{
			Agent: fmt.Sprint(1000 + n%40), Direction: "inbound", Scenario: []string{"repair", "consultation", "complaint"}[n%3],
			StartedAt: time.Date(2026, 11, 1+n/1000, 9, 0, n%1000*30, 0, time.FixedZone("", 8*3600)),
		},
	}
	return score.Record{
		Recording: rec,
		Health: []call.ChannelHealth{
			{Channel: 0, Role: call.RoleAgent, Status: call.StatusOK, Reasons: []string{}},
			{Channel: 1, Role: call.RoleCustomer, Status: call.StatusOK, Reasons: []string{}},
		},
		Transcript: call.Transcript{
			Revision: "talk", Model: "demo@123", Language: "zh", VAD: "energy",
			Speech: t.speech(), Utterances: t.utterances, Removed: []call.Removed{},
		},
	}
}

type talk struct {
	random     *rand.Rand
	clock      call.Millis
	spoken     int
	utterances []call.Utterance
}

// say adds one of the sentences, most of it well heard.
func (t *talk) say(role call.Role, pool []string) {
	u := call.Utterance{Role: role, Span: call.Span{Start: t.clock}, Text: pool[t.random.IntN(len(pool))]}
	for _, r := range u.Text {
		word := call.Word{
			Span: call.Span{Start: t.clock, End: t.clock + millisPerCharacter}, Text: string(r),
			Confidence: float64(600+t.random.IntN(400)) / 1000,
		}
		u.Words = append(u.Words, word)
		u.Confidence += word.Confidence
		t.clock = word.End
		t.spoken++
	}
	u.Confidence /= float64(len(u.Words))
	u.End = t.clock
	t.clock += call.Millis(200 + t.random.IntN(600))
	t.utterances = append(t.utterances, u)
}

func (t *talk) speech() map[call.Role][]call.Span {
	spans := map[call.Role][]call.Span{}
	for _, u := range t.utterances {
		spans[u.Role] = append(spans[u.Role], u.Span)
	}
	return spans
}
