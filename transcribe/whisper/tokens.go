//go:build cgo && !nowhisper

package whisper

import (
	"strings"
	"unicode/utf8"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/transcribe"
)

// token is a token as whisper.cpp keeps it; times are hundredths of a second.
type token struct {
	text        string
	probability float64
	logProb     float64
	start, end  int64
}

// joinTokens turns tokens, which may end inside a character, into tokens of whole characters. A joined one
// is as probable as the least probable of its parts. Bytes that make no character are dropped.
func joinTokens(raw []token, window call.Span) []transcribe.Token {
	var joined []transcribe.Token
	var open token // collects until its text ends with a whole character
	for i, t := range raw {
		if open.text == "" {
			open = t
		} else {
			open.text += t.text
			open.probability = min(open.probability, t.probability)
			open.end = t.end
		}
		if endsInside(open.text) && i < len(raw)-1 {
			continue
		}
		if text := strings.ToValidUTF8(open.text, ""); text != "" {
			joined = append(joined, transcribe.Token{
				Span: span(open.start, open.end, window), Text: text, Probability: open.probability,
			})
		}
		open = token{}
	}
	return joined
}

// endsInside reports whether s ends with the beginning of a character.
func endsInside(s string) bool {
	for back := 1; back <= min(len(s), utf8.UTFMax-1); back++ {
		if tail := s[len(s)-back:]; utf8.RuneStart(tail[0]) {
			return !utf8.FullRuneInString(tail)
		}
	}
	return false
}

// span converts hundredths of a second and keeps the result inside window; whisper.cpp marks unknown
// times with -1.
func span(start, end int64, window call.Span) call.Span {
	s := min(max(call.Millis(start)*10, window.Start), window.End)
	return call.Span{Start: s, End: min(max(call.Millis(end)*10, s), window.End)}
}

func meanLogProb(raw []token) float64 {
	if len(raw) == 0 {
		return 0
	}
	var sum float64
	for _, t := range raw {
		sum += t.logProb
	}
	return sum / float64(len(raw))
}
