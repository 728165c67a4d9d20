package score

import (
	"cmp"
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
)

// When an agent takes up what the customer said, in characters that come in a run of two at least. What the agent says
// between such runs counts against them, so that a topic that both talk about is not restated.
const (
	restatesAlone     = 5 // of the customer's, said again with nothing else to prove it
	restatesNumber    = 4 // with a number among them: a street number, a customer number, a sum
	restatesConfirmed = 3 // when the customer says yes to it, or it ends as a question may
	restatesAsking    = 2 // when the agent asks whether that is so

	restateReach = 6 // turns after which what was said is not taken up any more
	tagReach     = 8 // characters after that in which a question begins that wants a yes
)

// What may be left out or added without changing anything.
const restateFiller = "请问您你的是在了呢啊吗吧哦嗯那我们这个下呀就说再把还都不没也要好对给来去什么怎有能会可"

// tags make a question of it that wants a yes, particles may; in a sentence with one of guesses or wonders the agent
// answers, bids or asks for something else.
var (
	tags = []string{
		"是吧", "对吧", "是吗", "对吗", "是么", "对么", "没错", "对不", "是不是", "准不准", "有没有漏", "有没有错", "有没有出入", "行不行？", "这样？", "这样?", "对没", "这个吧", "情况吧", "意思吧",
	}
	particles = []string{"吧", "吗", "么？", "么?"}
	wonders   = []string{"什么", "哪", "多少", "怎么", "几", "谁", "啥", "为何", "咋"}
	guesses   = []string{"去吧", "绝对", "肯定", "一定", "保证", "不会", "不可", "应该", "大概", "可能", "估计", "恐怕", "也许", "多半", "自己", "分不清", "不懂"}
)

// assents are how a customer says yes; dissents begin alike.
var (
	assents  = []string{"对", "是", "嗯", "没错", "就是", "准", "没漏", "要得", "正是"}
	dissents = []string{"对了", "对不起", "是不是", "是什么", "是谁", "是哪", "是吗", "是怎", "对什么", "就是说", "准备"}
)

// restated finds where the agent takes up what the other party said shortly before, in their words and numbers: a
// paraphrase, however it is put.
func (t *trial) restated(r *rule, window call.Span) (Evidence, bool) {
	m := memory{last: map[bigram]int{}}
	for n, turn := range t.turns {
		text := turn.Text()
		if turn.Role != r.role {
			m.hear(n, text)
			continue
		}
		sure := confidenceOf(turn)
		if !turn.Overlaps(window) || sure < leastConfidence {
			continue
		}
		answer := ""
		if n+1 < len(t.turns) {
			answer = t.turns[n+1].Text()
		}
		if m.takenUp(n, text).proves(text, answer) {
			return Evidence{Role: r.role, Span: turn.Span, Quote: firstRunes(text, longestQuote), Confidence: round(sure, 2)}, true
		}
	}
	return Evidence{}, false
}

// confidenceOf is the mean confidence of the utterances of a turn.
func confidenceOf(turn call.Turn) float64 {
	sum := 0.0
	for i := range turn.Utterances {
		sum += turn.Utterances[i].Confidence
	}
	return sum / float64(max(1, len(turn.Utterances)))
}

// bigram is how two characters side by side sound.
type bigram [2]uint16

// memory knows what one party said, by its bigrams, and in which turn it said them last.
type memory struct {
	last   map[bigram]int
	sounds []uint16
}

// listen returns how the characters of text sound, without fillers, which are Unheard like what divides clauses.
func (m *memory) listen(text string) []uint16 {
	m.sounds = lexicon.AppendSounds(m.sounds[:0], text)
	at := 0
	for _, r := range text {
		if strings.ContainsRune(restateFiller, r) {
			m.sounds[at] = lexicon.Unheard
		}
		at++
	}
	return m.sounds
}

