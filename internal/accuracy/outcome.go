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
	Doubted       int // of them, reported as interruptions that are uncertain: a person decides
	DoubtedTrue   int // of the true interruptions, reported as uncertain
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

// interruptions counts those that the product is sure of. Those that it calls uncertain cost no points and
// are taken for neither; they are counted apart.
func (o *Outcome) interruptions(truth *callgen.Truth, found []score.Interruption) {
	var sure, unsure []score.Interruption
	for _, got := range found {
		if got.Uncertain {
			unsure = append(unsure, got)
		} else {
			sure = append(sure, got)
		}
	}
	begun := func(want callgen.Interruption, got score.Interruption) bool {
		return got.By == want.By && eval.SameStart(got.Start, want.Start)
	}
	answered := func(want callgen.Utterance, got score.Interruption) bool {
		return got.By == want.Role && eval.SameStart(got.Start, want.Start)
	}
	o.Interruptions.Hit, sure, _ = pair(truth.Interruptions, sure, begun)
	o.Interruptions.Missed, o.Interruptions.False = len(truth.Interruptions)-o.Interruptions.Hit, len(sure)
	backchannels := truth.Backchannels()
	o.Backchannels = len(backchannels)
	o.Mistaken, _, backchannels = pair(backchannels, sure, answered)
	o.DoubtedTrue, unsure, _ = pair(truth.Interruptions, unsure, begun)
	o.Doubted, _, _ = pair(backchannels, unsure, answered)
}

// pair returns how many of want are found, and what of found and of want stays alone.
func pair[W, F any](want []W, found []F, same func(W, F) bool) (n int, spare []F, left []W) {
	taken := make([]bool, len(found))
	for k, i := range eval.Match(want, found, same) {
		if i < 0 {
			left = append(left, want[k])
			continue
		}
		n++
		taken[i] = true
	}
	for i, f := range found {
		if !taken[i] {
			spare = append(spare, f)
		}
	}
	return n, spare, left
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
