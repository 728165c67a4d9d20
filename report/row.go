package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// Call is one call in a line.
type Call struct {
	ID         string        `json:"id"`
	Path       string        `json:"path"`
	Agent      string        `json:"agent,omitempty"`
	AgentName  string        `json:"agent_name,omitempty"`
	Team       string        `json:"team,omitempty"`
	Customer   string        `json:"customer,omitempty"`
	StartedAt  time.Time     `json:"started_at,omitzero"`
	Duration   call.Millis   `json:"duration_ms"`
	Direction  string        `json:"direction,omitempty"`
	Scenario   string        `json:"scenario,omitempty"`
	Points     float64       `json:"points"`
	Potential  float64       `json:"potential"`
	Normalised *float64      `json:"normalised"`
	AtRisk     float64       `json:"at_risk"`
	Verdict    score.Verdict `json:"verdict"`
	// VerdictReason is why the verdict is up to a person.
	VerdictReason score.VerdictReason `json:"verdict_reason,omitempty"`
	Vetoed        bool                `json:"vetoed"`
	TalkRatio     *float64            `json:"agent_talk_ratio"`
	Interruptions *int                `json:"interruptions"`    // by the agent; null when withheld
	Silences      *int                `json:"silences"`         // unannounced; null when withheld
	SpeechRate    *float64            `json:"chars_per_minute"` // the agent's; null when withheld
	Response      *float64            `json:"response_s"`       // the agent's median; null when withheld
	Shouts        *int                `json:"shouts"`           // the agent's; null when withheld
	Lost          []Loss              `json:"lost"`
	Withheld      map[string]string   `json:"withheld,omitempty"`
	// MetadataConflict names the metadata on which the sources differ.
	MetadataConflict []string `json:"metadata_conflict,omitempty"`
}

// Loss is a criterion that took points, failed, or waits for a decision.
type Loss struct {
	Rule    string        `json:"rule"`
	Name    string        `json:"name"`
	Points  float64       `json:"points"` // taken, or for review at risk
	Outcome score.Outcome `json:"outcome"`
	Veto    bool          `json:"veto,omitempty"`
}

func newCall(rec score.Record, w words) Call {
	r, s, m := rec.Recording, rec.Score, rec.Measures
	c := Call{
		ID: r.ID, Path: r.Path, Agent: r.Agent, AgentName: r.AgentName, Team: r.Team,
		Customer: r.Customer, StartedAt: r.StartedAt, Duration: r.Duration, Direction: r.Direction, Scenario: r.Scenario,
		Points: s.Points, Potential: s.Potential, Normalised: s.Normalised, AtRisk: s.AtRisk,
		Verdict: s.Verdict, VerdictReason: s.VerdictReason, Vetoed: s.Vetoed, TalkRatio: m.AgentTalkRatio, Withheld: m.Withheld, Lost: newLosses(s.Criteria, w),
		MetadataConflict: r.MetadataConflict,
	}
	if rate, known := m.CharsPerMinute[call.RoleAgent]; known {
		c.SpeechRate = &rate
	}
	if response, known := m.ResponseMS[call.RoleAgent]; known {
		median := response.MedianMS.Seconds()
		c.Response = &median
	}
	if shouts, known := shoutsOf(m, call.RoleAgent); known {
		c.Shouts = &shouts
	}
	if _, withheld := m.Withheld["interruptions"]; !withheld {
		n := 0
		for _, i := range m.Interruptions {
			n += index(i.By == call.RoleAgent && !i.Uncertain)
		}
		c.Interruptions = &n
	}
	if _, withheld := m.Withheld["silences"]; !withheld {
		n := 0
		for _, s := range m.Silences {
			n += index(!s.Announced)
		}
		c.Silences = &n
	}
	return c
}

// shoutsOf counts the shouts of role, where its level is known.
func shoutsOf(m score.Measures, role call.Role) (n int, known bool) {
	for _, s := range m.Shouts {
		n += index(s.Role == role)
	}
	_, withheld := m.Withheld["shouts."+string(role)]
	return n, m.Shouts != nil && !withheld
}

// newLosses returns what took points or failed, the gravest first, then what waits for a decision.
func newLosses(criteria []score.Criterion, w words) []Loss {
	losses := []Loss{}
	for _, c := range criteria {
		points := lost(c)
		switch {
		case c.Outcome == score.OutcomeReview:
			points = c.Potential
		case c.Outcome != score.OutcomeFail && points == 0:
			continue
		}
		losses = append(losses, Loss{Rule: c.Rule, Name: w.rule(c), Points: points, Outcome: c.Outcome, Veto: c.Veto && c.Outcome == score.OutcomeFail})
	}
	slices.SortStableFunc(losses, func(a, b Loss) int {
		return cmp.Or(
			cmp.Compare(index(a.Outcome == score.OutcomeReview), index(b.Outcome == score.OutcomeReview)),
			cmp.Compare(index(b.Veto), index(a.Veto)),
			cmp.Compare(b.Points, a.Points))
	})
	return losses
}

// File returns the last element of the call's path.
func (c Call) File() string { return c.Path[strings.LastIndexAny(c.Path, `/\`)+1:] }

// Violation is a failed criterion of one call, with the place that proves it.
type Violation struct {
	Call      string         `json:"call"`
	Path      string         `json:"path"`
	Agent     string         `json:"agent,omitempty"`
	AgentName string         `json:"agent_name,omitempty"`
	Team      string         `json:"team,omitempty"`
	StartedAt time.Time      `json:"started_at,omitzero"`
	Rule      string         `json:"rule"`
	Name      string         `json:"name"`
	Severity  score.Severity `json:"severity,omitempty"`
	Veto      bool           `json:"veto,omitempty"`
	Points    float64        `json:"points_lost"`
	Role      call.Role      `json:"role,omitempty"`
	call.Span
	Quote    string `json:"quote,omitempty"`
	Places   int    `json:"places"` // in which it was heard; the first is shown
	Note     string `json:"note,omitempty"`
	Coaching string `json:"coaching,omitempty"`
}

func newViolations(rec score.Record, row Call, w words) []Violation {
	var violations []Violation
	for _, c := range rec.Score.Criteria {
		if c.Outcome != score.OutcomeFail {
			continue
		}
		v := Violation{
			Call: row.ID, Path: row.Path, Agent: row.Agent, AgentName: row.AgentName, Team: row.Team, StartedAt: row.StartedAt,
			Rule: c.Rule, Name: w.rule(c), Severity: c.Severity, Veto: c.Veto, Points: lost(c),
			Places: places(c), Note: w.join(w.either(c.Note, c.NoteEN), w.decided(c)), Coaching: w.coaching(c),
		}
		if len(c.Evidence) > 0 {
			v.Role, v.Span, v.Quote = c.Evidence[0].Role, c.Evidence[0].Span, c.Evidence[0].Quote
		}
		violations = append(violations, v)
	}
	return violations
}

// File returns the last element of the violation's path.
func (v Violation) File() string { return Call{Path: v.Path}.File() }
