package lexicon

import "strings"

// What makes of a phrase something that was not meant: a condition, somebody else's words, a limit with a way out.
var (
	conditions    = sayings("如果", "要是", "假如", "万一", "若是", "倘若", "只要", "除非", "哪怕", "即使", "就算")
	conditionEnds = sayings("的话", "的时候", "就打", "就来", "就找", "随时", "再联系", "再打")
	reports       = sayings(
		"您说", "你说", "您讲", "您是说", "您刚才说", "您提到", "您反映", "您问", "您觉得", "您认为", "您担心", "他说", "她说", "们说", "家说", "业说", "户说", "人说", "傅说", "员说", "居说", "方说", "以为",
	)
	// inquiries are how somebody asks, or asks for something, calmly.
	inquiries = sayings("想问", "请问", "问一下", "问下", "想咨询", "咨询一下", "想了解", "想知道", "麻烦你", "麻烦您", "帮我查", "帮我看", "帮忙", "看一下", "谢谢", "没关系", "不着急", "不急")
	tellers   = "跟给和对向同告诉" // 跟您说 is no report
	goingOn   = "给帮为替"     // 给您安排 behind 没办法
	wayOut    = sayings(
		"您可以", "你可以", "我可以", "我能帮", "我帮您", "我给您", "我为您", "我来帮", "我先帮", "我先给", "我马上", "帮您", "为您", "替您", "给您登记", "给您转", "给您反映", "给您申请",
		"给您安排", "建议您", "也可以", "也能", "可以先", "可以到", "可以带", "可以在", "可以通过", "可以用", "您带", "就可以", "就能", "换个时间", "我会", "我们会", "我先",
		"您看", "明早", "第一时间", "预计", "尽快", "尽量", "上报", "登记", "协调", "转给", "转到", "需要您", "要您本人", "请您带", "请您到", "请您先", "请您提供", "麻烦您",
	)
)

// How far before and after a phrase such words are looked for, in characters. A clause is seldom longer than
// clauseView; where a recogniser writes no marks, nothing else ends it.
const (
	reportView = 10
	wayOutView = 22
	clauseView = 16
	calmView   = 24
)

// inCondition reports whether f stands in the clause of a condition: 如果今天不行, 不行的话.
func (f *fit) inCondition(text []unit) bool {
	first, last := f.clause(text)
	for i := first; i < f.start; i++ {
		if anyAt(text, i, f.start, conditions()) {
			return true
		}
	}
	for i := f.end; i <= last; i++ {
		if anyAt(text, i, last+1, conditionEnds()) {
			return true
		}
	}
	return false
}

// reported reports whether f is what somebody else said, or thinks: 您说不行, 物业说不归他们管.
func (f *fit) reported(text []unit) bool {
	first, _ := f.clause(text)
	for i := max(first, f.start-reportView); i < f.start; i++ {
		if anyAt(text, i, f.start, reports()) && (i == 0 || !strings.ContainsRune(tellers, text[i-1].r)) {
			return true
		}
	}
	return false
}

// softened reports whether a way out follows the clause of f at once: 线上退不了，不过您可以到营业厅办.
func (f *fit) softened(text []unit) bool {
	_, last := f.clause(text)
	if text[last].stop == stopNone { // it has no end: what follows f at once counts
		last = f.end - 1
	}
	for i := last + 1; i < min(len(text), f.end+wayOutView); i++ {
		if anyAt(text, i, len(text), wayOut()) && !f.goesOn(text, i) {
			return true
		}
	}
	return false
}

// goesOn reports whether what stands at unit i is said of f itself: 没办法给您安排 is no way out.
func (f *fit) goesOn(text []unit, i int) bool {
	return i == f.end && text[i-1].stop == stopNone && strings.ContainsRune(goingOn, text[i].r)
}

// inquiring reports whether f goes with a calm enquiry or request in one sentence: 到现在还没来电，想问一下是什么原因.
func (f *fit) inquiring(text []unit) bool {
	for i := f.start - 1; i >= max(0, f.start-calmView) && text[i].stop < stopSentence; i-- {
		if anyAt(text, i, f.start, inquiries()) {
			return true
		}
	}
	for i := f.end; i < min(len(text), f.end+calmView) && text[i-1].stop < stopSentence; i++ {
		if anyAt(text, i, len(text), inquiries()) {
			return true
		}
	}
	return false
}

// clause returns the first and the last unit of the clause that f stands in, within clauseView of f.
func (f *fit) clause(text []unit) (first, last int) {
	for first = f.start; first > max(0, f.start-clauseView) && text[first-1].stop == stopNone; first-- {
	}
	for last = f.end - 1; last < min(len(text), f.end+clauseView)-1 && text[last].stop == stopNone; last++ {
	}
	return first, last
}

// anyAt reports whether one of words stands at unit at, and ends before unit end.
func anyAt(text []unit, at, end int, words []saying) bool {
	for _, word := range words {
		if at+len(word) <= end && standsAt(text, at, word) {
			return true
		}
	}
	return false
}
