package score

import (
	"maps"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// What tells the parties apart by their words: phrases that only the one who serves says. Two kinds of
// them on the customer's channel and none on the agent's are a swap; one alone may be a customer who
// repeats, or a word misheard.
const leastAgentLists = 2

func agentLists() []string {
	return []string{"self_intro", "offer_help", "anything_else", "satisfaction", "identity", "hold"}
}

// Swapped reports whether the words say that the agent is on the customer's channel.
func (s *Scorer) Swapped(tr call.Transcript) bool {
	likely := map[call.Role]map[string]bool{call.RoleAgent: {}, call.RoleCustomer: {}}
	noise, own := noiseOf(s.lexicon, tr), agentLists()
	for _, p := range passages(tr) {
		for _, h := range p.hits(s.lexicon) {
			h.noise = noise
			sure := h.provesSaid() || h.role == call.RoleAgent // what is perhaps the agent's own speaks against a swap
			if lists := likely[h.role]; lists != nil && sure && slices.Contains(own, h.List) {
				lists[h.List] = true
			}
		}
	}
	return len(likely[call.RoleAgent]) == 0 && len(likely[call.RoleCustomer]) >= leastAgentLists
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
	speech, levels := map[call.Role][]call.Span{}, map[call.Role][]call.SpanLevels{}
	for role := range maps.Keys(tr.Speech) {
		speech[role.Other()] = tr.Speech[role]
	}
	for role := range maps.Keys(tr.Levels) {
		levels[role.Other()] = tr.Levels[role]
	}
	tr.Speech = speech
	if tr.Levels != nil {
		tr.Levels = levels
	}
	return health, tr
}
