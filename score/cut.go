package score

import (
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// endFault returns why the end of what role said is not in the recording, "" when it is.
func (v *view) endFault(role call.Role) string {
	for _, h := range v.health {
		if slices.Contains(h.Reasons, call.ReasonTruncated) {
			return call.ReasonTruncated // the file ends, so every channel does
		}
		if h.Role == role && slices.Contains(h.Reasons, call.ReasonShorter) {
			return call.ReasonShorter
		}
	}
	return ""
}

// lost returns why j may be otherwise with all that was said: the end is cut off, or the channel of r's role is
// too faint to tell what was not said on it. It is "" when it may not.
func (t *trial) lost(r *rule, j judgement) string {
	switch {
	case j.outcome == OutcomeNotApplicable:
		return ""
	case t.cutOff(r, j):
		return t.endFault(r.role)
	case j.outcome != OutcomePass && r.missesWords() && slices.ContainsFunc(t.health, func(h call.ChannelHealth) bool {
		return h.Role == r.role && slices.Contains(h.Reasons, call.ReasonFaint)
	}):
		return call.ReasonFaint
	}
	return ""
}

// cutOff reports whether j may be otherwise when the end of the call is heard: it looks back from the
// end, or misses what may have been said after the cut. What was said before the cut was said.
func (t *trial) cutOff(r *rule, j judgement) bool {
	if t.endFault(r.role) == "" {
		return false
	}
	switch r.kind {
	case kindMeasure:
		return r.measure.name == measureDuration
	case kindMustSay, kindFlow, kindReadBack:
		return r.where.last != nil || j.outcome != OutcomePass && t.reachesEnd(r)
	case kindMustNotSay:
		return r.where.last != nil
	}
	return false
}

// reachesEnd reports whether the window of r goes on to the last that was heard, and so perhaps beyond it.
func (t *trial) reachesEnd(r *rule) bool {
	window, _ := r.where.window(t, r.role)
	if r.where.anchor != nil && r.where.anchor.side == sideBefore {
		return false
	}
	spoken := t.speech.byRole[r.role]
	return len(spoken) == 0 || window.End >= spoken[len(spoken)-1].End
}

// unheardMono returns why nothing can be said about what was said in a mono recording, "" when it can.
func (v *view) unheardMono() string {
	for _, h := range v.health {
		if h.Status == call.StatusBad {
			return call.ReasonNoSpeech
		}
	}
	if len(v.speech.byRole[call.RoleUnknown]) == 0 {
		return reasonNoSpeech
	}
	return ""
}
