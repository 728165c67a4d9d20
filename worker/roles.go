package worker

import (
	"slices"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// checkRoles looks whether the words fit the roles. Swapped ones are named in the health of both
// channels, and put right when the settings say so.
func (p *Pipeline) checkRoles(heard Heard) Heard {
	if len(heard.Health) != 2 || duplicate(heard.Health) || !p.rules.Scorer().Swapped(heard.Transcript) {
		return heard
	}
	reason := call.ReasonSwapped
	heard.Health = slices.Clone(heard.Health)
	if p.cfg.FixSwapped {
		reason = call.ReasonCorrected
		heard.Health, heard.Transcript = score.SwapRoles(heard.Health, heard.Transcript)
	}
	for i := range heard.Health {
		h := &heard.Health[i]
		h.Reasons = append(slices.Clone(h.Reasons), reason)
		if h.Status == call.StatusOK {
			h.Status = call.StatusWarn
		}
	}
	return heard
}

func duplicate(health []call.ChannelHealth) bool {
	return slices.ContainsFunc(health, func(h call.ChannelHealth) bool { return slices.Contains(h.Reasons, call.ReasonDuplicate) })
}