func (m *memory) hear(turn int, text string) {
	sounds := m.listen(text)
	for i := 1; i < len(sounds); i++ {
		if sounds[i-1] != lexicon.Unheard && sounds[i] != lexicon.Unheard {
			m.last[bigram{sounds[i-1], sounds[i]}] = turn
		}
	}
}

// knows reports whether the bigram was said in one of the turns before.
func (m *memory) knows(turn int, b bigram) bool {
	said, ok := m.last[b]
	return ok && turn-said <= restateReach && b[0] != lexicon.Unheard && b[1] != lexicon.Unheard
}

// taken is the densest stretch of a turn that was said by the other party before.
type taken struct {
	characters int // of runs, each but once, less those between them
	end        int // rune offset in the turn
	numbered   bool
}

// takenUp finds the densest stretch of text that was said before.
func (m *memory) takenUp(turn int, text string) (best taken) {
	sounds, runes := m.listen(text), []rune(text)
	var open taken
	seen := map[bigram]bool{}
	for i := 0; i < len(sounds); {
		n := m.run(turn, sounds[i:])
		switch {
		case n > 0:
			if again := seen[bigram{sounds[i], sounds[i+1]}]; !again {
				open.characters, open.end = open.characters+n, i+n
				open.numbered = open.numbered || slices.ContainsFunc(runes[i:i+n], isSpelledNumber)
				seen[bigram{sounds[i], sounds[i+1]}] = true
			}
			if open.characters >= best.characters && open.characters > 0 {
				best = open
			}
			i += n
			continue
		case sounds[i] != lexicon.Unheard:
			if open.characters--; open.characters <= 0 {
				open = taken{}
			}
		}
		i++
	}
	return best
}

// run returns how many of the first sounds stand in a row that was said before, 0 for none.
func (m *memory) run(turn int, sounds []uint16) int {
	n := 0
	for n+1 < len(sounds) && m.knows(turn, bigram{sounds[n], sounds[n+1]}) {
		n++
	}
	if n > 0 {
		n++
	}
	return n
}

func isSpelledNumber(r rune) bool {
	return r >= '0' && r <= '9' || strings.ContainsRune("零〇一二两三四五六七八九十百千万幺", r)
}

// proves reports whether a turn with that taken up in it confirms what was said; answer is what the other party says to
// it.
func (e taken) proves(text, answer string) bool {
	before, after := string([]rune(text)[:e.end]), string([]rune(text)[e.end:])
	before, after = before[strings.LastIndexAny(before, sentenceEnds)+1:], upTo(after, sentenceEnds)
	asked := tagged(firstRunes(after, tagReach), tags)
	maybe := cmp.Or(asked, tagged(firstRunes(after, tagReach), particles))
	if has(before+cmp.Or(maybe, upTo(after, "，,")), guesses) {
		return false
	}
	switch {
	case e.characters >= restatesAlone, e.characters >= restatesNumber && e.numbered:
		return true
	case has(before+after, wonders):
		return false
	}
	return e.characters >= restatesAsking && asked != "" || e.characters >= restatesConfirmed && (maybe != "" || saysYes(answer))
}

// tagged returns text up to the first of tags, "" when there is none.
func tagged(text string, tags []string) string {
	end := len(text) + 1
	for _, tag := range tags {
		if at := strings.Index(text, tag); at >= 0 {
			end = min(end, at+len(tag))
		}
	}
	if end > len(text) {
		return ""
	}
	return text[:end]
}

const sentenceEnds = "。！!；"

// upTo returns text up to the first of ends.
func upTo(text, ends string) string {
	if end := strings.IndexAny(text, ends); end >= 0 {
		return text[:end]
	}
	return text
}

func has(text string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}

func saysYes(answer string) bool {
	begins := func(word string) bool { return strings.HasPrefix(answer, word) }
	return slices.ContainsFunc(assents, begins) && !slices.ContainsFunc(dissents, begins)
}
