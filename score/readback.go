package score

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
)

// When something important counts as read back.
const (
	sameAddress   = 0.5  // of its characters, in order
	maybeAddress  = 0.25 // with as many, a recogniser may have put other characters for the rest
	lastDigits    = 4    // by which a number may be named
	digitsAlike   = 0.7  // of a number's digits, in order: one or two of them may be misheard
	fewestDigits  = 5    // of a number worth repeating
	mostReadBacks = 40
)

// What a read-back rule may ask for.
const (
	readNumber  = "number"
	readAddress = "address"
)

// address finds where people live, as it is said.
var address = regexp.MustCompile(`[\p{Han}0-9]{2,16}?(?:路|街|道|巷|弄|小区|花园|家园|新村|苑|村|镇|大厦|广场)[\p{Han}0-9]{0,12}?(?:号楼|号院|栋|幢|单元|号|室|楼)(?:[0-9零幺一二两三四五六七八九十百]{1,6}(?:号楼|单元|室|号|楼|栋|层))*|[\p{Han}]{2,8}?(?:小区|花园|家园|新村|苑)[0-9零幺一二三四五六七八九十百]{1,5}(?:号楼|栋|幢|单元|号)(?:[0-9零幺一二两三四五六七八九十百]{1,6}(?:单元|室|号|楼|层))*`)

// important is something that the customer said and the agent has to repeat.
type important struct {
	call.Span
	kind       string
	text       string
	key        []rune // digits, or the characters of an address
	confidence float64
}

// readBack is how the agent took up something important.
type readBack struct {
	important
	how      holding
	evidence Evidence
}

// judgeReadBack wants what the customer said of importance to be repeated by the agent.
func (r *rule) judgeReadBack(t *trial) judgement {
	window, how := r.where.window(t, r.role)
	said := t.important(r, window)
	if how == holdsNot || len(said) == 0 {
		return judgement{outcome: OutcomeNotApplicable, reason: reasonNothingSaid}
	}
	var missing, doubtful, repeated []Evidence
	doubt := ""
	for _, i := range said {
		b := t.readBack(r, i)
		switch {
		case b.how == holdsSurely:
			repeated = append(repeated, b.evidence)
		case b.how == holdsMaybe:
			doubt, doubtful = cmp.Or(doubt, reasonWeakMatch), append(doubtful, b.evidence)
		default:
			if why := t.deaf(r, i); why != "" {
				doubt, doubtful = cmp.Or(doubt, why), append(doubtful, b.evidence)
				continue
			}
			missing = append(missing, b.evidence)
		}
	}
	share := r.points / float64(len(said))
	j := judgement{outcome: OutcomePass, points: r.points, evidence: repeated, note: text{
		zh: fmt.Sprintf("重要内容 %d 处，复述 %d 处", len(said), len(repeated)), en: fmt.Sprintf("%d of %d repeated", len(repeated), len(said)),
	}}
	switch {
	case len(missing) > 0:
		j.outcome, j.points = OutcomeFail, max(0, round(r.points-share*float64(len(missing)), 2))
		j.evidence = slices.Concat(missing, doubtful, repeated)
	case doubt != "":
		j.evidence = slices.Concat(doubtful, repeated)
		j = j.undecided(r.points, doubt).risking(min(r.points, round(share*float64(len(doubtful)), 2)))
	}
	if how == holdsMaybe && j.outcome == OutcomeFail {
		j = j.weakly(r.points)
	}
	j.evidence = j.evidence[:min(len(j.evidence), mostEvidence)]
	return j
}

// deaf returns why the agent may have repeated it after all.
func (t *trial) deaf(r *rule, i important) string {
	after := call.Span{Start: i.End, End: t.rec.Duration}
	if i.confidence < accuseConfidence {
		return reasonLowConfidence
	}
	return t.doubt(r.role, after)
}

