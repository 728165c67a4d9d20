package score_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// said is a place where the agent said something.
func said(quote string, start, end call.Millis) score.Evidence {
	return score.Evidence{Role: call.RoleAgent, Span: call.Span{Start: start, End: end}, Quote: quote, List: "rude", Term: quote, Tier: "exact"}
}

// missing is a window in which something was not said.
func missing(end call.Millis, nearest string) score.Evidence {
	return score.Evidence{Role: call.RoleAgent, Span: call.Span{End: end}, SpeechMS: 3000, Quote: nearest, Nearest: nearest}
}

// whole is a call that was judged as a whole.
func whole(quote string) score.Evidence {
	return score.Evidence{Role: call.RoleAgent, Span: call.Span{End: 60_000}, SpeechMS: 3000, Quote: quote}
}

func figureOf(value float64) score.Evidence {
	return score.Evidence{Role: call.RoleAgent, Span: call.Span{End: 60_000}, Measure: &value}
}

// judged is a result of 10 points of which one finding decides.
func judged(c score.Criterion) score.Result {
	c.Rule, c.Potential = "forbidden.rude", 5
	return score.Result{
		PassMark: 0.8, Points: c.Points + 5, Potential: 10,
		Criteria: []score.Criterion{c, {Rule: "greeting.opening", Outcome: score.OutcomePass, Points: 5, Potential: 5}},
	}
}

func fail(veto bool, evidence ...score.Evidence) score.Result {
	return judged(score.Criterion{Outcome: score.OutcomeFail, Veto: veto, Evidence: evidence})
}

func review(atRisk float64, evidence ...score.Evidence) score.Result {
	return judged(score.Criterion{Outcome: score.OutcomeReview, Points: 5, AtRisk: atRisk, Reason: "weak_match", Evidence: evidence})
}

func decision(ruling score.Ruling, evidence ...score.Evidence) score.Decision {
	return score.Decision{Rule: "forbidden.rude", Ruling: ruling, By: "li", At: time.Unix(1_800_000_000, 0).UTC(), Evidence: evidence}
}

