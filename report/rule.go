package report

import "github.com/zhijian-qa/zhijian/score"

// Rule is the figures of one rule over all calls.
type Rule struct {
	Rule          string         `json:"rule"`
	Name          string         `json:"name"`
	Section       string         `json:"section,omitempty"`
	Severity      score.Severity `json:"severity,omitempty"`
	Veto          bool           `json:"veto,omitempty"`
	Pass          int            `json:"pass"`
	Fail          int            `json:"fail"`
	Review        int            `json:"review"`
	NotApplicable int            `json:"not_applicable"`
	Rate          *float64       `json:"pass_rate"`
	Lost          float64        `json:"points_lost"`
}

// ruleTallies adds up the rules in the order in which they first come.
type ruleTallies struct {
	words words
	order []string
	byID  map[string]*Rule
}

func (t *ruleTallies) add(result score.Result) {
	if t.byID == nil {
		t.byID = make(map[string]*Rule)
	}
	for _, c := range result.Criteria {
		rule := t.byID[c.Rule]
		if rule == nil {
			rule = &Rule{Rule: c.Rule, Name: t.words.rule(c), Section: t.words.section(result, c.Section), Severity: c.Severity, Veto: c.Veto}
			t.byID[c.Rule] = rule
			t.order = append(t.order, c.Rule)
		}
		rule.Lost += lost(c)
		switch c.Outcome {
		case score.OutcomePass:
			rule.Pass++
		case score.OutcomeFail:
			rule.Fail++
		case score.OutcomeReview:
			rule.Review++
		case score.OutcomeNotApplicable:
			rule.NotApplicable++
		}
	}
}

func (t *ruleTallies) list() []Rule {
	rules := []Rule{}
	for _, id := range t.order {
		rule := *t.byID[id]
		rule.Rate = quotient(float64(rule.Pass), rule.Pass+rule.Fail)
		rules = append(rules, rule)
	}
	return rules
}

// lost returns the points that c took away. A criterion up for review counts in full, and one
// that doesn't apply has no potential.
func lost(c score.Criterion) float64 {
	if c.Outcome != score.OutcomePass && c.Outcome != score.OutcomeFail {
		return 0
	}
	return max(0, c.Potential-c.Points)
}
