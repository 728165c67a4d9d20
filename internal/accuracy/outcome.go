package accuracy

import (
	"math"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/callgen"
	"github.com/zhijian-qa/zhijian/internal/scene"
	"github.com/zhijian-qa/zhijian/score"
)

// The tolerances of the comparison.
const (
	collar      = call.Millis(100) // frames this close to a true boundary are not counted
	step        = call.Millis(10)
	sameStart   = call.Millis(500) // an interruption found this close to a true one is that one
	sameSilence = 0.5              // so is a silence that shares this part of the union with a true one
)

// Counts are hits, false alarms and misses.
type Counts struct{ Hit, False, Missed int }

// F1 returns the harmonic mean of precision and recall, 1 when there was nothing to find and nothing was
// found.
func (c Counts) F1() float64 {
	if c.Hit+c.False+c.Missed == 0 {
		return 1
	}
	return 2 * float64(c.Hit) / float64(2*c.Hit+c.False+c.Missed)
}

func (c *Counts) add(o Counts) {
	c.Hit, c.False, c.Missed = c.Hit+o.Hit, c.False+o.False, c.Missed+o.Missed
}

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
		o.Frames.add(frames(s.Truth.Speech[role], call.Merge(speech[role], callgen.PauseLimit), s.Truth.Duration))
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
	taken := make([]bool, len(found))
	for _, want := range truth.Interruptions {
		hit := false
		for i, got := range found {
			if !hit && !taken[i] && !got.Uncertain && got.By == want.By && near(got.Start, want.Start) {
				taken[i], hit = true, true
			}
		}
		if hit {
			o.Interruptions.Hit++
		} else {
			o.Interruptions.Missed++
		}
	}
	backchannels := truth.Backchannels()
	o.Backchannels = len(backchannels)
	for i, got := range found {
		if taken[i] || got.Uncertain {
			continue
		}
		o.Interruptions.False++
		for _, b := range backchannels {
			if b.Role == got.By && near(got.Start, b.Start) {
				o.Mistaken++
				break
			}
		}
	}
}

func near(a, b call.Millis) bool { return a-b <= sameStart && b-a <= sameStart }

func (o *Outcome) silences(truth []callgen.Silence, found []score.Silence) {
	hits := 0
	for _, want := range truth {
		hit := false
		for _, got := range found {
			shared := got.Intersect(want.Span).Length()
			if float64(shared) >= sameSilence*float64(got.Union(want.Span).Length()) {
				hit = true
				o.Boundary = append(o.Boundary, math.Abs(float64(got.Start-want.Start)), math.Abs(float64(got.End-want.End)))
				break
			}
		}
		if hit {
			hits++
		}
	}
	o.Silences = Counts{Hit: hits, Missed: len(truth) - hits, False: len(found) - hits}
}
