package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// Difference is what other rules do to calls that were scored before. It keeps figures, not calls: only
// the calls whose verdict changed are kept, a line each.
type Difference struct {
	DryRun    bool           `json:"dry_run"`
	Scorecard string         `json:"scorecard"` // name@hash, after
	Revision  string         `json:"revision"`  // after
	Calls     int            `json:"calls"`
	Fresh     int            `json:"rescored"` // the others had been scored by these rules already
	Summary   Change         `json:"summary"`
	Rules     []RuleChange   `json:"rules"`
	Agents    []*AgentChange `json:"agents"`
	Changed   []CallChange   `json:"changed"` // the calls whose verdict changed, by start

	opt     Options
	words   words
	byRule  map[string]*RuleChange
	byAgent map[string]*AgentChange
	order   []string // rules as the scorecards have them
}

// Change is the figures of some calls before and after.
type Change struct {
	Before Side `json:"before"`
	After  Side `json:"after"`
}

// Side is the figures of calls on one side of a change.
type Side struct {
	Mean   *float64 `json:"mean"`
	Pass   int      `json:"pass"`
	Fail   int      `json:"fail"`
	Review int      `json:"review"`

	sum    int64 // of ten-thousandths: the same whatever the order of the calls
	scored int
}

// AgentChange is the change of one agent's calls.
type AgentChange struct {
	Agent   string `json:"agent"`
	Name    string `json:"agent_name,omitempty"`
	Calls   int    `json:"calls"`
	Changed int    `json:"verdict_changed"`
	Change
}

// RuleChange is the change of one rule's outcomes over all calls.
type RuleChange struct {
	Rule    string   `json:"rule"`
	Name    string   `json:"name"`
	Changed int      `json:"calls_changed"` // other outcome or other points
	Before  RuleSide `json:"before"`
	After   RuleSide `json:"after"`
}

// RuleSide is the outcomes of one rule on one side of a change. A scorecard without the rule has none.
type RuleSide struct {
	Pass          int     `json:"pass"`
	Fail          int     `json:"fail"`
	Review        int     `json:"review"`
	NotApplicable int     `json:"not_applicable"`
	Lost          float64 `json:"points_lost"`
}

// CallChange is a call whose verdict changed.
type CallChange struct {
	ID            string        `json:"id"`
	Path          string        `json:"path"`
	Agent         string        `json:"agent,omitempty"`
	AgentName     string        `json:"agent_name,omitempty"`
	StartedAt     time.Time     `json:"started_at,omitzero"`
	VerdictBefore score.Verdict `json:"verdict_before"`
	VerdictAfter  score.Verdict `json:"verdict_after"`
	Before        *float64      `json:"before"` // normalised score
	After         *float64      `json:"after"`
	Rules         []string      `json:"rules"` // whose outcome or points changed
}

// NewDifference returns a difference that no call has been added to. Of opt it takes the language, the
// mask, colour and zone.
func NewDifference(dryRun bool, scorecard, revision string, opt Options) *Difference {
	opt = opt.withDefaults()
	return &Difference{
		DryRun: dryRun, Scorecard: scorecard, Revision: revision, opt: opt, words: newWords(opt.Lang),
		Rules: []RuleChange{}, Agents: []*AgentChange{}, Changed: []CallChange{},
		byRule: map[string]*RuleChange{}, byAgent: map[string]*AgentChange{},
	}
}

// Add takes in one call before and after; fresh says that it was scored now.
func (d *Difference) Add(before, after score.Record, fresh bool) {
	d.Calls++
	d.Fresh += index(fresh)
	changed := before.Score.Verdict != after.Score.Verdict
	d.Summary.add(before.Score, after.Score)
	agent := d.agent(after.Recording)
	agent.Calls++
	agent.Changed += index(changed)
	agent.add(before.Score, after.Score)
	rules := d.addRules(before.Score.Criteria, after.Score.Criteria)
	if changed {
		d.Changed = append(d.Changed, d.call(before, after, rules))
	}
}

