package score

import (
	"fmt"

	"github.com/zhijian-qa/zhijian/call"
)

// Names of the measures of how the parties speak and take turns, where they are not those of the record.
const (
	figureFastest      = "fastest_utterance"
	figureResponse     = "response_median"
	figureSlowResponse = "response_p90"
	figureAnswerDelay  = "answer_delay"
	figureOverlap      = "overlap"
	figureNonTalk      = "non_talk_share"
)

// reasonOf returns why a measure of role is withheld, "" when it is not.
func (m Measures) reasonOf(name string, role call.Role) string {
	if reason := m.Withheld[name]; reason != "" {
		return reason
	}
	return m.Withheld[name+"."+string(role)]
}

// fastestFigure judges the speech rate of the fastest utterance of the rule's role.
func (v *view) fastestFigure(r *rule) figure {
	if reason := v.measures.reasonOf(measureUtteranceRates, r.role); reason != "" {
		return figure{withheld: reason}
	}
	f := figure{withheld: reasonTooShort}
	for i, rate := range v.measures.UtteranceRates {
		u := v.transcript.Utterances[i]
		if rate == nil || u.Role != r.role || *rate <= f.value {
			continue
		}
		f = figure{value: *rate, worst: *rate, evidence: []Evidence{{
			Role: r.role, Span: u.Span, Quote: firstRunes(u.Text, longestQuote), Measure: rate,
		}}}
	}
	f.note = text{zh: fmt.Sprintf("最快一句 %.0f 字/分", f.value), en: fmt.Sprintf("the fastest utterance has %.0f characters a minute", f.value)}
	return f
}

// shoutFigure counts the shouts of the rule's role.
func (v *view) shoutFigure(r *rule) figure {
	if reason := v.measures.reasonOf(measureShouts, r.role); reason != "" {
		return figure{withheld: reason}
	}
	var found []Evidence
	for _, s := range v.measures.Shouts {
		if s.Role == r.role {
			above := s.AboveDB
			found = append(found, Evidence{Role: s.Role, Span: s.Span, Quote: s.Text, Measure: &above})
		}
	}
	return v.countFigure(r, found, text{zh: "喊叫 %d 次", en: "%d shouts"})
}

// countFigure is how many were found; note has one verb for the number.
func (v *view) countFigure(r *rule, found []Evidence, note text) figure {
	n := len(found)
	if n == 0 {
		found = []Evidence{v.counted(r.role, 0)}
	}
	return figure{value: float64(n), worst: float64(n), evidence: found, note: text{
		zh: fmt.Sprintf(note.zh, n), en: fmt.Sprintf(note.en, n),
	}}
}

// responseFigure judges the median time that the rule's role takes to answer, in seconds.
func (v *view) responseFigure(r *rule) figure {
	return v.delayFigure(r, func(a Response) call.Millis { return a.MedianMS }, text{zh: "一般 %.1f 秒接话", en: "mostly answers within %.1f s"})
}

// slowResponseFigure judges the time within which the rule's role answers nine times of ten, in seconds.
func (v *view) slowResponseFigure(r *rule) figure {
	return v.delayFigure(r, func(a Response) call.Millis { return a.P90MS }, text{zh: "九成在 %.1f 秒内接话", en: "answers within %.1f s nine times of ten"})
}

func (v *view) delayFigure(r *rule, of func(Response) call.Millis, note text) figure {
	if reason := v.measures.reasonOf(measureResponse, r.role); reason != "" {
		return figure{withheld: reason}
	}
	delay := of(v.measures.ResponseMS[r.role]).Seconds()
	return figure{value: delay, worst: delay, evidence: []Evidence{v.counted(r.role, delay)}, note: text{
		zh: fmt.Sprintf(note.zh, delay), en: fmt.Sprintf(note.en, delay),
	}}
}

// monologueFigure judges the longest monologue of the rule's role, in seconds.
func (v *view) monologueFigure(r *rule) figure {
	if reason := v.measures.reasonOf(measureMonologue, r.role); reason != "" {
		return figure{withheld: reason}
	}
	longest := v.measures.LongestMonologue[r.role]
	length := longest.Length().Seconds()
	return figure{
		value: length, worst: length, evidence: []Evidence{{Role: r.role, Span: longest.Span, Quote: longest.Text, Measure: &length}},
		note: text{zh: fmt.Sprintf("最长独白 %.0f 秒", length), en: fmt.Sprintf("the longest monologue lasts %.0f s", length)},
	}
}

// longMonologueFigure counts the long monologues of the rule's role.
func (v *view) longMonologueFigure(r *rule) figure {
	if reason := v.measures.reasonOf(measureLongMonologues, r.role); reason != "" {
		return figure{withheld: reason}
	}
	var found []Evidence
	for _, m := range v.measures.LongMonologues {
		if m.Role == r.role {
			length := m.Length().Seconds()
			found = append(found, Evidence{Role: r.role, Span: m.Span, Quote: m.Text, Measure: &length})
		}
	}
	return v.countFigure(r, found, text{zh: "长独白 %d 次", en: "%d long monologues"})
}

// answerFigure judges how long it rang before the call was answered, in seconds, where the metadata tell.
func (v *view) answerFigure(r *rule) figure {
	if v.measures.AnswerDelayMS == nil {
		return figure{withheld: reasonNoMetadata}
	}
	delay := v.measures.AnswerDelayMS.Seconds()
	return figure{value: delay, worst: delay, evidence: []Evidence{v.counted(r.role, delay)}, note: text{
		zh: fmt.Sprintf("响铃 %.0f 秒后接听", delay), en: fmt.Sprintf("answered after %.0f s", delay),
	}}
}

// overlapFigure judges how long both parties speak at once, in seconds.
func (v *view) overlapFigure(r *rule) figure {
	if reason := v.measures.Withheld[measureOverlap]; reason != "" {
		return figure{withheld: reason}
	}
	overlap := v.measures.OverlapMS.Seconds()
	return figure{value: overlap, worst: overlap, evidence: []Evidence{v.counted(r.role, overlap)}, note: text{
		zh: fmt.Sprintf("同时说话 %.1f 秒", overlap), en: fmt.Sprintf("both speak for %.1f s", overlap),
	}}
}

// nonTalkFigure judges the share of the call in which nobody speaks.
func (v *view) nonTalkFigure(r *rule) figure {
	if reason := v.measures.Withheld[measureNonTalk]; reason != "" {
		return figure{withheld: reason}
	}
	share := 0.0
	if v.rec.Duration > 0 {
		share = round(float64(*v.measures.NonTalkMS)/float64(v.rec.Duration), 4)
	}
	return figure{value: share, worst: share, evidence: []Evidence{v.counted(r.role, share)}, note: text{
		zh: fmt.Sprintf("无人说话占 %.0f%%", share*100), en: fmt.Sprintf("nobody speaks for %.0f %% of the call", share*100),
	}}
}
