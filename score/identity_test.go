package score_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// oddSpans makes spans as no detector should: reversed, touching, empty, doubled, out of the recording.
func oddSpans(g *rand.Rand, duration call.Millis) []call.Span {
	var spans []call.Span
	at := call.Millis(0)
	for range g.IntN(12) {
		start := at + call.Millis(g.IntN(4000)) - 1000
		s := call.Span{Start: start, End: start + call.Millis(g.IntN(5000)) - 500}
		switch g.IntN(10) {
		case 0:
			s.Start, s.End = s.End, s.Start
		case 1:
			s.End = s.Start
		case 2:
			s.Start = at // touches the one before
		case 3:
			s.Start, s.End = -call.Millis(g.IntN(100_000)), duration+call.Millis(g.IntN(100_000))
		case 4:
			s = call.Span{Start: duration + 1, End: duration + 5000}
		case 5:
			s = call.Span{Start: math.MinInt64 / 4, End: math.MaxInt64 / 4}
		}
		spans = append(spans, s)
		if g.IntN(4) == 0 {
			spans = append(spans, s)
		}
		at = max(0, s.End)%(duration+1) + call.Millis(g.IntN(800))
	}
	g.Shuffle(len(spans), func(i, j int) { spans[i], spans[j] = spans[j], spans[i] })
	return spans
}

// The identity of the definitions holds whatever the spans: talk(agent) + talk(customer) - overlap + non-talk
// is the duration, also with a third voice that is neither.
func TestTheMeasuresAddUpWhateverTheSpans(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	health := []call.ChannelHealth{{Role: call.RoleAgent, Status: call.StatusOK}, {Channel: 1, Role: call.RoleCustomer, Status: call.StatusOK}}
	g := rand.New(rand.NewPCG(5, 17))
	measured := 0
	for i := range 400 {
		rec := call.Recording{Duration: call.Millis(g.IntN(60_000))}
		tr := call.Transcript{Speech: map[call.Role][]call.Span{}}
		for _, role := range []call.Role{call.RoleAgent, call.RoleCustomer, call.RoleUnknown, "ivr"} {
			if g.IntN(4) > 0 {
				tr.Speech[role] = oddSpans(g, rec.Duration)
			}
		}
		tr.Levels = map[call.Role][]call.SpanLevels{call.RoleAgent: oddLevels(g, tr.Speech[call.RoleAgent])}
		tr.Utterances = oddUtterances(g, tr.Speech)
		m := s.Score(rec, health, tr).Measures
		if m.TalkMS == nil { // the words may say that the roles are swapped
			continue
		}
		measured++
		if fault := odd(m, rec.Duration); fault != "" {
			t.Fatalf("call %d of %d ms: %s\n%+v\n%+v", i, rec.Duration, fault, tr.Speech, m)
		}
	}
	if measured < 300 {
		t.Errorf("only %d calls were measured", measured)
	}
}

// oddLevels makes levels for some of the spans, too many or too few pieces each.
func oddLevels(g *rand.Rand, spans []call.Span) []call.SpanLevels {
	var levels []call.SpanLevels
	for _, s := range spans {
		if g.IntN(3) > 0 {
			pieces := make([]int, g.IntN(6))
			for i := range pieces {
				pieces[i] = 10 - g.IntN(130)
			}
			levels = append(levels, call.SpanLevels{Span: s, DB: pieces})
		}
	}
	return levels
}

// oddUtterances says something in some of the spans, of whatever role and order they are.
func oddUtterances(g *rand.Rand, speech map[call.Role][]call.Span) []call.Utterance {
	var all []call.Utterance
	for _, role := range []call.Role{call.RoleCustomer, call.RoleAgent, call.RoleUnknown} {
		for _, s := range speech[role] {
			if g.IntN(2) == 0 && s.Start > -1_000_000 && s.End < 1_000_000 {
				all = append(all, call.Utterance{Role: role, Span: s, Text: sentences[g.IntN(len(sentences))], Confidence: g.Float64()})
			}
		}
	}
	return all
}

// odd returns what cannot be so in the measures of a call.
func odd(m score.Measures, duration call.Millis) string {
	agent, customer := m.TalkMS[call.RoleAgent], m.TalkMS[call.RoleCustomer]
	whole := call.Span{End: duration}
	switch {
	case agent+customer-*m.OverlapMS+*m.NonTalkMS != duration:
		return "talk + talk - overlap + non-talk is not the duration"
	case agent < 0, customer < 0, *m.OverlapMS < 0, *m.NonTalkMS < 0:
		return "a negative length"
	case agent > duration, customer > duration, *m.OverlapMS > min(agent, customer):
		return "more talk than there is room for"
	case m.AgentTalkRatio != nil && (*m.AgentTalkRatio < 0 || *m.AgentTalkRatio > 1):
		return "a ratio that is none"
	}
	var silent call.Millis
	for _, s := range m.Silences {
		silent += s.Length()
		if s.Intersect(whole) != s.Span || s.Length() <= 3000 {
			return "a silence that is none"
		}
	}
	if silent > *m.NonTalkMS {
		return "more silence than non-talk time"
	}
	for role, longest := range m.LongestMonologue {
		if longest.Intersect(whole) != longest.Span || longest.Role != role {
			return "a monologue outside the call"
		}
	}
	for role, r := range m.ResponseMS {
		if r.MedianMS < 0 || r.P90MS < r.MedianMS || r.P90MS > duration || r.Count < 3 {
			return "a response of " + string(role) + " that is none"
		}
	}
	for _, s := range m.Shouts {
		if s.Intersect(whole) != s.Span || s.AboveDB < 10 {
			return "a shout that is none"
		}
	}
	for _, i := range m.Interruptions {
		if !whole.Contains(i.Start) || i.OverlapMS < 400 || i.OverlapMS > *m.OverlapMS {
			return "an interruption that is none"
		}
	}
	return ""
}
