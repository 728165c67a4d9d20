package worker_test

import (
	"slices"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/worker"
)

// A recorder that gives the agent the other channel: the manifest's word is wrong for the real audio.
func TestSwappedChannelsAreNamed(t *testing.T) {
	t.Parallel()
	b, items := setup(t, 1), day(t, 6)
	for _, done := range run(t, b, items) {
		if done.Err != nil || slices.Contains(done.Record.Health[0].Reasons, call.ReasonSwapped) || done.Record.Score.RolesSwapped {
			t.Errorf("%s: %v, as it should be and %v", done.Item.Path, done.Err, done.Record.Health)
		}
	}
	right := 1
	for i := range items {
		items[i].AgentChannel, items[i].Said.AgentChannel = &right, &right
	}
	other := setup(t, 1)
	for _, done := range run(t, other, items) {
		rec := done.Record
		if done.Err != nil || !slices.Contains(rec.Health[0].Reasons, call.ReasonSwapped) || !rec.Score.RolesSwapped {
			t.Errorf("%s: %v, swapped and not named: %v", done.Item.Path, done.Err, rec.Health)
			continue
		}
		if rec.Measures.Withheld["agent_talk_ratio"] != call.ReasonSwapped || rec.Score.Potential != 0 {
			t.Errorf("a swapped call is scored: %v, %g points", rec.Measures.Withheld, rec.Score.Potential)
		}
		_, heard, _, err := other.store.FindTranscript(t.Context(), rec.Recording.SHA256, rec.Transcript.Revision)
		if err != nil || slices.Contains(heard[0].Reasons, call.ReasonSwapped) {
			t.Errorf("the transcript keeps what scoring said: %v, %v", heard, err)
		}
		kept, err := other.store.FindCall(t.Context(), rec.Recording.ID)
		if err != nil || !slices.Contains(kept.Health[1].Reasons, call.ReasonSwapped) {
			t.Errorf("the stored call does not say it: %v, %v", kept.Health, err)
		}
	}
}

// The settings may say that the words put the roles right.
func TestSwappedChannelsArePutRight(t *testing.T) {
	t.Parallel()
	b, items := setupConfig(t, 1, worker.Config{FixSwapped: true}), day(t, 1)
	right := 1
	items[0].AgentChannel, items[0].Said.AgentChannel = &right, &right
	for _, done := range run(t, b, items) {
		rec := done.Record
		if done.Err != nil || rec.Health[0].Role != call.RoleAgent || !slices.Contains(rec.Health[0].Reasons, call.ReasonCorrected) {
			t.Fatalf("%v: %v", done.Err, rec.Health)
		}
		if rec.Score.RolesSwapped || rec.Measures.AgentTalkRatio == nil || rec.Score.Potential == 0 {
			t.Errorf("put right and not scored: %v, %g points", rec.Measures.Withheld, rec.Score.Potential)
		}
	}
}
