package score

import (
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// What makes silence about something no proof that it was not said.
const (
	leastSpeech       = call.Millis(500)
	mostUnrecognised  = call.Millis(1500)
	unrecognisedShare = 0.25
	slowestSpeech     = 1.2 // characters a second of speech: below it words went unheard
	doubtfulWindow    = 0.35
	spanSlack         = call.Millis(300) // by which utterances may miss the speech they belong to
	longestHole       = call.Millis(700) // of speech between two words: beyond it a phrase may have been lost
)

// doubt returns why what role said in the window is not known well enough to call something missing,
// "" when it is.
func (v *view) doubt(role call.Role, window call.Span) string {
	spoken := v.speechIn(role, window)
	talk := call.Total(spoken)
	if talk < leastSpeech {
		return reasonLittleSpeech
	}
	for _, r := range v.transcript.Removed {
		if r.Role == role && r.Overlaps(window) {
			return reasonRemoved
		}
	}
	var heard []call.Span
	var confidence float64
	n, characters := 0, 0
	for _, u := range v.said[role] {
		if !u.Overlaps(window) {
			continue
		}
		heard = append(heard, u.Widen(spanSlack, v.rec.Duration))
		confidence += u.Confidence
		n++
		if holed(u, spoken) {
			return reasonUnrecognised
		}
		for _, w := range wordsOf(&u) {
			if w.Overlaps(window) {
				characters += spokenCharacters(w.Text)
			}
		}
	}
	missing := talk - call.Total(call.Intersections(spoken, call.Merge(heard, 0)))
	switch {
	case missing > mostUnrecognised && float64(missing) > unrecognisedShare*float64(talk),
		float64(characters) < slowestSpeech*talk.Seconds():
		return reasonUnrecognised
	case n > 0 && confidence/float64(n) < doubtfulWindow:
		return reasonLowConfidence
	}
	return ""
}

// unheard reports whether nothing can be said about what role said: the reason, or "".
func (v *view) unheard(role call.Role) string {
	if fault := roleFault(v.health, role); fault != "" {
		return fault
	}
	if !slices.ContainsFunc(v.speech.byRole[role], func(s call.Span) bool { return !s.Empty() }) {
		return reasonNoSpeech
	}
	return ""
}

// holed reports whether words were lost in the utterance: somebody speaks on, and nothing was recognised.
func holed(u call.Utterance, spoken []call.Span) bool {
	at := u.Start
	for _, w := range u.Words {
		if w.Start-at > longestHole && call.Total(call.Clip(spoken, call.Span{Start: at, End: w.Start})) > longestHole {
			return true
		}
		at = max(at, w.End)
	}
	return len(u.Words) > 0 && u.End-at > longestHole && call.Total(call.Clip(spoken, call.Span{Start: at, End: u.End})) > longestHole
}
