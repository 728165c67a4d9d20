package transcribe

import (
	"maps"
	"slices"
	"unicode"

	"github.com/zhijian-qa/zhijian/call"
)

const (
	// sureAfter is how many windows must agree before the language of a call is no longer looked for: it
	// costs as much as encoding a window.
	sureAfter = 3
	// letters is how many letters tell in which writing a call is, and foreign the share of them that is not
	// Chinese in a call that is not.
	letters = 20
	foreign = 0.7
)

// Undetermined is the language of a call whose text is in another writing than the language that was set
// (ISO 639-2).
const Undetermined = "und"

// tongue finds the language of one call.
type tongue struct {
	set    string                 // the setting
	heard  map[string]call.Millis // length of the windows, by what the engine took them for
	agreed int                    // windows in a row that were taken for the same
	last   string
}

func newTongue(set string) *tongue {
	return &tongue{set: set, heard: make(map[string]call.Millis)}
}

// sought reports whether the language is still looked for: what a window is taken for then decides how the next
// is decoded.
func (t *tongue) sought() bool { return t.set == auto && t.agreed < sureAfter }

// option returns the language to decode the next window in.
func (t *tongue) option() string {
	if t.set == auto && !t.sought() {
		return t.last
	}
	return t.set
}

// hear takes what the engine took a window for.
func (t *tongue) hear(segments []Segment, length call.Millis) {
	if !t.sought() || len(segments) == 0 || segments[0].Language == "" {
		return
	}
	language := segments[0].Language
	if language != t.last {
		t.agreed = 0
	}
	t.last = language
	t.agreed++
	t.heard[language] += length
}

// of returns the language of a call with these utterances: the one that was set, or the one in which most of it
// was spoken; Undetermined when that is Chinese and the text is not.
func (t *tongue) of(utterances []call.Utterance) string {
	language := t.set
	if t.set == auto {
		language = "zh"
		for _, l := range slices.Sorted(maps.Keys(t.heard)) {
			if t.heard[l] > t.heard[language] {
				language = l
			}
		}
	}
	if call.Chinese(language) && !chinese(utterances) {
		return Undetermined
	}
	return language
}

// chinese reports whether the writing of a text can be that of Mandarin, a few foreign words included.
func chinese(utterances []call.Utterance) bool {
	var han, other float64
	for _, u := range utterances {
		for _, r := range u.Text {
			switch {
			case unicode.Is(unicode.Han, r):
				han++
			case unicode.Is(unicode.Hiragana, r), unicode.Is(unicode.Katakana, r), unicode.Is(unicode.Hangul, r):
				other++
			case unicode.IsLetter(r):
				other += 0.25 // about four letters stand for a character's worth of speech
			}
		}
	}
	return han+other < letters || other < foreign*(han+other)
}
