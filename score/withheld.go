package score

import (
	"cmp"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// Reasons for which a measure is withheld or a criterion does not apply, is undecided, beside those of
// channel health.
const (
	reasonNoSpeech      = call.ReasonNoSpeech
	reasonRolesUnknown  = "roles_unknown"
	reasonTooShort      = "too_short"
	reasonCondition     = "condition_not_met"
	reasonWeakCondition = "weak_condition"
	reasonWeakMatch     = "weak_match"
	reasonNearMiss      = "near_miss"
	reasonMeaning       = "meaning"
	reasonLittleSpeech  = "little_speech"
	reasonUnrecognised  = "unrecognised_speech"
	reasonRemoved       = "removed_text"
	reasonLowConfidence = "low_confidence"
	reasonUncertain     = "uncertain_measure"
	reasonNoAnchor      = "anchor_not_said"
	reasonNothingSaid   = "nothing_to_repeat"
	reasonNoLevels      = "no_levels"
	reasonNoMetadata    = "no_metadata"
	reasonManual        = "manual"
)

// spoiling are the reasons of channel health after which nobody can be told from anybody, or nothing of what they
// say.
var spoiling = []string{call.ReasonLanguage, call.ReasonMono, call.ReasonDuplicate, call.ReasonSwapped}

// spoils reports whether a reason for which a rule does not apply is the recording's: the rule would have
// been judged on a better one.
func spoils(reason string) bool {
	switch reason {
	case reasonRolesUnknown, call.ReasonSilent, call.ReasonNoSpeech, call.ReasonTone, call.ReasonTruncated,
		call.ReasonShorter, call.ReasonFaint, call.ReasonClipped, string(call.StatusBad):
		return true
	}
	return slices.Contains(spoiling, reason)
}

// wholeFault returns why the parties of a call can't be told apart, "" when they can.
func wholeFault(health []call.ChannelHealth) string {
	known := map[call.Role]bool{}
	for _, h := range health {
		for _, reason := range h.Reasons {
			if slices.Contains(spoiling, reason) {
				return reason
			}
		}
		known[h.Role] = true
	}
	if !known[call.RoleAgent] || !known[call.RoleCustomer] {
		return reasonRolesUnknown
	}
	return ""
}

// knownParties reports whether the channels of both parties are there, whatever they hold.
func knownParties(health []call.ChannelHealth) bool {
	is := func(role call.Role) bool {
		return slices.ContainsFunc(health, func(h call.ChannelHealth) bool { return h.Role == role })
	}
	return is(call.RoleAgent) && is(call.RoleCustomer)
}

// roleFault returns why nothing can be said about one party, "" when its channel will do.
func roleFault(health []call.ChannelHealth, role call.Role) string {
	if fault := wholeFault(health); fault != "" {
		return fault
	}
	for _, h := range health {
		if h.Role == role && h.Status == call.StatusBad {
			if len(h.Reasons) == 0 {
				return string(call.StatusBad)
			}
			return h.Reasons[0]
		}
	}
	return ""
}

// withheld names the measures that the health of the channels forbids, each with its reason.
func withheld(health []call.ChannelHealth) map[string]string {
	reasons := map[string]string{}
	if fault := wholeFault(health); fault != "" {
		for _, name := range []string{
			measureTalk, measureRatio, measureOverlap, measureInterruptions, measureSpeechRate, measureUtteranceRates,
			measureResponse, measureMonologue, measureLongMonologues, measureLevel, measureUtteranceLevels, measureLoudness, measureShouts,
		} {
			if name != measureOverlap || fault != call.ReasonSwapped { // both at once is both at once
				reasons[name] = fault
			}
		}
		return reasons
	}
	for _, role := range []call.Role{call.RoleAgent, call.RoleCustomer} {
		if fault := cmp.Or(roleFault(health, role), partly(health, role)); fault != "" {
			for _, name := range []string{
				measureRatio, measureOverlap, measureNonTalk, measureInterruptions, measureSilences, measureResponse, measureMonologue, measureLongMonologues,
			} {
				reasons[name] = fault
			}
		}
	}
	return reasons
}

// partly returns the reason when not all that role says is known: its channel ends before the other, or is
// so quiet that a part of the speech is not heard. Who is silent, and for how long, is not known then.
func partly(health []call.ChannelHealth, role call.Role) string {
	for _, h := range health {
		for _, reason := range []string{call.ReasonShorter, call.ReasonFaint} {
			if h.Role == role && slices.Contains(h.Reasons, reason) {
				return reason
			}
		}
	}
	return ""
}

func clipped(health []call.ChannelHealth, role call.Role) bool {
	return slices.ContainsFunc(health, func(h call.ChannelHealth) bool {
		return h.Role == role && slices.Contains(h.Reasons, call.ReasonClipped)
	})
}

// missesWords reports whether r fails for what was not said.
func (r *rule) missesWords() bool {
	return r.kind == kindMustSay || r.kind == kindFlow || r.kind == kindReadBack
}
