package report

import (
	"fmt"
	"iter"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// Report is everything that is shown of a set of calls. Its JSON form is what WriteJSON writes.
type Report struct {
	MadeAt     time.Time   `json:"made_at,omitzero"`
	Summary    Summary     `json:"summary"`
	Withheld   []Withheld  `json:"withheld"`
	Norms      []Norm      `json:"norms"`
	Scores     Histogram   `json:"scores"`           // of the normalised scores, tenths
	TalkRatio  Histogram   `json:"agent_talk_ratio"` // of the agents' shares of talk time, tenths
	Agents     []Group     `json:"agents"`           // ranked ones first
	Teams      []Group     `json:"teams"`
	Days       []Group     `json:"days"`
	Weeks      []Group     `json:"weeks"`
	Rules      []Rule      `json:"rules"` // in the order of the scorecard
	Calls      []Call      `json:"calls"`
	Violations []Violation `json:"violations"`
	Failures   []Failure   `json:"failures"`

	details map[string]*detail // by call ID
	opt     Options
	words   words
}

// Summary is the whole report in a line.
type Summary struct {
	Group
	Unscored int    `json:"unscored"` // calls in which no criterion applied
	Undated  int    `json:"undated"`  // calls without a start
	Failed   int    `json:"failed"`   // recordings that could not be worked on
	First    string `json:"first_day,omitempty"`
	Last     string `json:"last_day,omitempty"`
}

// Failure is a recording that could not be worked on.
type Failure struct {
	Path    string    `json:"path"`
	Code    string    `json:"code"`
	Message string    `json:"message"`
	Times   int       `json:"times"`
	Last    time.Time `json:"last,omitzero"`
}

// Build reads calls once and computes all figures. It keeps a short row of each call, and of the
// worst calls their scorecards; the transcripts of the others are let go. It stops at the first
// error of calls.
func Build(calls iter.Seq2[score.Record, error], failures []call.Failure, opt Options) (*Report, error) {
	b := newBuilder(opt.withDefaults())
	for rec, err := range calls {
		if err != nil {
			return nil, fmt.Errorf("build report: %w", err)
		}
		b.add(rec)
	}
	return b.finish(failures), nil
}

// builder gathers a report.
type builder struct {
	report                     *Report
	opt                        Options
	total                      tally
	agents, teams, days, weeks *tallies
	rules                      ruleTallies
	withheld                   withheldTally
	norms                      normTally
	details                    worst
}

func newBuilder(opt Options) *builder {
	w := newWords(opt.Lang)
	return &builder{
		report: &Report{
			MadeAt: opt.local(opt.Now), opt: opt, words: w,
			Scores: newHistogram(), TalkRatio: newHistogram(),
		},
		opt: opt, agents: newTallies(), teams: newTallies(), days: newTallies(), weeks: newTallies(),
		rules: ruleTallies{words: w}, details: worst{limit: opt.Details},
	}
}

// add takes one call into every figure.
func (b *builder) add(rec score.Record) {
	rec = MaskRecord(rec, b.opt.Mask)
	rec.Recording.StartedAt = b.opt.local(rec.Recording.StartedAt)
	rec.Score.Criteria = b.opt.localDecisions(rec.Score.Criteria)
	row := newCall(rec, b.report.words)
	b.report.Calls = append(b.report.Calls, row)
	b.report.Violations = append(b.report.Violations, newViolations(rec, row, b.report.words)...)
	b.total.add(row)
	b.agents.add(row.Agent, row.AgentName, row)
	b.teams.add(row.Team, "", row)
	if start := row.StartedAt; start.IsZero() {
		b.report.Summary.Undated++
	} else {
		b.days.add(start.Format(time.DateOnly), "", row)
		b.weeks.add(weekOf(start), "", row)
	}
	b.report.Scores.add(row.Normalised)
	b.report.TalkRatio.add(row.TalkRatio)
	b.rules.add(rec.Score)
	b.withheld.add(rec)
	b.norms.add(rec.Recording.Metadata)
	b.details.add(newDetail(rec, row))
}

// finish turns what was gathered into the report.
func (b *builder) finish(failures []call.Failure) *Report {
	r := b.report
	r.Agents = rank(b.agents.groups(), b.opt.MinCalls)
	r.Teams, r.Days, r.Weeks = b.teams.groups(), b.days.groups(), b.weeks.groups()
	r.Rules = b.rules.list()
	r.Withheld = b.withheld.list(len(r.Calls))
	r.Norms = b.norms.list(b.total)
	r.details = b.details.byID()
	for _, f := range failures {
		f = MaskFailure(f, b.opt.Mask)
		r.Failures = append(r.Failures, Failure{
			Path: f.Path, Code: f.Code, Message: f.Message, Times: f.Times, Last: b.opt.local(f.Last),
		})
	}
	r.Summary.Group = b.total.group("", "")
	r.Summary.Failed = len(failures)
	r.Summary.Unscored = r.Summary.Calls - b.total.scored
	if len(r.Days) > 0 {
		r.Summary.First, r.Summary.Last = r.Days[0].Key, r.Days[len(r.Days)-1].Key
	}
	return r
}

// weekOf returns the ISO week of t, as in 2026-W47.
func weekOf(t time.Time) string {
	year, week := t.ISOWeek()
	return fmt.Sprintf("%d-W%02d", year, week)
}
