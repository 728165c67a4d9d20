package score

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/zhijian-qa/zhijian/call"
)

// When something said is the same as something said before.
const (
	repeatsSurely    = 0.8
	repeatsMaybe     = 0.65
	shortestRepeated = 4 // characters that mean something
	shortestAnswer   = 4 // characters of speech in between that are an answer
	mostSentences    = 400
	farthestBack     = 40 // sentences among which a repetition is looked for
)

// What is said in so many sentences that it tells nothing about them.
const emptyWords = "请问您你的是在了呢啊吗吧哦嗯那我们这个一下呀就有说再把还都"

// repetition is what a repetition rule looks for: questions asked again, or statements made again.
type repetition struct {
	questions bool
	except    []string // lists whose sentences may be said again
	after     []string // lists after which either party may say it again
	atMost    int
	perHit    float64
}

// sentence is something that one party said in one go.
type sentence struct {
	call.Span
	text       string
	content    []rune // without punctuation and empty words
	signature  uint64 // of the characters of content
	confidence float64
	question   bool
}

// repeated is a sentence that was said before.
type repeated struct {
	first, again sentence
	likeness     float64
}

// judgeRepetition takes points for each sentence that comes again though it was answered, or though it
// had been said.
func (r *rule) judgeRepetition(t *trial) judgement {
	window, how := r.where.window(t, r.role)
	if how == holdsNot {
		return judgement{outcome: OutcomeNotApplicable, reason: reasonNoAnchor}
	}
	var sure, perhaps []repeated
	sentences := t.sentences(r, window)
	for i, s := range sentences {
		found, ok := t.repeats(r, sentences[max(0, i-farthestBack):i], s)
		switch {
		case !ok:
		case found.likeness >= repeatsSurely && min(s.confidence, found.first.confidence) >= accuseConfidence && t.heardBetween(r, found):
			sure = append(sure, found)
		default:
			perhaps = append(perhaps, found)
		}
	}
	costing := len(sure) - r.repetition.atMost
	note := text{zh: fmt.Sprintf("重复 %d 处", len(sure)), en: fmt.Sprintf("%d repetitions", len(sure))}
	j := judgement{outcome: OutcomePass, points: r.points, note: note}
	switch {
	case costing > 0:
		j.outcome, j.points = OutcomeFail, max(0, round(r.points-r.repetition.perHit*float64(costing), 2))
		j.evidence = repeatedEvidence(r.role, sure)
	case costing+len(perhaps) > 0:
		j.evidence = repeatedEvidence(r.role, slices.Concat(sure, perhaps))
		j = j.undecided(r.points, reasonWeakMatch).risking(min(r.points, r.repetition.perHit*float64(costing+len(perhaps))))
	default:
		j.evidence = []Evidence{t.searched(r.role, window)}
	}
	if how == holdsMaybe && j.outcome == OutcomeFail {
		j = j.weakly(r.points)
	}
	return j
}

// repeats finds the sentence that s says again: of questions one that the other party has answered since.
func (t *trial) repeats(r *rule, before []sentence, s sentence) (repeated, bool) {
	var best repeated
	for _, b := range before {
		if b.most(s) < repeatsMaybe {
			continue
		}
		likeness := dice(b.content, s.content)
		if likeness < repeatsMaybe || likeness < best.likeness {
			continue
		}
		between := call.Span{Start: b.End, End: s.Start}
		if r.repetition.questions && spokenCharacters(t.textIn(r.role.Other(), between)) < shortestAnswer || t.mayRepeat(r, between) {
			continue
		}
		best = repeated{first: b, again: s, likeness: likeness}
	}
	return best, best.likeness > 0
}

// heardBetween reports whether the answer between the two is known well enough to be one.
func (t *trial) heardBetween(r *rule, found repeated) bool {
	between := call.Span{Start: found.first.End, End: found.again.Start}
	return !r.repetition.questions || between.Empty() || t.doubt(r.role.Other(), between) == ""
}

// mayRepeat reports whether a request to say it again, or the like, was heard in between.
func (t *trial) mayRepeat(r *rule, between call.Span) bool {
	return t.anyOf(r.repetition.after, func(h *hit) bool { return h.at.Overlaps(between) })
}

