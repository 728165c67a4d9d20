package score

import (
	"unicode"

	"github.com/zhijian-qa/zhijian/call"
)

// speechRates returns the characters per minute of speech of those who spoke long enough.
func (v *view) speechRates() map[call.Role]float64 {
	rates := map[call.Role]float64{}
	for _, role := range parties() {
		talk := v.speech.talk(role)
		if talk < v.limits.RateSpeech {
			continue
		}
		n := 0
		for _, u := range v.said[role] {
			n += spokenCharacters(u.Text)
		}
		rates[role] = perMinute(n, talk)
	}
	return rates
}

// utteranceRates returns the same of each utterance, over the speech inside it.
func (v *view) utteranceRates() []*float64 {
	rates, values := make([]*float64, len(v.transcript.Utterances)), make([]float64, len(v.transcript.Utterances))
	for i := range v.transcript.Utterances {
		u := &v.transcript.Utterances[i]
		if talk := v.speech.within(u.Role, u.Span); talk >= v.limits.UtteranceSpeech {
			values[i] = perMinute(spokenCharacters(u.Text), talk)
			rates[i] = &values[i]
		}
	}
	return rates
}

func perMinute(characters int, talk call.Millis) float64 {
	return round(float64(characters)*60_000/float64(talk), 1)
}

// The first and the last of the Han characters that nearly all texts are written in, asked about first: it is faster.
const firstHan, lastHan = '一', '龥'

// spokenCharacters counts Han characters and digits.
func spokenCharacters(text string) int {
	n := 0
	for _, r := range text {
		if r >= firstHan && r <= lastHan || unicode.Is(unicode.Han, r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
