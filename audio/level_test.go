package audio

import (
	"math"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

// traced is a trace of frames at these levels.
func traced(levels ...float64) *levelTrace {
	t := &levelTrace{}
	for _, db := range levels {
		t.push(db)
	}
	return t
}

func repeat(db float64, n int) []float64 {
	all := make([]float64, n)
	for i := range all {
		all[i] = db
	}
	return all
}

func TestLevelsOfSpans(t *testing.T) {
	t.Parallel()
	loud, quiet, pause := repeat(-12, 50), repeat(-30, 50), repeat(-80, 25)
	frames := append(append(append(append([]float64{}, quiet...), loud...), pause...), repeat(-20, 25)...)
	for name, tc := range map[string]struct {
		span call.Span
		want []int
	}{
		"two pieces":                {call.Span{Start: 0, End: 1000}, []int{-30, -12}},
		"a short span is one piece": {call.Span{Start: 500, End: 700}, []int{-12}},
		"a pause does not count":    {call.Span{Start: 1000, End: 1500}, []int{-20}},
		"three equal pieces":        {call.Span{Start: 0, End: 1200}, []int{-30, -12, -12}},
		"beyond the recording":      {call.Span{Start: 5000, End: 5400}, []int{-100}},
		"shorter than a frame":      {call.Span{Start: 505, End: 508}, []int{-12}},
		"empty":                     {call.Span{Start: 500, End: 500}, []int{}},
		"reversed":                  {call.Span{Start: 500, End: 300}, []int{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := traced(frames...).levels([]call.Span{tc.span})[0]
			if got.Span != tc.span || len(got.DB) != len(tc.want) {
				t.Fatalf("got %+v, want %v", got, tc.want)
			}
			for i := range tc.want {
				if got.DB[i] != tc.want[i] {
					t.Errorf("got %v, want %v", got.DB, tc.want)
				}
			}
		})
	}
}

func TestLevelsHoldTheLoudestAndTheQuietest(t *testing.T) {
	t.Parallel()
	got := traced(0, 3, -100, -250, math.Inf(-1)).levels([]call.Span{{End: 20}, {Start: 20, End: 50}})
	if got[0].DB[0] != 0 || got[1].DB[0] != silenceDB {
		t.Errorf("got %v", got)
	}
}

// Speech that is played 12 dB louder is measured 12 dB louder, noise beside it or not.
func TestLevelsFollowTheVoice(t *testing.T) {
	t.Parallel()
	s := newScene(t, 20)
	end := s.say(0, "nihao", 1000, -24)
	s.say(0, "nihao", end+2000, -12)
	s.hiss(0, -65)
	a, err := Analyse(t.Context(), openPCM(t, 8000, s.pcm[0], s.pcm[1]), VADConfig{})
	if err != nil {
		t.Fatal(err)
	}
	levels := a.Channels[0].Levels
	if len(levels) != 2 || len(a.Channels[1].Levels) != 0 {
		t.Fatalf("got %+v", levels)
	}
	for i, span := range a.Channels[0].Speech {
		if levels[i].Span != span || len(levels[i].DB) != span.Pieces() {
			t.Errorf("span %v has the levels %+v", span, levels[i])
		}
	}
	mean := func(l call.SpanLevels) float64 {
		sum := 0
		for _, db := range l.DB {
			sum += db
		}
		return float64(sum) / float64(len(l.DB))
	}
	if louder := mean(levels[1]) - mean(levels[0]); math.Abs(louder-12) > 1.5 {
		t.Errorf("12 dB more are measured as %.1f: %v, %v", louder, levels[0].DB, levels[1].DB)
	}
}
