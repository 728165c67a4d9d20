package transcribe

import (
	"strings"
	"unicode"
)

const (
	// shortestEcho is from how many characters on a part of the prompt is no word of it that somebody said.
	shortestEcho = 6
	// echoJoints is how many ends of words of the prompt an echo goes over: nobody says three products in a row in the
	// order of the settings, but two may well belong together.
	echoJoints = 2
)

// prompt is what biases the recogniser, as it might say it back: over and over.
type prompt struct {
	runes  []rune
	begins []bool // whether a word of it begins at a rune
}

func newPrompt(text string) prompt {
	var p prompt
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	for _, word := range words {
		for i, r := range bare(word) {
			p.runes, p.begins = append(p.runes, r), append(p.begins, i == 0)
		}
	}
	return p
}

// holds reports whether the whole of a text is a part of the prompt, said over and over.
func (p prompt) holds(text []rune) bool {
	if len(text) < shortestEcho {
		return false
	}
	length, _ := p.longest(text)
	return length == len(text)
}

// echo is a stretch of a text, in runes.
type echo struct{ from, to int }

// echoes returns the stretches of a text, in order, that are so much of the prompt that nobody said them.
func (p prompt) echoes(text []rune) []echo {
	var found []echo
	for from := 0; from+shortestEcho <= len(text); from++ {
		length, joints := p.longest(text[from:])
		if length >= shortestEcho && joints >= echoJoints {
			found = append(found, echo{from, from + length})
			from += length - 1
		}
	}
	return found
}

// longest returns how much of the beginning of a text is a part of the prompt, and how many ends of its words it goes
// over.
func (p prompt) longest(text []rune) (length, joints int) {
	for at := range p.runes {
		n, over := 0, 0
		for n < len(text) && text[n] == p.runes[(at+n)%len(p.runes)] {
			if n > 0 && p.begins[(at+n)%len(p.runes)] {
				over++
			}
			n++
		}
		if n > length {
			length, joints = n, over
		}
	}
	return length, joints
}