func (d *Difference) agent(rec call.Recording) *AgentChange {
	agent := d.byAgent[rec.Agent]
	if agent == nil {
		agent = &AgentChange{Agent: rec.Agent, Name: rec.AgentName}
		d.byAgent[rec.Agent] = agent
		d.Agents = append(d.Agents, agent)
	}
	agent.Name = cmp.Or(agent.Name, rec.AgentName)
	return agent
}

func (d *Difference) call(before, after score.Record, rules []string) CallChange {
	rec := after.Recording
	return CallChange{
		ID: rec.ID, Path: MaskPath(rec.Path, rec.Customer, d.opt.Mask), Agent: rec.Agent, AgentName: rec.AgentName, StartedAt: d.opt.local(rec.StartedAt),
		VerdictBefore: before.Score.Verdict, VerdictAfter: after.Score.Verdict,
		Before: before.Score.Normalised, After: after.Score.Normalised, Rules: rules,
	}
}

// addRules counts the outcomes of all rules and returns those that changed.
func (d *Difference) addRules(before, after []score.Criterion) []string {
	rules := []string{}
	old := make(map[string]*score.Criterion, len(before))
	for i := range before {
		old[before[i].Rule] = &before[i]
	}
	for i := range after {
		c := &after[i]
		was := old[c.Rule]
		delete(old, c.Rule)
		rule := d.rule(c)
		rule.After.add(c)
		if was != nil {
			rule.Before.add(was)
		}
		if was == nil || was.Outcome != c.Outcome || lost(*was) != lost(*c) {
			rule.Changed++
			rules = append(rules, c.Rule)
		}
	}
	for i := range before {
		if c := &before[i]; old[c.Rule] != nil {
			rule := d.rule(c)
			rule.Before.add(c)
			rule.Changed++
			rules = append(rules, c.Rule)
		}
	}
	return rules
}

func (d *Difference) rule(c *score.Criterion) *RuleChange {
	rule := d.byRule[c.Rule]
	if rule == nil {
		rule = &RuleChange{Rule: c.Rule, Name: d.words.rule(*c)}
		d.byRule[c.Rule] = rule
		d.order = append(d.order, c.Rule)
	}
	return rule
}

func (s *RuleSide) add(c *score.Criterion) {
	s.Lost += lost(*c)
	switch c.Outcome {
	case score.OutcomePass:
		s.Pass++
	case score.OutcomeFail:
		s.Fail++
	case score.OutcomeReview:
		s.Review++
	case score.OutcomeNotApplicable:
		s.NotApplicable++
	}
}

func (c *Change) add(before, after score.Result) {
	c.Before.add(before)
	c.After.add(after)
}

func (s *Side) add(r score.Result) {
	switch r.Verdict {
	case score.VerdictPass:
		s.Pass++
	case score.VerdictFail:
		s.Fail++
	case score.VerdictReview:
		s.Review++
	}
	if r.Normalised != nil {
		s.sum += int64(math.Round(*r.Normalised * 10_000))
		s.scored++
	}
	s.Mean = quotient(float64(s.sum)/10_000, s.scored)
}

// Finish sorts what was added: calls by their start, agents and rules with the most changes first.
func (d *Difference) Finish() {
	for _, id := range d.order {
		rule := *d.byRule[id]
		rule.Before.Lost, rule.After.Lost = cents(rule.Before.Lost), cents(rule.After.Lost)
		d.Rules = append(d.Rules, rule)
	}
	d.order = nil
	slices.SortFunc(d.Rules, func(a, b RuleChange) int {
		return cmp.Or(cmp.Compare(b.Changed, a.Changed), cmp.Compare(a.Rule, b.Rule))
	})
	slices.SortStableFunc(d.Agents, func(a, b *AgentChange) int {
		return cmp.Or(cmp.Compare(b.Changed, a.Changed), cmp.Compare(a.Agent, b.Agent))
	})
	slices.SortStableFunc(d.Changed, func(a, b CallChange) int {
		return cmp.Or(a.StartedAt.Compare(b.StartedAt), cmp.Compare(a.Path, b.Path))
	})
}

// cents rounds away what adding up in another order changes.
func cents(points float64) float64 { return math.Round(points*100) / 100 }

// WriteJSON writes the difference as one JSON object in one line.
func (d *Difference) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(d); err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	return nil
}
