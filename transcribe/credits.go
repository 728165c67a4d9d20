package transcribe

import "strings"

// guardRevision changes whenever the guard removes other texts.
const guardRevision = 3

// credits returns what speech models have learnt from subtitles and say in silence or noise. Texts are
// compared without punctuation, spaces and case.
//
// Whole ones never occur in a call: they go wherever they are. Short ones might be said: they go only
// as a whole segment, alone or several in a row, where hardly any speech was heard. A phrase of the trade must be in neither list:
// 订阅电子账单, 关注公众号 and 给个好评 are things that agents say.
func credits() (whole, short []string) {
	return strings.Fields(wholeCredits), strings.Fields(shortCredits)
}

const wholeCredits = `
请不吝点赞订阅转发打赏支持明镜与点点栏目
点赞订阅转发打赏
支持明镜与点点栏目
明镜与点点栏目
明镜需要您的支持
字幕by索兰娅
索兰娅
字幕索兰娅
字幕由amaraorg社群提供
小编字幕由amaraorg社区提供
由amaraorg社群提供的字幕
amaraorg
优优独播剧场yoyotelevisionseriesexclusive
优优独播剧场
yoyotelevisionseriesexclusive
中文字幕志愿者
字幕志愿者
字幕制作贝尔
mingpaocanada
mingpaotoronto
本字幕由
词曲李宗盛
作词李宗盛
作曲李宗盛
未经许可不得翻唱或使用
subtitlesbytheamaraorgcommunity
ご視聴ありがとうございました
시청해주셔서감사합니다
`

const shortCredits = `
谢谢观看
感谢观看
谢谢大家观看
感谢大家观看
谢谢您的观看
感谢您的观看
谢谢收看
感谢收看
谢谢大家收看
下期再见
我们下期再见
下次再见
请订阅
请点赞订阅
订阅我的频道
请订阅我的频道
欢迎订阅我的频道
字幕
字幕组
字幕制作
字幕提供
中文字幕
请不吝点赞
欢迎订阅
记得订阅
感谢您的收看
谢谢您的收看
感谢大家收看
感谢聆听
我们下次再见
thankyouforwatching
thanksforwatching
pleasesubscribe
`
