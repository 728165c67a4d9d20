package score_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/calltest"
	"github.com/zhijian-qa/zhijian/score"
)

// sentences is what the parties of a random call say, good and bad.
var sentences = []string{
	"您好，工号一零二四为您服务", "请问有什么可以帮您？", "我要投诉你们", "我家停电了", "这个事情不归我们管", "不行", "可能吧",
	"你去投诉吧", "非常抱歉给您带来不便", "您的心情我非常理解", "我跟您核对一下，对吗", "请您稍等", "嗯", "好的", "对对对",
	"保证今天来电", "请问还有其他可以帮您的吗", "祝您生活愉快，再见", "[?]", "不归我们观", "我们公司就这样", "电表不会出错",
}

// randomCall writes a script of overlapping and unsure speech.
func randomCall(g *rand.Rand) string {
	var b strings.Builder
	if g.IntN(3) == 0 {
		b.WriteString("complaint yes\n")
	}
	switch g.IntN(8) {
	case 0:
		b.WriteString("health customer bad silent\n")
	case 1:
		b.WriteString("mono\n")
	}
	at := 0.0
	for range g.IntN(25) {
		role := []string{"agent", "customer"}[g.IntN(2)]
		start := math.Max(0, at+g.Float64()*6-2)
		end := start + 0.2 + g.Float64()*6
		fmt.Fprintf(&b, "%.2f-%.2f %s(%.2f): %s\n", start, end, role, g.Float64(), sentences[g.IntN(len(sentences))])
		at = end
	}
	fmt.Fprintf(&b, "duration %.2f\n", at+g.Float64()*10-1+1.5)
	return b.String()
}

func TestRandomCallsAddUp(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	g := rand.New(rand.NewPCG(7, 11))
	for range 150 {
		script := randomCall(g)
		record := judge(t, s, script)
		if fault := adds(record, s.Scorecard().PassMark()); fault != "" {
			t.Fatalf("%s in\n%s", fault, script)
		}
	}
}

// adds checks the arithmetic of a record and returns what is wrong with it.
func adds(r score.Record, passMark float64) string {
	m := r.Measures
	if m.TalkMS != nil && m.OverlapMS != nil && m.NonTalkMS != nil {
		sum := m.TalkMS[call.RoleAgent] + m.TalkMS[call.RoleCustomer] - *m.OverlapMS + *m.NonTalkMS
		if sum != r.Recording.Duration {
			return fmt.Sprintf("talk + talk - overlap + non-talk is %d, the call %d", sum, r.Recording.Duration)
		}
	}
	var points, potential, atRisk float64
	for _, c := range r.Score.Criteria {
		points, potential = points+c.Points, potential+c.Potential
		switch {
		case c.Points < 0 || c.Points > c.Potential:
			return fmt.Sprintf("%s has %v of %v points", c.Rule, c.Points, c.Potential)
		case c.Points < c.Potential && len(c.Evidence) == 0:
			return c.Rule + " takes points without evidence"
		case c.Outcome == score.OutcomeReview && c.Points != c.Potential:
			return c.Rule + " is undecided and takes points"
		case c.Outcome == score.OutcomeNotApplicable && (c.Potential != 0 || c.Reason == ""):
			return c.Rule + " does not apply, but counts or says no reason"
		case c.Outcome == score.OutcomeFail && c.Points == c.Potential:
			return c.Rule + " fails and takes nothing"
		case c.Outcome == score.OutcomeReview:
			atRisk += c.Potential
		}
		for _, e := range c.Evidence {
			if e.Start < 0 || e.End < e.Start || e.End > r.Recording.Duration+10000 {
				return fmt.Sprintf("%s has evidence at %v of %v", c.Rule, e.Span, r.Recording.Duration)
			}
		}
		if c.Outcome == score.OutcomeFail && c.Veto && c.Evidence[0].Tier == "edit" {
			return c.Rule + " is a veto on one edit"
		}
	}
	return sums(r.Score, points, potential, atRisk, passMark)
}

func sums(r score.Result, points, potential, atRisk, passMark float64) string {
	const tolerance = 0.01
	switch {
	case math.Abs(points-r.Points) > tolerance, math.Abs(potential-r.Potential) > tolerance:
		return fmt.Sprintf("criteria sum up to %v of %v, the score is %v of %v", points, potential, r.Points, r.Potential)
	case r.AtRisk > atRisk+tolerance || r.AtRisk < 0:
		return fmt.Sprintf("%v points are at risk, undecided criteria hold %v", r.AtRisk, atRisk)
	case (r.Normalised == nil) != (r.Potential == 0):
		return fmt.Sprintf("normalised is %v of a potential of %v", r.Normalised, r.Potential)
	case r.Vetoed && r.Verdict != score.VerdictFail:
		return fmt.Sprintf("vetoed, but %s", r.Verdict)
	case r.Verdict == score.VerdictPass && r.Points-r.AtRisk < passMark*r.Potential-tolerance:
		return fmt.Sprintf("passes with %v of %v, %v at risk", r.Points, r.Potential, r.AtRisk)
	}
	return ""
}

// Workers share one scorer: what each gets of it is what one alone gets.
func TestScoreFromManyGoroutines(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	g := rand.New(rand.NewPCG(5, 7))
	var calls []calltest.Call
	var want []score.Record
	for range 8 {
		c := parse(t, randomCall(g))
		calls, want = append(calls, c), append(want, s.Score(c.Recording, c.Health, c.Transcript))
	}
	var group sync.WaitGroup
	for first := range calls {
		group.Go(func() {
			for i := range calls {
				n := (first + i) % len(calls)
				if got := s.Score(calls[n].Recording, calls[n].Health, calls[n].Transcript); !reflect.DeepEqual(got, want[n]) {
					t.Errorf("call %d: another record beside others than alone", n)
				}
			}
		})
	}
	group.Wait()
}

func TestScoreIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	g := rand.New(rand.NewPCG(3, 5))
	for range 20 {
		script := randomCall(g)
		first, second := string(pretty(t, judge(t, s, script))), string(pretty(t, judge(t, s, script)))
		if first != second {
			t.Fatalf("two different records of\n%s", script)
		}
	}
}
