package accuracy

import (
	"math"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/internal/callgen"
	"github.com/zhijian-qa/zhijian/internal/scene"
	"github.com/zhijian-qa/zhijian/score"
)

// The tolerances of the comparison of frames; eval has those of interruptions and silences.
const (
	collar = call.Millis(100) // frames this close to a true boundary are not counted
	step   = call.Millis(10)
)

// Counts are hits, false alarms and misses.
type Counts = eval.Counts

// Outcome is how one call was measured.
type Outcome struct {
	RatioError    float64 // of the agent's share of talk time, in points of 100
	Frames        Counts  // of 10 ms on both channels
	Interruptions Counts
	Backchannels  int // in the call
	Mistaken      int // of them, reported as interruptions
	Silences      Counts
	Boundary      []float64 // ms by which each end of a silence that was found lies beside the true one
}

// Judge holds the speech that was found, and the measures that rest on it, against the truth of s.
func Judge(s *scene.Scene, speech map[call.Role][]call.Span, m score.Measures) Outcome {
	o := Outcome{RatioError: 100}
	if m.AgentTalkRatio != nil {
		o.RatioError = 100 * math.Abs(*m.AgentTalkRatio-s.Truth.AgentTalkRatio())
	}
	for _, role := range scene.Roles() {
		o.Frames.Add(frames(s.Truth.Speech[role], call.Merge(speech[role], callgen.PauseLimit), s.Truth.Duration))
	}
	o.interruptions(&s.Truth, m.Interruptions)
	o.silences(s.Truth.Silences, m.Silences)
	return o
}

// frames counts the frames of a channel, without those beside a true boundary.
func frames(truth, found []call.Span, duration call.Millis) Counts {
	var c Counts
	var edges []call.Span
	for _, s := range truth {
		edges = append(edges, call.Span{Start: s.Start - collar, End: s.Start + collar}, call.Span{Start: s.End - collar, End: s.End + collar})
	}
	is, got, skip := mask(truth, duration), mask(found, duration), mask(edges, duration)
	for i := range is {
		switch {
		case skip[i]:
		case is[i] && got[i]:
			c.Hit++
		case is[i]:
			c.Missed++
		case got[i]:
			c.False++
		}
	}
	return c
}

// mask says of each frame whether its middle lies in one of spans.
func mask(spans []call.Span, duration call.Millis) []bool {
	in := make([]bool, duration/step)
	for _, s := range spans {
		for i := max(0, (s.Start+step/2)/step); i < min(call.Millis(len(in)), (s.End+step/2)/step); i++ {
			in[i] = true
		}
	}
	return in
}

// interruptions counts those that the product is sure of; those that it calls uncertain cost no points
// and are taken for neither.
func (o *Outcome) interruptions(truth *callgen.Truth, found []score.Interruption) {
	given := eval.Match(truth.Interruptions, found, func(want callgen.Interruption, got score.Interruption) bool {
		return !got.Uncertain && got.By == want.By && eval.SameStart(got.Start, want.Start)
	})
	taken := make([]bool, len(found))
	for _, i := range given {
		if i < 0 {
			o.Interruptions.Missed++
			continue
		}
		o.Interruptions.Hit++
		taken[i] = true
	}
	backchannels := truth.Backchannels()
	o.Backchannels = len(backchannels)
	for i, got := range found {
		if taken[i] || got.Uncertain {
			continue
		}
		o.Interruptions.False++
		for _, b := range backchannels {
			if b.Role == got.By && eval.SameStart(got.Start, b.Start) {
				o.Mistaken++
				break
			}
		}
	}
}

func (o *Outcome) silences(truth []callgen.Silence, found []score.Silence) {
	given := eval.Match(truth, found, func(want callgen.Silence, got score.Silence) bool { return eval.SameSilence(got.Span, want.Span) })
	for k, i := range given {
		if i < 0 {
			o.Silences.Missed++
			continue
		}
		o.Silences.Hit++
		o.Boundary = append(o.Boundary, math.Abs(float64(found[i].Start-truth[k].Start)), math.Abs(float64(found[i].End-truth[k].End)))
	}
	o.Silences.False = len(found) - o.Silences.Hit
}
