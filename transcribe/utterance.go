package transcribe

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/zhijian-qa/zhijian/call"
)

// utterances groups the words of one channel, each inside a speech span, by the stretches of its speech between pauses.
// An utterance lasts from the first to the last speech span that has words.
func utterances(role call.Role, words []call.Word, speech []call.Span, pause call.Millis) []call.Utterance {
	words = slices.Clone(words)
	slices.SortStableFunc(words, func(a, b call.Word) int { return cmp.Compare(a.Start, b.Start) })
	var found []call.Utterance
	next := 0
	for _, stretch := range call.Merge(speech, pause) {
		from := next
		for next < len(words) && words[next].End <= stretch.End { // a mark may begin where the stretch ends
			next++
		}
		if u, ok := utterance(role, words[from:next], call.Clip(speech, stretch)); ok {
			found = append(found, u)
		}
	}
	return found
}

// utterance makes one of words, which lie in spans. It is none when nothing was said.
func utterance(role call.Role, words []call.Word, spans []call.Span) (call.Utterance, bool) {
	words = trimmed(words)
	if len(words) == 0 {
		return call.Utterance{}, false
	}
	first, last := words[0].Start, words[len(words)-1].End
	u := call.Utterance{Role: role, Words: words}
	u.Start, u.End = first, last
	for _, s := range spans {
		if s.Contains(first) {
			u.Start = s.Start
		}
		if last > s.Start && last <= s.End {
			u.End = s.End
		}
	}
	var text strings.Builder
	var sum float64
	for _, w := range words {
		text.WriteString(w.Text)
		sum += w.Confidence
	}
	u.Text, u.Confidence = text.String(), sum/float64(len(words))
	return u, true
}

// trimmed drops the white space around words, and the words that are nothing else. Nothing is left of
// words without a letter or a digit.
func trimmed(words []call.Word) []call.Word {
	own := append([]call.Word(nil), words...)
	for len(own) > 0 {
		if own[0].Text = strings.TrimLeft(own[0].Text, " \t\n"); own[0].Text != "" {
			break
		}
		own = own[1:]
	}
	for len(own) > 0 {
		last := &own[len(own)-1]
		if last.Text = strings.TrimRight(last.Text, " \t\n"); last.Text != "" {
			break
		}
		own = own[:len(own)-1]
	}
	for _, w := range own {
		if weight(w.Text) > 0 {
			return own
		}
	}
	return nil
}

// unpunctuated returns utterances without punctuation, but for marks inside numbers, as in 3.5. Every utterance
// has a letter or a digit, so that none is left empty.
func unpunctuated(all []call.Utterance) []call.Utterance {
	for i := range all {
		u := &all[i]
		text := []rune(u.Text)
		at, words := 0, u.Words[:0:0]
		for _, w := range u.Words {
			var kept []rune
			for _, r := range w.Text {
				inside := at > 0 && at+1 < len(text) && unicode.IsDigit(text[at-1]) && unicode.IsDigit(text[at+1])
				if !unicode.IsPunct(r) || inside {
					kept = append(kept, r)
				}
				at++
			}
			if w.Text = string(kept); w.Text != "" {
				words = append(words, w)
			}
		}
		u.Words, u.Text = words, joined(words)
	}
	return all
}

func joined(words []call.Word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.Text)
	}
	return b.String()
}
