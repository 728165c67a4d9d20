package score

import (
	"regexp"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
)

// The forms of a question or a request to speak, which a recogniser often writes without its mark.
var (
	// asksAtEnd are particles and words that ask when a sentence ends in them. 正在查询呢 does not.
	asksAtEnd = regexp.MustCompile(`(吗|嘛|对吧|是吧|好吧|行吧|可以吧|好不好|行不行|对不对|是不是|可不可以|请讲|请说|您讲|您说|您好|喂)$|[^着]呢$`)
	// asksAnywhere are words that ask wherever they stand, unless the speaker is looking it up.
	asksAnywhere = regexp.MustCompile(`吗|哪|什么|多少|谁|怎么|为何|是否|是不是|有没有|能不能|可不可以|要不要|会不会|贵姓|几[个号点楼单层月年户]|(说|报|提供|讲|描述|留|告诉我)一(下|遍)|告诉我|麻烦您(说|报|提供|留)`)
	// aroundTen is a number, not a question.
	aroundTen = regexp.MustCompile(`[十好这那有上数]几`)
	// looksUp says that the speaker goes and finds out: what follows is what is looked for.
	looksUp = regexp.MustCompile(`(我|正在|马上|这边|帮您|给您|为您).{0,5}(查|看|问|核实|核对|确认|了解|处理|登记)`)
)

// endsAsking reports whether the last sentence of u asks something, or asks the other party to speak.
func (v *view) endsAsking(u call.Utterance) bool {
	sentences := divide(u)
	if len(sentences) == 0 {
		return false
	}
	last := sentences[len(sentences)-1]
	switch {
	case strings.ContainsAny(afterLast(u.Text, last.text), "？?"), asksAtEnd.MatchString(last.text) && !strings.HasPrefix(last.text, "正在"):
		return true
	case looksUp.MatchString(last.text):
		return false
	}
	return asksAnywhere.MatchString(aroundTen.ReplaceAllString(last.text, "")) || v.asks(u.Role, last.Span)
}

// afterLast returns what follows the last place of part in text.
func afterLast(text, part string) string {
	return text[strings.LastIndex(text, part)+len(part):]
}
