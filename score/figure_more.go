package score

import (
	"fmt"
)

// Names of the measures that come from the recording, its channels or the metadata.
const (
	measureLongest  = "longest_silence"
	measureDuration = "duration"
	measureWait     = "announced_wait"
)

// waitFigure judges the longest silence for which the customer was asked to wait, in seconds.
func (v *view) waitFigure(r *rule) figure {
	if reason := v.measures.Withheld[measureSilences]; reason != "" {
		return figure{withheld: reason}
	}
	f := figure{evidence: []Evidence{v.counted(r.role, 0)}}
	for _, s := range v.measures.Silences {
		if length := s.Length().Seconds(); s.Announced && length > f.value {
			f.value, f.evidence = length, []Evidence{{Role: r.role, Span: s.Span, Measure: &length}}
		}
	}
	f.worst = f.value
	f.note = text{zh: fmt.Sprintf("最长等待 %.1f 秒", f.value), en: fmt.Sprintf("the longest wait lasts %.1f s", f.value)}
	return f
}

// durationFigure judges how long the recording is, in seconds.
func (v *view) durationFigure(r *rule) figure {
	length := v.rec.Duration.Seconds()
	return figure{value: length, worst: length, evidence: []Evidence{v.counted(r.role, length)}, note: text{
		zh: fmt.Sprintf("通话 %.0f 秒", length), en: fmt.Sprintf("the call lasts %.0f s", length),
	}}
}

// loudnessFigure judges by how many decibels the rule's role is louder than the other party.
func (v *view) loudnessFigure(r *rule) figure {
	if reason := v.measures.Withheld[measureLoudness]; reason != "" {
		return figure{withheld: reason}
	}
	louder := v.measures.LoudnessDB[r.role]
	return figure{value: louder, worst: louder, evidence: []Evidence{v.counted(r.role, louder)}, note: text{
		zh: fmt.Sprintf("比对方响 %+.1f 分贝", louder), en: fmt.Sprintf("%+.1f dB against the other party", louder),
	}}
}

// ringsFigure judges after how many rings the call was answered, where the metadata tell.
func (v *view) ringsFigure(r *rule) figure {
	if v.rec.Rings == nil {
		return figure{withheld: reasonNoMetadata}
	}
	rings := float64(*v.rec.Rings)
	return figure{value: rings, worst: rings, evidence: []Evidence{v.counted(r.role, rings)}, note: text{
		zh: fmt.Sprintf("响铃 %.0f 声后接听", rings), en: fmt.Sprintf("answered after %.0f rings", rings),
	}}
}
