package report

import (
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// MaskRecord returns a copy of rec with personal data hidden by mask: the customer's number, and
// numbers in everything that was said. A nil mask hides nothing. rec itself is not changed.
func MaskRecord(rec score.Record, mask func(string) string) score.Record {
	if mask == nil {
		return rec
	}
	rec.Recording.Customer = maskCustomer(rec.Recording.Customer, mask)
	rec.Transcript.Utterances = maskUtterances(rec.Transcript.Utterances, mask)
	rec.Transcript.Removed = slices.Clone(rec.Transcript.Removed)
	for i := range rec.Transcript.Removed {
		rec.Transcript.Removed[i].Text = mask(rec.Transcript.Removed[i].Text)
	}
	rec.Measures.Interruptions = slices.Clone(rec.Measures.Interruptions)
	for i := range rec.Measures.Interruptions {
		rec.Measures.Interruptions[i].Text = mask(rec.Measures.Interruptions[i].Text)
	}
	rec.Score.Criteria = slices.Clone(rec.Score.Criteria)
	for i := range rec.Score.Criteria {
		c := &rec.Score.Criteria[i]
		c.Note, c.NoteEN = mask(c.Note), mask(c.NoteEN)
		c.Decision, c.Earlier = maskDecision(c.Decision, mask), maskDecision(c.Earlier, mask)
		c.Evidence = slices.Clone(c.Evidence)
		for j := range c.Evidence {
			e := &c.Evidence[j]
			e.Quote, e.Nearest, e.Term = mask(e.Quote), mask(e.Nearest), mask(e.Term)
		}
	}
	return rec
}

// maskDecision hides what a person may have written into a note.
func maskDecision(d *score.Decision, mask func(string) string) *score.Decision {
	if d == nil {
		return nil
	}
	masked := *d
	masked.Note = mask(d.Note)
	return &masked
}

// maskUtterances hides personal data party by party and turn by turn: a number is often spoken with
// a pause in it, so that no single utterance holds it all.
func maskUtterances(utterances []call.Utterance, mask func(string) string) []call.Utterance {
	masked := slices.Clone(utterances)
	for start := 0; start < len(masked); {
		end := start + 1
		for end < len(masked) && masked[end].Role == masked[start].Role {
			end++
		}
		maskRun(masked[start:end], mask)
		start = end
	}
	return masked
}

// maskRun masks the utterances of one turn, first put together, then each by itself.
func maskRun(run []call.Utterance, mask func(string) string) {
	var whole strings.Builder
	for _, u := range run {
		whole.WriteString(u.Text)
	}
	text := []rune(whole.String())
	hidden := []rune(mask(string(text)))
	for i := range run {
		n := len([]rune(run[i].Text))
		if len(hidden) == len(text) { // letter by letter, so that it can be taken apart again
			setText(&run[i], string(hidden[:n]))
			hidden, text = hidden[n:], text[n:]
		}
		setText(&run[i], mask(run[i].Text))
	}
}

// setText replaces u's text and, as they hold the same letters, its words' texts. When they can't
// follow, the words are dropped.
func setText(u *call.Utterance, text string) {
	if text == u.Text {
		return
	}
	from, to := []rune(u.Text), []rune(text)
	u.Text = text
	if len(from) != len(to) {
		u.Words = nil
		return
	}
	words := slices.Clone(u.Words)
	for i := range words {
		n := len([]rune(words[i].Text))
		if n > len(to) {
			u.Words = nil
			return
		}
		words[i].Text, to = string(to[:n]), to[n:]
	}
	u.Words = words
}

// keepDigits is how much of a customer's number stays readable at its end.
const keepDigits = 4

// maskCustomer hides a customer's number also when mask doesn't know its kind.
func maskCustomer(customer string, mask func(string) string) string {
	if masked := mask(customer); masked != customer {
		return masked
	}
	runes := []rune(customer)
	for i := range len(runes) - keepDigits {
		runes[i] = '*'
	}
	return string(runes)
}

// replaceCustomer hides the customer's number where a file is named after it.
func replaceCustomer(path, customer, masked string) string {
	if len(customer) <= keepDigits {
		return path
	}
	return strings.ReplaceAll(path, customer, masked)
}
