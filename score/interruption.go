package score

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/zhijian-qa/zhijian/call"
)

// How the words of an interruption are found; Limits say when speech over the other party is one.
const (
	wordDrift         = call.Millis(300) // by which words may be heard before the speech they belong to
	charactersASecond = 4
	longestQuote      = 30
)

// interruptions lists where substantive speech begins while the other party is mid-speech.
func (v *view) interruptions() []Interruption {
	found := []Interruption{}
	for _, by := range []call.Role{call.RoleAgent, call.RoleCustomer} {
		others, next := v.speech.byRole[by.Other()], 0
		for _, own := range v.speech.byRole[by] { // both are merged: in order, and apart
			for next < len(others) && others[next].End <= own.Start {
				next++
			}
			if next == len(others) {
				break
			}
			if i, ok := v.interruption(by, own, others[next]); ok {
				found = append(found, i)
			}
		}
	}
	slices.SortFunc(found, func(a, b Interruption) int { return cmp.Compare(a.Start, b.Start) })
	return found
}

// interruption judges one party's span that begins inside one of the other's.
func (v *view) interruption(by call.Role, own, other call.Span) (Interruption, bool) {
	if !other.Contains(own.Start) {
		return Interruption{}, false
	}
	overlap := own.Intersect(other)
	if own.Start-other.Start < v.limits.InterruptionLead ||
		other.End-own.Start < v.limits.InterruptionGoesOn || overlap.Length() < v.limits.InterruptionOverlap {
		return Interruption{}, false
	}
	i := Interruption{
		By: by, Start: own.Start, OverlapMS: overlap.Length(),
		Yielded:   own.End >= other.End && other.End-own.Start <= v.limits.YieldWithin,
		OtherText: lastRunes(v.wordsSaid(by.Other(), call.Span{Start: other.Start, End: overlap.End}), longestQuote),
	}
	words := v.wordsIn(by, call.Span{Start: own.Start - wordDrift, End: own.End})
	over := wordsBefore(words, overlap)
	switch {
	case over == "":
		i.Uncertain = true
	case v.substance(over) == 0:
		return Interruption{}, false
	case own.Length() < v.limits.BackchannelLength && v.substance(joined(words)) <= v.limits.BackchannelCharacters:
		i.Uncertain = true
	}
	i.Text = firstRunes(joined(words), longestQuote)
	return i, true
}

// wordsIn returns the words of role whose middle lies in span.
func (v *view) wordsIn(role call.Role, span call.Span) []call.Word {
	var words []call.Word
	v.eachWord(role, span, func(w *call.Word) { words = append(words, *w) })
	return words
}

// wordsSaid returns the same as one text.
func (v *view) wordsSaid(role call.Role, span call.Span) string {
	var text strings.Builder
	v.eachWord(role, span, func(w *call.Word) { text.WriteString(w.Text) })
	return text.String()
}

func (v *view) eachWord(role call.Role, span call.Span, use func(*call.Word)) {
	for i := range v.said[role] {
		u := &v.said[role][i]
		if !u.Overlaps(span) {
			continue
		}
		words := wordsOf(u)
		for j := range words {
			if w := &words[j]; span.Contains((w.Start + w.End) / 2) {
				use(w)
			}
		}
	}
}

// wordsOf returns the words of u, or its characters at even distances when it has none.
func wordsOf(u *call.Utterance) []call.Word {
	if len(u.Words) > 0 {
		return u.Words
	}
	var words []call.Word
	for i, r := range []rune(u.Text) {
		words = append(words, call.Word{Span: u.At(i, i+1), Text: string(r), Confidence: u.Confidence})
	}
	return words
}

// wordsBefore returns the text that was spoken in the overlap. Where the clock of the words runs so late
// that none falls into it, the first words stand for it, as many as its length holds.
func wordsBefore(words []call.Word, overlap call.Span) string {
	var b strings.Builder
	for _, w := range words {
		if (w.Start+w.End)/2 < overlap.End {
			b.WriteString(w.Text)
		}
	}
	if b.Len() > 0 {
		return b.String()
	}
	return firstRunes(joined(words), int(overlap.Length())*charactersASecond/1000)
}

func joined(words []call.Word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.Text)
	}
	return b.String()
}

func firstRunes(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(len(runes), n)])
}

func lastRunes(s string, n int) string {
	runes := []rune(s)
	return string(runes[max(0, len(runes)-n):])
}

// substance counts the characters of text that belong to no backchannel word.
func (v *view) substance(text string) int {
	runes := []rune(text)
	counts := make([]bool, len(runes))
	for i, r := range runes {
		counts[i] = unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	for _, m := range v.lexicon.FindOf(listBackchannel, text) {
		for i := m.Start; i < m.End; i++ {
			counts[i] = false
		}
	}
	n := 0
	for _, c := range counts {
		if c {
			n++
		}
	}
	return n
}
