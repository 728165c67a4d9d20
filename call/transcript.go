package call

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Word is a piece of an utterance as the recogniser returned it, in Mandarin mostly one character.
type Word struct {
	Span
	Text       string  `json:"text"`
	Confidence float64 `json:"confidence"` // the recogniser's probability, 0 to 1
}

// Utterance is what one party said between two pauses. The texts of its Words, put together, are Text.
type Utterance struct {
	Role Role `json:"role"`
	Span
	Text       string  `json:"text"`
	Confidence float64 `json:"confidence"` // mean probability of its words, 0 to 1
	Words      []Word  `json:"words,omitempty"`
}

// At returns the time of the half-open rune range [from, to) of u.Text: from the start of the first
// word it touches to the end of the last. Without words it is interpolated over the utterance.
func (u Utterance) At(from, to int) Span {
	if len(u.Words) == 0 {
		return u.interpolate(from, to)
	}
	found, pos := Span{Start: u.End, End: u.Start}, 0
	for _, w := range u.Words {
		next := pos + runeCount(w.Text)
		if pos < to && next > from {
			found = Span{Start: min(found.Start, w.Start), End: max(found.End, w.End)}
		}
		pos = next
	}
	if found.Empty() {
		return u.Span
	}
	return found
}

func (u Utterance) interpolate(from, to int) Span {
	n := Millis(runeCount(u.Text))
	if n == 0 {
		return u.Span
	}
	length := u.Length()
	return Span{Start: u.Start + length*Millis(from)/n, End: u.Start + length*Millis(to)/n}
}

func runeCount(s string) int { return utf8.RuneCountInString(s) }

// Removed is text that the recogniser returned and the hallucination guard took out.
type Removed struct {
	Role Role `json:"role"`
	Span
	Text   string `json:"text"`
	Reason string `json:"reason"` // as in hallucination:credit
}

// Transcript is what was said in one recording, by whom and when, and what produced it.
type Transcript struct {
	Revision string          `json:"revision"` // hash of model, decoding, VAD, guard and code
	Model    string          `json:"model"`    // name@hash
	Language string          `json:"language"` // code as in zh, und when it is none that was set
	VAD      string          `json:"vad"`
	Speech   map[Role][]Span `json:"speech"` // merged speech spans of each role, by the VAD
	// Levels are how loud each of those spans is; transcripts of old have none.
	Levels map[Role][]SpanLevels `json:"levels,omitempty"`
	// Sounds are tones and music on each role's channel, in order.
	Sounds     map[Role][]Sound `json:"sounds,omitempty"`
	Utterances []Utterance      `json:"utterances"`
	Removed    []Removed        `json:"removed"`

	Segmentation *Segmentation `json:"-"` // of the texts of Utterances; nil when it is not known
}

// Segmentation is how the texts of a transcript fall into words. It follows from the texts and the dictionaries
// alone, and is kept with them so that scoring a call again need not work it out again.
type Segmentation struct {
	Revision   string   // of the dictionaries and the way of segmenting
	Ends       [][]byte // of each utterance, a bit for each of its runes from the lowest on, set where a word ends; nil when it is not known
	Strays     [][]byte // the same, set for Chinese characters that belong to no word
	Characters int      // Chinese ones
	Stray      int      // of them, those that belong to no word
}

// Chinese reports whether a language code is of a Chinese language that the rules can be asked of: whisper tells
// Cantonese apart.
func Chinese(language string) bool { return language == "zh" || language == "yue" }

// By returns the utterances of role in order.
func (t Transcript) By(role Role) []Utterance {
	n := 0
	for i := range t.Utterances {
		if t.Utterances[i].Role == role {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	own := make([]Utterance, 0, n)
	for i := range t.Utterances {
		if t.Utterances[i].Role == role {
			own = append(own, t.Utterances[i])
		}
	}
	return own
}

// Turn is a run of utterances of one party until the other takes the floor.
type Turn struct {
	Role Role
	Span
	Utterances []Utterance
}

// Text returns the text of the whole turn, its utterances divided by spaces.
func (t Turn) Text() string {
	texts := make([]string, len(t.Utterances))
	for i, u := range t.Utterances {
		texts[i] = u.Text
	}
	return strings.Join(texts, " ")
}

// Turns groups the utterances by party in order of their start.
func (t Transcript) Turns() []Turn {
	ordered := slices.Clone(t.Utterances)
	slices.SortStableFunc(ordered, func(a, b Utterance) int { return cmp.Compare(a.Start, b.Start) })
	var turns []Turn
	first := 0 // utterance of the turn
	for i := range ordered {
		u := &ordered[i]
		if last := len(turns) - 1; last >= 0 && turns[last].Role == u.Role {
			turns[last].Span = turns[last].Union(u.Span)
			turns[last].Utterances = ordered[first : i+1 : i+1]
			continue
		}
		first = i
		turns = append(turns, Turn{Role: u.Role, Span: u.Span, Utterances: ordered[i : i+1 : i+1]})
	}
	return turns
}
