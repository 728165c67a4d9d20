package monitor

import (
	"cmp"
	"slices"
	"time"

	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
)

// The metrics that are made of counts, by the short names that metric labels have.
const (
	violations = "agent_violations"
	vetoes     = "agent_vetoes"
	teamCalls  = "team_calls"
)

var countedMetrics = []string{violations, vetoes, teamCalls}

// key is a series. Fields that its metric has no label for are empty.
type key struct {
	metric, agent, team, rule, severity, verdict, window string
}

// value is the count of a series and the window that it was counted in.
type value struct {
	count  int
	window window
}

// snapshot is what is exposed from one refresh to the next.
type snapshot struct {
	at     time.Time // zero before the first refresh
	series map[key]value
	agents map[string]map[string]bool // by their labels
}

func newSnapshot() *snapshot {
	return &snapshot{series: make(map[key]value), agents: make(map[string]map[string]bool)}
}

// take adds the counts of a window. Where several windows of a kind count, an agent's highest count shows,
// and of a team the latest window.
func (s *snapshot) take(sum *sum) {
	for agent, label := range sum.labels {
		if s.agents[label] == nil {
			s.agents[label] = make(map[string]bool)
		}
		s.agents[label][agent] = true
	}
	for b, n := range sum.broken {
		k := key{metric: violations, agent: b.agent, team: sum.team(b.agent), rule: b.rule, severity: b.severity, window: sum.window.kind}
		s.raise(k, value{n, sum.window})
	}
	for b, n := range sum.vetoes {
		k := key{metric: vetoes, agent: b.agent, team: sum.team(b.agent), rule: b.rule, window: sum.window.kind}
		s.raise(k, value{n, sum.window})
	}
	for team, calls := range sum.teams {
		for verdict, n := range map[score.Verdict]int{score.VerdictPass: calls.Pass, score.VerdictFail: calls.Fail, score.VerdictReview: calls.Review} {
			k := key{metric: teamCalls, team: team, verdict: string(verdict), window: sum.window.kind}
			if old, known := s.series[k]; !known || old.window.start.Before(sum.window.start) {
				s.series[k] = value{n, sum.window}
			}
		}
	}
}

func (s *snapshot) raise(k key, v value) {
	if old, known := s.series[k]; !known || v.count > old.count || v.count == old.count && v.window.start.After(old.window.start) {
		s.series[k] = v
	}
}

// cap leaves the most series of each metric that matter and returns those that it left out.
func (s *snapshot) cap(most int) map[key]bool {
	left := make(map[key]bool)
	for _, metric := range countedMetrics {
		var keys []key
		for k := range s.series {
			if k.metric == metric {
				keys = append(keys, k)
			}
		}
		if len(keys) <= most {
			continue
		}
		slices.SortFunc(keys, s.byWeight)
		for _, k := range keys[most:] {
			left[k] = true
			delete(s.series, k)
		}
	}
	return left
}

// byWeight orders the gravest and most frequent first, and nothing by chance.
func (s *snapshot) byWeight(a, b key) int {
	return cmp.Or(
		cmp.Compare(gravity(b), gravity(a)), cmp.Compare(s.series[b].count, s.series[a].count),
		cmp.Compare(a.agent, b.agent), cmp.Compare(a.team, b.team), cmp.Compare(a.rule, b.rule),
		cmp.Compare(a.window, b.window), cmp.Compare(a.verdict, b.verdict),
	)
}

func gravity(k key) int {
	return slices.Index([]string{string(score.SeverityMinor), string(score.SeveritySerious), string(score.SeverityCritical)}, k.severity)
}

// fault is a rule that an agent broke.
type fault struct{ agent, rule, severity string }

// sum is what the days of a window come to.
type sum struct {
	window         window
	label          *labeller
	labels         map[string]string // of agents
	broken, vetoes map[fault]int     // of vetoes without severity
	teams          map[string]store.TeamCalls
	memberships    map[[2]string]int // agent and team
	members        map[string]string // agent to team, made when it is asked for
}

func newSum(w window, label *labeller) *sum {
	return &sum{
		window: w, label: label, labels: make(map[string]string), broken: make(map[fault]int), vetoes: make(map[fault]int),
		teams: make(map[string]store.TeamCalls), memberships: make(map[[2]string]int),
	}
}

func (s *sum) add(tally store.Tally) {
	for _, b := range tally.Broken {
		agent, known := s.labels[b.Agent]
		if !known {
			agent = s.label.of(b.Agent)
			s.labels[b.Agent] = agent
		}
		s.broken[fault{agent, b.Rule, string(b.Severity)}] += b.Calls
		if b.Veto {
			s.vetoes[fault{agent: agent, rule: b.Rule}] += b.Calls
		}
		s.memberships[[2]string{agent, plain(b.Team)}] += b.Calls
	}
	for _, t := range tally.Teams {
		team := plain(t.Team)
		all := s.teams[team]
		s.teams[team] = store.TeamCalls{Team: team, Pass: all.Pass + t.Pass, Fail: all.Fail + t.Fail, Review: all.Review + t.Review}
	}
}

// team returns the team of an agent: the one that most of its violations name. Where calls differ in the
// team, or lack it, an agent's violations must add up all the same.
func (s *sum) team(agent string) string {
	if s.members == nil {
		s.members = make(map[string]string)
		best := make(map[string]int)
		for member, n := range s.memberships {
			agent, team := member[0], member[1]
			if team != "" && (n > best[agent] || n == best[agent] && team < s.members[agent]) {
				s.members[agent], best[agent] = team, n
			}
		}
	}
	return s.members[agent]
}
