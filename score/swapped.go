package score

import (
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// What tells the parties apart by their words: the kinds of things that the one who serves says. Customers
// say one or another of them too ("我姓刘", "等一下"), or are misheard so, but not three kinds more than the
// agent may have said.
const leastMoreKinds = 3

func agentLists() []string {
	return []string{
		"self_intro", "offer_help", "identity", "ask_address", "formal_you", "empathy", "recorded",
		"hold", "hold_return", "anything_else", "satisfaction",
	}
}

// Swapped reports whether the words say that the agent is on the customer's channel: what is proved to be
// said there is held against all that is perhaps said on the agent's.
func (s *Scorer) Swapped(health []call.ChannelHealth, tr call.Transcript) bool {
	segmented := s.lexicon.Segmented(tr)
	return swapped(health, hitsIn(passages(tr, segmented), s.lexicon, noiseOf(segmented, tr), nil))
}

func swapped(health []call.ChannelHealth, hits []hit) bool {
	if len(health) != 2 || wholeFault(unnamed(health)) != "" {
		return false
	}
	proved := kindsSaid(hits, func(h *hit) bool { return h.role == call.RoleCustomer && h.provesSaid() })
	perhaps := kindsSaid(hits, func(h *hit) bool { return h.role == call.RoleAgent })
	return proved >= perhaps+leastMoreKinds
}

// kindsSaid counts the lists of an agent's phrases with a hit that counts.
func kindsSaid(hits []hit, counts func(*hit) bool) int {
	own, found := agentLists(), map[string]bool{}
	for i := range hits {
		if h := &hits[i]; !found[h.List] && slices.Contains(own, h.List) && counts(h) {
			found[h.List] = true
		}
	}
	return len(found)
}

// PutRight returns health and tr with the roles put right where the words say that they are swapped.
func (s *Scorer) PutRight(health []call.ChannelHealth, tr call.Transcript) ([]call.ChannelHealth, call.Transcript) {
	if !s.Swapped(health, tr) {
		return health, tr
	}
	health, tr = SwapRoles(unnamed(health), tr)
	return named(health, call.ReasonCorrected), tr
}

// named returns health with a reason of both channels.
func named(health []call.ChannelHealth, reason string) []call.ChannelHealth {
	health = slices.Clone(health)
	for i := range health {
		h := &health[i]
		h.Reasons = append(slices.Clone(h.Reasons), reason)
		if h.Status == call.StatusOK {
			h.Status = call.StatusWarn
		}
	}
	return health
}

// unnamed returns health without what an earlier scoring, by other lists, said of the roles.
func unnamed(health []call.ChannelHealth) []call.ChannelHealth {
	if !slices.ContainsFunc(health, saysSwapped) {
		return health
	}
	health = slices.Clone(health)
	for i := range health {
		h := &health[i]
		h.Reasons = slices.DeleteFunc(slices.Clone(h.Reasons), func(reason string) bool { return reason == call.ReasonSwapped })
		if h.Status == call.StatusWarn && len(h.Reasons) == 0 {
			h.Status = call.StatusOK
		}
	}
	return health
}

func saysSwapped(h call.ChannelHealth) bool { return slices.Contains(h.Reasons, call.ReasonSwapped) }

// HealthOf returns the health of the channels as r was judged by: what was heard, and what the words said of
// the roles.
func (r Result) HealthOf(heard []call.ChannelHealth) []call.ChannelHealth {
	if !r.RolesSwapped || slices.ContainsFunc(heard, saysSwapped) {
		return heard
	}
	return named(heard, call.ReasonSwapped)
}

// SwapRoles returns health and tr with the agent for the customer and the other way round.
func SwapRoles(health []call.ChannelHealth, tr call.Transcript) ([]call.ChannelHealth, call.Transcript) {
	health, tr.Utterances, tr.Removed = slices.Clone(health), slices.Clone(tr.Utterances), slices.Clone(tr.Removed)
	for i := range health {
		health[i].Role = health[i].Role.Other()
	}
	for i := range tr.Utterances {
		tr.Utterances[i].Role = tr.Utterances[i].Role.Other()
	}
	for i := range tr.Removed {
		tr.Removed[i].Role = tr.Removed[i].Role.Other()
	}
	tr.Speech, tr.Levels, tr.Sounds = otherWay(tr.Speech), otherWay(tr.Levels), otherWay(tr.Sounds)
	return health, tr
}

// otherWay returns what each role has as the other's.
func otherWay[T any](of map[call.Role]T) map[call.Role]T {
	if of == nil {
		return nil
	}
	turned := make(map[call.Role]T, len(of))
	for role, has := range of {
		turned[role.Other()] = has
	}
	return turned
}