// important finds what the other party said of the kinds that the rule wants, each but once.
func (t *trial) important(r *rule, window call.Span) []important {
	var all []important
	for _, p := range t.passages {
		if p.role != r.role.Other() {
			continue
		}
		for _, i := range importantIn(p, r.readBack) {
			again := slices.ContainsFunc(all, func(known important) bool {
				return known.kind == i.kind && dice(known.key, i.key) >= sameAddress
			})
			if !again && i.Overlaps(window) && len(all) < mostReadBacks {
				all = append(all, i)
			}
		}
	}
	return all
}

func importantIn(p passage, kinds []string) []important {
	var all []important
	runes := []rune(p.text)
	if slices.Contains(kinds, readNumber) {
		for _, found := range lexicon.FindPersonal(p.text) {
			key := digitsOf(string(runes[found.Start:found.End]))
			if len(key) < fewestDigits {
				continue
			}
			all = append(all, newImportant(p, readNumber, key, found.Start, found.End))
		}
	}
	if slices.Contains(kinds, readAddress) {
		for _, at := range address.FindAllStringIndex(p.text, -1) {
			start := len([]rune(p.text[:at[0]]))
			end := start + len([]rune(p.text[at[0]:at[1]]))
			all = append(all, newImportant(p, readAddress, contentOf(sameDigits(p.text[at[0]:at[1]])), start, end))
		}
	}
	return all
}

func newImportant(p passage, kind string, key []rune, start, end int) important {
	span, confidence := p.locate(start, end)
	return important{Span: span, kind: kind, text: string([]rune(p.text)[start:end]), key: key, confidence: confidence}
}

// readBack looks for i in what the rule's role said after it.
func (t *trial) readBack(r *rule, i important) readBack {
	after := call.Span{Start: i.Start, End: t.rec.Duration}
	b := readBack{important: i, evidence: t.searched(r.role, after)}
	b.evidence.Nearest = i.text
	for _, p := range t.passages {
		if p.role != r.role || p.end() <= i.Start {
			continue
		}
		how := i.repeatedIn(p.text)
		if how > b.how {
			b.how = how
			b.evidence = Evidence{Role: r.role, Span: p.span(), Quote: firstRunes(p.text, longestQuote), Term: i.text}
		}
	}
	return b
}

// repeatedIn tells whether a text repeats i.
func (i important) repeatedIn(said string) holding {
	if i.kind == readNumber {
		digits := digitsOf(said)
		switch {
		case strings.Contains(string(digits), string(i.key)),
			strings.Contains(said, "尾号") && strings.Contains(string(digits), string(i.key[len(i.key)-lastDigits:])):
			return holdsSurely
		case float64(inCommon(i.key, digits)) >= digitsAlike*float64(len(i.key)):
			return holdsMaybe
		}
		return holdsNot
	}
	switch likeness := float64(inCommon(i.key, contentOf(sameDigits(said)))) / float64(max(1, len(i.key))); {
	case likeness >= sameAddress:
		return holdsSurely
	case likeness >= maybeAddress:
		return holdsMaybe
	}
	return holdsNot
}

// digitsOf returns the digits of a text, however they are written.
func digitsOf(said string) []rune {
	return slices.DeleteFunc([]rune(sameDigits(said)), func(r rune) bool { return r < '0' || r > '9' })
}

// sameDigits writes every spelling of a digit alike.
func sameDigits(said string) string {
	const spelled = "零〇洞幺一壹两二贰三叁四肆五伍六陆七柒拐八捌九玖勾"
	const digits = "000111222334455667778" + "8999"
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) && r >= '０' {
			return r - '０' + '0'
		}
		if at := strings.IndexRune(spelled, r); at >= 0 {
			return rune(digits[at/len("零")])
		}
		return r
	}, said)
}

func (p passage) end() call.Millis { return p.pieces[len(p.pieces)-1].End }

func (p passage) span() call.Span {
	return call.Span{Start: p.pieces[0].Start, End: p.end()}
}
