package storetest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// Hash returns a content hash for the n-th sample recording.
func Hash(n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "recording %d", n))
	return hex.EncodeToString(sum[:])
}

// Sample returns the n-th sample record, the same for the same n: every field of the contract is
// set somewhere, and Chinese text, nil measures and an offset from UTC are among them.
func Sample(n int) score.Record {
	ratio, overlap, normalised, channel := 0.25, call.Millis(900), 0.875, 0
	yes, rings, delay := n%2 == 0, n%5, call.Millis(1500*n)
	return score.Record{
		Recording: call.Recording{
			ID: call.NewID(Hash(n)), SHA256: Hash(n), Duration: 61_250,
			Path: fmt.Sprintf("/calls/day/%04d.wav", n),
			Metadata: call.Metadata{
				Agent: fmt.Sprint(1000 + n%3), AgentName: "王芳", Team: []string{"一组", "二组"}[n%2], Customer: "13800138000",
				StartedAt: time.Date(2026, 11, 21, 9, n%60, 0, 0, time.FixedZone("", 8*3600)),
				Direction: "inbound", Scenario: []string{"repair", "complaint"}[n%2], AgentChannel: &channel,
				Complaint: &yes, Rings: &rings, AnswerDelay: &delay, HungUpBy: []string{"agent", "customer"}[n%2],
			},
		},
		Health: []call.ChannelHealth{
			{Channel: 0, Role: call.RoleAgent, Status: call.StatusOK, Reasons: []string{}},
			{Channel: 1, Role: call.RoleCustomer, Status: call.StatusWarn, Reasons: []string{call.ReasonQuiet}},
		},
		Transcript: Transcript("t1"),
		Measures: score.Measures{
			TalkMS:         map[call.Role]call.Millis{call.RoleAgent: 3000, call.RoleCustomer: 9000},
			AgentTalkRatio: &ratio, OverlapMS: &overlap,
			Interruptions:  []score.Interruption{{By: call.RoleAgent, Start: 3000, OverlapMS: 900, Text: "我们公司就这样"}},
			Silences:       []score.Silence{{Span: call.Span{Start: 20_000, End: 27_000}, Announced: true}},
			CharsPerMinute: map[call.Role]float64{call.RoleAgent: 241.5},
			Withheld:       map[string]string{"non_talk_ms": "truncated"},
		},
		Score: score.Result{
			Scorecard: "power-service@abc", Revision: "r1", Points: 87.5, Potential: 100, Normalised: &normalised,
			Verdict: score.VerdictPass,
			Criteria: []score.Criterion{{
				Rule: "forbidden.internal_complaint", Name: "内部抱怨", Severity: score.SeveritySerious,
				Outcome: score.OutcomeFail, Potential: 5, Note: "说了“我们公司就这样”",
				Evidence: []score.Evidence{{
					Role: call.RoleAgent, Span: call.Span{Start: 3000, End: 4200}, Quote: "我们公司就这样",
					Term: "我们公司就这样", Tier: "exact", Confidence: 0.9,
				}},
			}},
		},
	}
}

// Transcript returns a sample transcript of the given revision.
func Transcript(revision string) call.Transcript {
	return call.Transcript{
		Revision: revision, Model: "demo@123", Language: "zh", VAD: "energy",
		Speech: map[call.Role][]call.Span{call.RoleAgent: {{Start: 500, End: 2000}, {Start: 3000, End: 4200}}},
		Levels: map[call.Role][]call.SpanLevels{call.RoleAgent: {
			{Span: call.Span{Start: 500, End: 2000}, DB: []int{-22, -20, -31}}, {Span: call.Span{Start: 3000, End: 4200}, DB: []int{-24, -19, -20}},
		}},
		Sounds: map[call.Role][]call.Sound{call.RoleCustomer: {{Span: call.Span{Start: 100, End: 400}, Kind: call.SoundRingback}}},
		Utterances: []call.Utterance{{
			Role: call.RoleAgent, Span: call.Span{Start: 500, End: 2000}, Text: "您好", Confidence: 0.9,
			Words: []call.Word{
				{Span: call.Span{Start: 500, End: 1200}, Text: "您", Confidence: 0.9},
				{Span: call.Span{Start: 1200, End: 2000}, Text: "好", Confidence: 0.9},
			},
		}},
		Removed: []call.Removed{{Role: call.RoleCustomer, Span: call.Span{End: 2000}, Text: "字幕", Reason: "hallucination:credit"}},
	}
}
