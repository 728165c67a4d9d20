package report

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// MaskRecord returns a copy of rec with personal data hidden by mask: the customer's number, also where
// the file is named after it, and numbers in everything that was said. A nil mask hides nothing. rec
// itself is not changed.
func MaskRecord(rec score.Record, mask func(string) string) score.Record {
	if mask == nil {
		return rec
	}
	h := newHider(rec.Transcript.Utterances, mask)
	rec.Recording.Path = MaskPath(rec.Recording.Path, rec.Recording.Customer, mask)
	rec.Recording.Customer = maskCustomer(rec.Recording.Customer, mask)
	rec.Transcript.Utterances = h.utterances
	rec.Transcript.Removed = slices.Clone(rec.Transcript.Removed)
	for i := range rec.Transcript.Removed {
		h.hide(&rec.Transcript.Removed[i].Text)
	}
	rec.Measures = h.measures(rec.Measures)
	rec.Score.Criteria = slices.Clone(rec.Score.Criteria)
	for i := range rec.Score.Criteria {
		c := &rec.Score.Criteria[i]
		h.hide(&c.Note, &c.NoteEN)
		c.Evidence = h.evidence(c.Evidence)
		c.Decision, c.Earlier = h.decision(c.Decision), h.decision(c.Earlier)
	}
	if s := rec.Score.Scenario; s != nil {
		masked := *s
		masked.Evidence = h.evidence(s.Evidence)
		rec.Score.Scenario = &masked
	}
	return rec
}

// sameNumber is the longest pause inside a number that is dictated piece by piece.
const sameNumber = call.Millis(15_000)

// hider hides personal data in the texts of one call.
type hider struct {
	mask       func(string) string
	utterances []call.Utterance // masked
	said       map[call.Role]speech
}

// speech is all that one party said, as it was and masked, letter by letter and without spaces.
type speech struct{ raw, masked []rune }

// newHider masks utterances party by party: a number is often dictated in pieces, with the other party's
// 嗯 and 好的 between them, so that no single utterance holds it all.
func newHider(utterances []call.Utterance, mask func(string) string) hider {
	h := hider{mask: mask, utterances: slices.Clone(utterances), said: make(map[call.Role]speech)}
	byRole := make(map[call.Role][]*call.Utterance)
	for i := range h.utterances {
		u := &h.utterances[i]
		byRole[u.Role] = append(byRole[u.Role], u)
	}
	for role, own := range byRole {
		slices.SortStableFunc(own, func(a, b *call.Utterance) int { return cmp.Compare(a.Start, b.Start) })
		var all speech
		for start := 0; start < len(own); {
			end := start + 1
			for end < len(own) && own[end].Start-own[end-1].End < sameNumber {
				end++
			}
			all.add(own[start:end], mask)
			start = end
		}
		h.said[role] = all
	}
	return h
}

// add masks a run of utterances, put together and each by itself, and notes what they said.
func (s *speech) add(run []*call.Utterance, mask func(string) string) {
	var whole strings.Builder
	for _, u := range run {
		whole.WriteString(u.Text)
	}
	hidden := []rune(mask(whole.String()))
	if len(hidden) != len([]rune(whole.String())) { // not letter by letter: it can't be taken apart again
		hidden = []rune(whole.String())
	}
	for _, u := range run {
		raw := []rune(u.Text)
		masked := []rune(mask(u.Text))
		if len(masked) == len(raw) {
			overlay(masked, raw, hidden[:len(raw)])
			s.note(raw, masked)
		}
		hidden = hidden[len(raw):]
		setText(u, string(masked))
	}
}

// overlay puts into text what is hidden in masked, the masked form of raw.
func overlay(text, raw, masked []rune) {
	for i := range text {
		if masked[i] != raw[i] {
			text[i] = masked[i]
		}
	}
}

func (s *speech) note(raw, masked []rune) {
	for i, r := range raw {
		if !unicode.IsSpace(r) {
			s.raw, s.masked = append(s.raw, r), append(s.masked, masked[i])
		}
	}
}

// hide masks texts. What was quoted from somebody is hidden as it is in the transcript: a quote is often
// cut in the middle of a number.
func (h hider) hide(texts ...*string) {
	for _, text := range texts {
		raw, masked := []rune(*text), []rune(h.mask(*text))
		if len(raw) == len(masked) {
			for _, s := range h.said {
				s.hide(raw, masked)
			}
		}
		*text = string(masked)
	}
}

// hide puts into masked, the masked form of raw, what is hidden wherever raw stands in s.
func (s speech) hide(raw, masked []rune) {
	var letters []rune
	var places []int // of the letters in raw
	for i, r := range raw {
		if !unicode.IsSpace(r) {
			letters, places = append(letters, r), append(places, i)
		}
	}
	for at := 0; len(letters) > 0 && at+len(letters) <= len(s.raw); at++ {
		if !slices.Equal(s.raw[at:at+len(letters)], letters) {
			continue
		}
		for i, place := range places {
			if s.masked[at+i] != s.raw[at+i] {
				masked[place] = s.masked[at+i]
			}
		}
	}
}

// evidence returns a masked copy of evidence.
func (h hider) evidence(evidence []score.Evidence) []score.Evidence {
	masked := slices.Clone(evidence)
	for i := range masked {
		h.hide(&masked[i].Quote, &masked[i].Nearest, &masked[i].Term)
	}
	return masked
}

// decision hides what a person may have written into a note.
func (h hider) decision(d *score.Decision) *score.Decision {
	if d == nil {
		return nil
	}
	masked := *d
	masked.Evidence = h.evidence(d.Evidence)
	h.hide(&masked.Note)
	return &masked
}

// setText replaces u's text and, as they hold the same letters, its words' texts. When they can't
// follow, the words are dropped.
func setText(u *call.Utterance, text string) {
	if text == u.Text {
		return
	}
	var spoken strings.Builder
	for _, w := range u.Words {
		spoken.WriteString(w.Text)
	}
	raw, left := []rune(u.Text), []rune(text)
	follow := len(raw) == len(left) && spoken.String() == u.Text
	words := slices.Clone(u.Words)
	u.Text, u.Words = text, nil
	if !follow {
		return
	}
	for i := range words {
		n := len([]rune(words[i].Text))
		words[i].Text, left = string(left[:n]), left[n:]
	}
	u.Words = words
}