func TestDecisionsChangeWhatIsFound(t *testing.T) {
	t.Parallel()
	rude := said("你有完没完", 3000, 4200)
	reject, accept := score.RulingReject, score.RulingAccept
	tests := []struct {
		name      string
		result    score.Result
		decisions []score.Decision
		outcome   score.Outcome
		points    float64
		verdict   score.Verdict
		asked     bool // again
	}{
		{"a fault that is rejected costs nothing", fail(true, rude), []score.Decision{decision(reject, rude)}, score.OutcomePass, 10, score.VerdictPass, false},
		{"a fault that is accepted stays", fail(true, rude), []score.Decision{decision(accept, rude)}, score.OutcomeFail, 5, score.VerdictFail, false},
		{"a doubt that is accepted costs what was at risk", review(3, rude), []score.Decision{decision(accept, rude)}, score.OutcomeFail, 7, score.VerdictFail, false},
		{"a doubt that is rejected is settled", review(3, rude), []score.Decision{decision(reject, rude)}, score.OutcomePass, 10, score.VerdictPass, false},
		{"the latest decision holds", review(5, rude), []score.Decision{decision(reject, rude), decision(accept, rude)}, score.OutcomePass, 10, score.VerdictPass, false},
		{"the same words found as part of more", fail(false, said("你到底有完没完", 2800, 4200)), []score.Decision{decision(reject, said("有完没完", 3200, 4200))}, score.OutcomePass, 10, score.VerdictPass, false},
		{"the same two places in another order", fail(false, rude, said("烦不烦", 100, 900)), []score.Decision{decision(reject, said("烦不烦", 100, 900), rude)}, score.OutcomePass, 10, score.VerdictPass, false},
		{"two places in one phrase, seen as one and one", fail(false, said("烦不烦啊", 100, 900), said("烦不烦", 100, 700)), []score.Decision{decision(reject, said("烦不烦", 100, 700), said("烦不烦", 100, 700))}, score.OutcomePass, 10, score.VerdictPass, false},
		{"one of two places is left after a rejection", fail(false, rude), []score.Decision{decision(reject, said("烦不烦", 100, 900), rude)}, score.OutcomeReview, 10, score.VerdictReview, true},
		{"one of two places is left after an acceptance", fail(false, rude), []score.Decision{decision(accept, said("烦不烦", 100, 900), rude)}, score.OutcomeFail, 5, score.VerdictFail, true},
		{"one place twice is not two places", fail(false, rude, rude), []score.Decision{decision(reject, said("烦不烦", 100, 900), rude)}, score.OutcomeReview, 10, score.VerdictReview, true},
		{"nothing left of what was seen", fail(false), []score.Decision{decision(reject, rude)}, score.OutcomeReview, 10, score.VerdictReview, true},
		{"no evidence then and now", fail(false), []score.Decision{decision(reject)}, score.OutcomePass, 10, score.VerdictPass, false},
		{"a new place after a rejection", fail(false, rude, said("烦不烦", 9000, 9900)), []score.Decision{decision(reject, rude)}, score.OutcomeReview, 10, score.VerdictReview, true},
		{"the same words at another place", fail(false, said("你有完没完", 8000, 9200)), []score.Decision{decision(reject, rude)}, score.OutcomeReview, 10, score.VerdictReview, true},
		{"a new place after an acceptance", fail(false, rude, said("烦不烦", 9000, 9900)), []score.Decision{decision(accept, rude)}, score.OutcomeFail, 5, score.VerdictFail, true},
		{"an older decision about this evidence", fail(false, rude), []score.Decision{decision(accept, said("烦不烦", 1, 9)), decision(reject, rude)}, score.OutcomePass, 10, score.VerdictPass, false},
		{"an absence in the same window", fail(false, missing(15_000, "你好吗")), []score.Decision{decision(reject, missing(15_000, "你好吗"))}, score.OutcomePass, 10, score.VerdictPass, false},
		{"an absence with another near miss", fail(false, missing(15_000, "你好啊")), []score.Decision{decision(reject, missing(15_000, "你好吗"))}, score.OutcomeReview, 10, score.VerdictReview, true},
		{"an absence in a longer window", fail(false, missing(20_000, "")), []score.Decision{decision(reject, missing(15_000, ""))}, score.OutcomeReview, 10, score.VerdictReview, true},
		{"a whole call that had no quote of old", fail(false, whole("喂，您好")), []score.Decision{decision(reject, whole(""))}, score.OutcomePass, 10, score.VerdictPass, false},
		{"a whole call that begins otherwise", fail(false, whole("喂，您好")), []score.Decision{decision(reject, whole("你好"))}, score.OutcomeReview, 10, score.VerdictReview, true},
		{"the same figure", fail(false, figureOf(0.701)), []score.Decision{decision(reject, figureOf(0.7009))}, score.OutcomePass, 10, score.VerdictPass, false},
		{"another figure", fail(false, figureOf(0.8)), []score.Decision{decision(reject, figureOf(0.7))}, score.OutcomeReview, 10, score.VerdictReview, true},
		{"evidence of another kind", fail(false, missing(4200, "")), []score.Decision{decision(reject, rude)}, score.OutcomeReview, 10, score.VerdictReview, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.result.Decided(tt.decisions)
			c := got.Criteria[0]
			if c.Outcome != tt.outcome || got.Points != tt.points || got.Verdict != tt.verdict {
				t.Errorf("got %s, %v points, %s; want %s, %v points, %s", c.Outcome, got.Points, got.Verdict, tt.outcome, tt.points, tt.verdict)
			}
			if (c.Decision == nil) != tt.asked || (c.Earlier != nil) != tt.asked {
				t.Errorf("decision %v, earlier %v; asked again must be %v", c.Decision, c.Earlier, tt.asked)
			}
			if tt.result.Criteria[0].Decision != nil || tt.result.Criteria[0].Earlier != nil {
				t.Error("the result that was given is changed")
			}
		})
	}
}

// Adding up anew gives what judging gave, whatever the scorecard.
func TestDecisionsThatFindNothingChangeNothing(t *testing.T) {
	t.Parallel()
	result := fail(false, said("你有完没完", 3000, 4200))
	other := decision(score.RulingReject)
	other.Rule = "greeting.opening"
	if diff := cmp.Diff(result, result.Decided([]score.Decision{other})); diff != "" {
		t.Errorf("a decision about what has passed (-before +after):\n%s", diff)
	}
}

func TestNewDecision(t *testing.T) {
	t.Parallel()
	rude := said("你有完没完", 3000, 4200)
	result := fail(false, rude)
	first, err := score.NewDecision(result, "forbidden.rude", score.RulingReject)
	if err != nil || first.Outcome != score.OutcomeFail || len(first.Evidence) != 1 {
		t.Fatalf("got %+v, %v", first, err)
	}
	again, err := score.NewDecision(result.Decided([]score.Decision{first}), "forbidden.rude", score.RulingAccept)
	if err != nil || again.Outcome != score.OutcomeFail || len(again.Evidence) != 1 {
		t.Errorf("a change of mind: got %+v, %v; want what was judged", again, err)
	}
	for _, tt := range []struct {
		rule   string
		ruling score.Ruling
		want   error
	}{
		{"forbidden.vague", score.RulingAccept, call.ErrNotFound},
		{"greeting.opening", score.RulingReject, call.ErrInvalid},
		{"forbidden.rude", "maybe", call.ErrInvalid},
	} {
		if _, err := score.NewDecision(result, tt.rule, tt.ruling); !errors.Is(err, tt.want) {
			t.Errorf("%s %s: got %v, want %v", tt.ruling, tt.rule, err, tt.want)
		}
	}
}
