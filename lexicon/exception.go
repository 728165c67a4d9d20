package lexicon

import (
	"strings"
	"sync"
)

// excepted reports whether the exceptions of the variant forbid the fit.
func (f *fit) excepted(text []unit) bool {
	ex := &f.variant.exceptions
	if ex.notNegated && f.negated(text) || ex.notInQuestion && f.inQuestion(text) || ex.notConditional && f.inCondition(text) ||
		ex.notReported && f.reported(text) || ex.notSoftened && f.softened(text) || ex.notInquiring && f.inquiring(text) {
		return true
	}
	for _, phrase := range ex.notBefore {
		if standsAt(text, f.end, phrase) {
			return true
		}
	}
	for _, phrase := range ex.notAfter {
		if standsAt(text, f.start-len(phrase), phrase) {
			return true
		}
	}
	for _, phrase := range ex.notInside {
		if f.variant.slotted() && standsAt(text, f.start, phrase) {
			return true
		}
		for at := f.end - len(phrase); at <= f.start; at++ {
			if standsAt(text, at, phrase) {
				return true
			}
		}
	}
	return false
}

// conditional reports whether there is anything that could forbid a fit.
func (e *exceptions) conditional() bool {
	return e.notNegated || e.notInQuestion || e.notConditional || e.notReported || e.notSoftened || e.notInquiring || len(e.notBefore)+len(e.notAfter)+len(e.notInside) > 0
}

// saying is a phrase that makes something else of another one beside or around it.
type saying []element

// sayings are made when they are first asked for.
func sayings(words ...string) func() []saying {
	return sync.OnceValue(func() []saying {
		all := make([]saying, len(words))
		for i, word := range words {
			for _, r := range word {
				all[i] = append(all[i], element{r: r, voice: phoneticTable().voice(r)})
			}
		}
		return all
	})
}

// standsAt reports whether phrase stands at unit at: by sound, but one character alone exactly.
func standsAt(text []unit, at int, phrase saying) bool {
	if at < 0 || at+len(phrase) > len(text) {
		return false
	}
	loosest := sameSound
	if len(phrase) == 1 {
		loosest = same
	}
	for i := range phrase {
		if text[at+i].like(&phrase[i]) > loosest {
			return false
		}
	}
	return true
}

const (
	negations    = "不没未无别非"
	betweenWords = "很太是能会要想再用敢必法有十分非常完全得说讲" // what may stand between a negation and what it negates
	mostBetween  = 3
	questionView = 12 // characters around a phrase in which a question is looked for
)

// noNegations are words with a character that looks like a negation.
var noNegations = sayings("特别", "分别", "区别", "差别", "个别", "类别", "级别", "是不是", "能不能", "要不要", "会不会", "有没有", "非常", "不仅", "不但", "不过")

// negated reports whether a negation stands before f in the same clause.
func (f *fit) negated(text []unit) bool {
	for i := f.start - 1; i >= 0 && i >= f.start-1-mostBetween && text[i].stop == stopNone; i-- {
		r := text[i].r
		if strings.ContainsRune(negations, r) && !insideOf(text, i, noNegations()) {
			return true
		}
		if !strings.ContainsRune(betweenWords, r) && !strings.ContainsRune(negations, r) {
			return false
		}
	}
	return false
}

// insideOf reports whether unit i belongs to one of words.
func insideOf(text []unit, i int, words []saying) bool {
	for _, word := range words {
		for at := i - len(word) + 1; at <= i; at++ {
			if standsAt(text, at, word) {
				return true
			}
		}
	}
	return false
}

// asking are words that make a question of what follows them; endings close one.
var asking = sayings("请问", "是不是", "有没有", "能不能", "可不可以", "可不可", "会不会", "要不要", "行不行", "是否", "难道", "为什么", "为何", "怎么会")

const endings = "吗么嘛"

// noEndings are words with a character that looks like an ending.
var noEndings = sayings("什么", "怎么", "这么", "那么", "多么")

// inQuestion reports whether f belongs to a question: by its mark, its last word, or a word before it.
func (f *fit) inQuestion(text []unit) bool {
	for i := f.end - 1; i < min(len(text), f.end+questionView); i++ {
		if i >= f.end && strings.ContainsRune(endings, text[i].r) && !insideOf(text, i, noEndings()) {
			return true
		}
		if text[i].stop >= stopSentence {
			if text[i].stop == stopQuestion {
				return true
			}
			break
		}
	}
	for i := f.start - 1; i >= max(0, f.start-questionView) && text[i].stop < stopSentence; i-- {
		if anyAt(text, i, f.start, asking()) {
			return true
		}
	}
	return false
}
