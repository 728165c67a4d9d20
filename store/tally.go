package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/zhijian-qa/zhijian/score"
)

// Tally is what the calls that began in a stretch of time come to, as people decided.
type Tally struct {
	Broken []Broken
	Teams  []TeamCalls
}

// Broken is in how many calls an agent broke a rule: a call counts once, however often it was broken there.
type Broken struct {
	Agent, Team, Rule string
	Severity          score.Severity
	Veto              bool
	Calls             int
}

// TeamCalls is how the calls of a team ended. Calls without a score count for none.
type TeamCalls struct {
	Team               string
	Pass, Fail, Review int
}

// Tally counts the calls that began from since on and before until, each by the result that is shown and by
// what people decided about it. Calls whose agent, team or start is not known are left out where it is
// asked for, as are recordings that another has taken the place of.
func (s *Store) Tally(ctx context.Context, since, until time.Time) (Tally, error) {
	sum := newCounts()
	for _, count := range []func(context.Context, CallFilter, *counts) error{s.countBroken, s.countTeams, s.countDecided} {
		if err := count(ctx, CallFilter{Since: since, Until: until}, sum); err != nil {
			return Tally{}, fmt.Errorf("tally calls: %w", err)
		}
	}
	return sum.tally(), nil
}

// undecided selects the calls that filter chooses and nobody has decided about.
func (s *Store) undecided(filter CallFilter) *bun.SelectQuery {
	return filtered(s.read.NewSelect().Model((*recordingRow)(nil)), filter).
		Where("EXISTS (SELECT 1 FROM sightings WHERE sightings.sha256 = recording.sha256)").
		Where("NOT EXISTS (SELECT 1 FROM decisions WHERE decisions.sha256 = recording.sha256)")
}

func (s *Store) countBroken(ctx context.Context, filter CallFilter, sum *counts) error {
	var rows []Broken
	err := s.undecided(filter).
		ColumnExpr("recording.agent, recording.team, violation.rule, violation.severity, violation.veto, COUNT(*) AS calls").
		Join("JOIN violations AS violation ON violation.result_key = recording.result_key").
		Where("recording.agent <> ''").
		GroupExpr("recording.agent, recording.team, violation.rule, violation.severity, violation.veto").Scan(ctx, &rows)
	for _, row := range rows {
		sum.addBroken(row)
	}
	return err
}

func (s *Store) countTeams(ctx context.Context, filter CallFilter, sum *counts) error {
	var rows []struct {
		Team, Verdict string
		Calls         int
	}
	err := s.undecided(filter).ColumnExpr("recording.team, result.verdict, COUNT(*) AS calls").
		Join("JOIN results AS result ON result.result_key = recording.result_key").
		Where("recording.team <> ''").Where("result.normalised IS NOT NULL").
		GroupExpr("recording.team, result.verdict").Scan(ctx, &rows)
	for _, row := range rows {
		sum.addTeam(row.Team, score.Verdict(row.Verdict), row.Calls)
	}
	return err
}

// countDecided counts the calls that people decided about, from their whole results: there are few.
func (s *Store) countDecided(ctx context.Context, filter CallFilter, sum *counts) error {
	var hashes []string
	err := filtered(s.read.NewSelect().Model((*recordingRow)(nil)), filter).Column("recording.sha256").
		Where("EXISTS (SELECT 1 FROM sightings WHERE sightings.sha256 = recording.sha256)").
		Where("EXISTS (SELECT 1 FROM decisions WHERE decisions.sha256 = recording.sha256)").Scan(ctx, &hashes)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(hashes, mostAtOnce) {
		decisions, err := s.decisions(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("sha256 IN (?)", bun.List(some)) })
		if err != nil {
			return err
		}
		records, err := s.records(ctx, some)
		if err != nil {
			return err
		}
		for hash, rec := range records {
			sum.addCall(rec.Recording.Agent, rec.Recording.Team, rec.Score.Decided(decisions[hash]))
		}
	}
	return nil
}

// counts adds calls up.
type counts struct {
	broken map[Broken]int // by all but Calls
	teams  map[string]*TeamCalls
}

func newCounts() *counts {
	return &counts{broken: make(map[Broken]int), teams: make(map[string]*TeamCalls)}
}

func (c *counts) addBroken(b Broken) {
	n := b.Calls
	b.Calls = 0
	c.broken[b] += n
}

func (c *counts) addTeam(team string, verdict score.Verdict, calls int) {
	if c.teams[team] == nil {
		c.teams[team] = &TeamCalls{Team: team}
	}
	switch verdict {
	case score.VerdictPass:
		c.teams[team].Pass += calls
	case score.VerdictFail:
		c.teams[team].Fail += calls
	case score.VerdictReview:
		c.teams[team].Review += calls
	}
}

func (c *counts) addCall(agent, team string, result score.Result) {
	if team != "" && result.Normalised != nil {
		c.addTeam(team, result.Verdict, 1)
	}
	if agent == "" {
		return
	}
	for _, v := range violationsOf("", result) {
		c.addBroken(Broken{Agent: agent, Team: team, Rule: v.Rule, Severity: score.Severity(v.Severity), Veto: v.Veto, Calls: 1})
	}
}

// tally returns the counts in order of agent and rule, and of team.
func (c *counts) tally() Tally {
	var t Tally
	for b, n := range c.broken {
		b.Calls = n
		t.Broken = append(t.Broken, b)
	}
	slices.SortFunc(t.Broken, func(a, b Broken) int {
		return cmp.Or(cmp.Compare(a.Agent, b.Agent), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Team, b.Team),
			cmp.Compare(a.Severity, b.Severity), cmp.Compare(index(a.Veto), index(b.Veto)))
	})
	for _, team := range c.teams {
		t.Teams = append(t.Teams, *team)
	}
	slices.SortFunc(t.Teams, func(a, b TeamCalls) int { return cmp.Compare(a.Team, b.Team) })
	return t
}

func index(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
