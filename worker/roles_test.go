package worker_test

import (
	"slices"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

// A recorder that gives the agent the other channel: the manifest's word is wrong for the real audio.
func TestSwappedChannelsAreNamed(t *testing.T) {
	t.Parallel()
	b, items := setup(t, 1), day(t, 6)
	right, named := 1, 0
	for i := range items {
		items[i].AgentChannel, items[i].Said.AgentChannel = &right, &right
	}
	for _, done := range run(t, b, items) {
		if done.Err != nil {
			t.Fatal(done.Err)
		}
		if slices.Contains(done.Record.Health[0].Reasons, call.ReasonSwapped) {
			named++
			if done.Record.Measures.Withheld["agent_talk_ratio"] != call.ReasonSwapped || done.Record.Score.Potential != 0 {
				t.Errorf("a swapped call is scored: %v, %g points", done.Record.Measures.Withheld, done.Record.Score.Potential)
			}
		}
	}
	t.Logf("%d of %d swapped calls named", named, len(items))
	if named == 0 {
		t.Error("no swapped call is named")
	}
}
