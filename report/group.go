package report

import (
	"cmp"
	"maps"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// Group is the figures of some calls: those of an agent, a team, a day or a week, or all.
type Group struct {
	Key        string      `json:"key,omitempty"`
	Name       string      `json:"name,omitempty"`
	Rank       int         `json:"rank,omitempty"` // from 1; 0 for those with too few calls, and where there is no ranking
	Calls      int         `json:"calls"`
	Scored     int         `json:"scored"` // calls that have a score
	Duration   call.Millis `json:"duration_ms"`
	Mean       *float64    `json:"mean_score"` // of the normalised scores
	Pass       int         `json:"pass"`
	Fail       int         `json:"fail"`
	Review     int         `json:"review"`
	Vetoed     int         `json:"vetoed"`
	Compliance *float64    `json:"compliance"`
	TalkRatio  *float64    `json:"agent_talk_ratio"` // mean over the calls where it can be told
	Violations int         `json:"violations"`
	TopFaults  []Fault     `json:"top_faults,omitempty"` // the most frequent violations, at most 3
}

// Fault is a rule and how often it was broken.
type Fault struct {
	Rule  string `json:"rule"`
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// topFaults is how many of a group's most frequent violations are named.
const topFaults = 3

// tally adds calls up.
type tally struct {
	calls, pass, fail, review, vetoed int
	duration                          call.Millis
	scored, passed, decided, rated    int
	scores, ratios                    float64
	faults                            map[string]*Fault
}

func (t *tally) add(c Call) {
	t.calls++
	t.duration += c.Duration
	switch c.Verdict {
	case score.VerdictPass:
		t.pass++
	case score.VerdictFail:
		t.fail++
	case score.VerdictReview:
		t.review++
	}
	if c.Vetoed {
		t.vetoed++
	}
	if c.Normalised != nil {
		t.scored++
		t.scores += *c.Normalised
		t.passed += index(c.Verdict == score.VerdictPass)
		t.decided += index(c.Verdict != score.VerdictReview)
	}
	if c.TalkRatio != nil {
		t.rated++
		t.ratios += *c.TalkRatio
	}
	for _, loss := range c.Lost {
		if loss.Outcome == score.OutcomeFail {
			t.addFault(loss)
		}
	}
}

func (t *tally) addFault(loss Loss) {
	if t.faults == nil {
		t.faults = make(map[string]*Fault)
	}
	if t.faults[loss.Rule] == nil {
		t.faults[loss.Rule] = &Fault{Rule: loss.Rule, Name: loss.Name}
	}
	t.faults[loss.Rule].Count++
}

func (t *tally) group(key, name string) Group {
	g := Group{
		Key: key, Name: name, Calls: t.calls, Scored: t.scored, Duration: t.duration, Vetoed: t.vetoed,
		Pass: t.pass, Fail: t.fail, Review: t.review,
		Mean: quotient(t.scores, t.scored), TalkRatio: quotient(t.ratios, t.rated),
		Compliance: quotient(float64(t.passed), t.decided),
	}
	for _, rule := range slices.Sorted(maps.Keys(t.faults)) {
		g.Violations += t.faults[rule].Count
		g.TopFaults = append(g.TopFaults, *t.faults[rule])
	}
	slices.SortStableFunc(g.TopFaults, func(a, b Fault) int { return cmp.Compare(b.Count, a.Count) })
	g.TopFaults = g.TopFaults[:min(topFaults, len(g.TopFaults))]
	return g
}

// quotient returns sum ÷ n, nil for n = 0.
func quotient(sum float64, n int) *float64 {
	if n == 0 {
		return nil
	}
	q := sum / float64(n)
	return &q
}

// tallies is a tally for each key.
type tallies struct {
	byKey map[string]*tally
	names map[string]string
}

func newTallies() *tallies {
	return &tallies{byKey: make(map[string]*tally), names: make(map[string]string)}
}

func (t *tallies) add(key, name string, c Call) {
	if t.byKey[key] == nil {
		t.byKey[key] = new(tally)
	}
	t.byKey[key].add(c)
	if name != "" {
		t.names[key] = name
	}
}

// groups returns a group for each key, in order of the keys. When there is only the empty key,
// the calls don't say, and there are none.
func (t *tallies) groups() []Group {
	groups := []Group{}
	if len(t.byKey) == 1 && t.byKey[""] != nil {
		return groups
	}
	for _, key := range slices.SortedFunc(maps.Keys(t.byKey), emptyLast) {
		groups = append(groups, t.byKey[key].group(key, t.names[key]))
	}
	return groups
}

// emptyLast orders keys with the empty one at the end.
func emptyLast(a, b string) int {
	return cmp.Or(cmp.Compare(index(a == ""), index(b == "")), cmp.Compare(a, b))
}

// rank puts the groups with at least minCalls scored calls and a key first, best mean first, and
// numbers them; equal means share a number. The others follow without one.
func rank(groups []Group, minCalls int) []Group {
	ranked := func(g Group) bool { return g.Key != "" && g.Scored >= max(minCalls, 1) }
	slices.SortStableFunc(groups, func(a, b Group) int {
		switch {
		case ranked(a) != ranked(b):
			return cmp.Compare(index(!ranked(a)), index(!ranked(b)))
		case ranked(a):
			return cmp.Compare(*b.Mean, *a.Mean)
		}
		return emptyLast(a.Key, b.Key)
	})
	for i := range groups {
		switch {
		case !ranked(groups[i]):
		case i > 0 && *groups[i].Mean == *groups[i-1].Mean:
			groups[i].Rank = groups[i-1].Rank
		default:
			groups[i].Rank = i + 1
		}
	}
	return groups
}

// index returns 1 for true.
func index(b bool) int {
	if b {
		return 1
	}
	return 0
}