// sentences divides what the rule's role said in the window at punctuation and pauses.
func (t *trial) sentences(r *rule, window call.Span) []sentence {
	var all []sentence
	for _, u := range t.said[r.role] {
		if !u.Overlaps(window) {
			continue
		}
		for _, s := range divide(u) {
			s.question = s.question || t.asks(r.role, s.Span)
			if len(s.content) < shortestRepeated || r.repetition.questions && !s.question || t.excepted(r, s) {
				continue
			}
			if all = append(all, s); len(all) == mostSentences {
				return all
			}
		}
	}
	return all
}

func (t *trial) excepted(r *rule, s sentence) bool {
	return t.anyOf(r.repetition.except, func(h *hit) bool { return h.role == r.role && h.at.Overlaps(s.Span) })
}

// asks reports whether a question was heard in the span.
func (v *view) asks(role call.Role, span call.Span) bool {
	return v.anyOf([]string{listOpenQuestion, listIdentity}, func(h *hit) bool { return h.role == role && h.at.Overlaps(span) })
}

// divide cuts an utterance at its punctuation.
func divide(u call.Utterance) []sentence {
	var all []sentence
	runes := []rune(u.Text)
	whole := piece{Utterance: &u, wordEnds: appendWordEnds(nil, u.Words)}
	start := 0
	for i := 0; i <= len(runes); i++ {
		if i < len(runes) && !strings.ContainsRune("，,。.？?！!；; ", runes[i]) {
			continue
		}
		if i > start {
			said := string(runes[start:i])
			question := i < len(runes) && strings.ContainsRune("？?", runes[i]) || strings.ContainsAny(said, "吗哪") || strings.Contains(said, "什么") || strings.Contains(said, "多少")
			content := contentOf(said)
			span, confidence := whole.at(start, i)
			all = append(all, sentence{
				Span: span, text: said, content: content, signature: signatureOf(content),
				confidence: confidence, question: question,
			})
		}
		start = i + 1
	}
	return all
}

// contentOf drops what tells nothing from a sentence.
func contentOf(said string) []rune {
	var content []rune
	for _, r := range said {
		if (unicode.IsLetter(r) || unicode.IsDigit(r)) && !strings.ContainsRune(emptyWords, r) {
			content = append(content, r)
		}
	}
	return content
}

// signatureOf sets a bit for each character.
func signatureOf(content []rune) (signature uint64) {
	for _, r := range content {
		signature |= 1 << (r % 64)
	}
	return signature
}

// most is how alike two sentences can be at most, without looking at the order of their characters.
func (s sentence) most(other sentence) float64 {
	shared := 0
	for _, r := range other.content {
		if s.signature&(1<<(r%64)) != 0 {
			shared++
		}
	}
	return 2 * float64(min(shared, len(s.content))) / float64(len(s.content)+len(other.content))
}

// dice is the share of the characters that two texts have in common, in order: 1 for the same text.
func dice(a, b []rune) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	return 2 * float64(inCommon(a, b)) / float64(len(a)+len(b))
}

// inCommon is the length of the longest common subsequence.
func inCommon(a, b []rune) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		previous := 0
		for j, y := range b {
			above := row[j+1]
			if x == y {
				row[j+1] = previous + 1
			} else {
				row[j+1] = max(row[j+1], row[j])
			}
			previous = above
		}
	}
	return row[len(b)]
}

// repeatedEvidence shows each pair by its later half.
func repeatedEvidence(role call.Role, found []repeated) []Evidence {
	slices.SortFunc(found, func(a, b repeated) int { return cmp.Compare(a.again.Start, b.again.Start) })
	var evidence []Evidence
	for _, f := range found[:min(len(found), mostEvidence/2)] {
		likeness := round(f.likeness, 2)
		evidence = append(evidence,
			Evidence{Role: role, Span: f.first.Span, Quote: firstRunes(f.first.text, longestQuote), Confidence: round(f.first.confidence, 2)},
			Evidence{Role: role, Span: f.again.Span, Quote: firstRunes(f.again.text, longestQuote), Confidence: round(f.again.confidence, 2), Measure: &likeness})
	}
	return evidence
}
