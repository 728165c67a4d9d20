package monitor_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/monitor"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/store/storetest"
)

// rule is what the agents of all sample calls break.
const rule = "forbidden.internal_complaint"

func shanghai(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func openStore(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "zhijian.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// save keeps calls of an agent that began at the times given.
func save(t *testing.T, s *store.Store, first int, agent string, starts ...time.Time) {
	t.Helper()
	for i, at := range starts {
		rec := storetest.Sample(first + i)
		rec.Recording.StartedAt, rec.Recording.Agent, rec.Recording.Team = at, agent, "报修组"
		keep(t, s, rec)
	}
}

func keep(t *testing.T, s *store.Store, rec score.Record) {
	t.Helper()
	if err := s.SaveTranscript(t.Context(), rec.Recording, rec.Health, rec.Transcript); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveResult(t.Context(), rec); err != nil {
		t.Fatal(err)
	}
}

// watch returns a counter whose clock shows at, and what its metrics say after a refresh.
func watch(t *testing.T, s *store.Store, at time.Time, change func(*monitor.Config)) (*monitor.Agents, func(name string) []string) {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	cfg := monitor.Config{Zone: shanghai(t), Registerer: registry, Now: func() time.Time { return at }}
	if change != nil {
		change(&cfg)
	}
	agents := monitor.New(s, cfg)
	return agents, func(name string) []string {
		t.Helper()
		if err := agents.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		return series(t, registry, name)
	}
}

// series returns the series of a metric as text, in order.
func series(t *testing.T, registry *prometheus.Registry, name string) []string {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, m := range family.GetMetric() {
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetValue())
			}
			got = append(got, fmt.Sprintf("%s %g", strings.Join(labels, " "), m.GetGauge().GetValue()+m.GetCounter().GetValue()))
		}
	}
	slices.Sort(got)
	return got
}

func wantSeries(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		t.Errorf("got (+) differs from want (-):\n%s", diff)
	}
}

// noon is the middle of today in Shanghai; tests reckon from it, since the store stamps rows with the real time.
func noon(t *testing.T) time.Time {
	now := time.Now().In(shanghai(t))
	return time.Date(now.Year(), now.Month(), now.Day(), 12, 0, 0, 0, now.Location())
}

func TestViolationsAreCountedByTheCallsOwnTime(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	midnight := time.Date(2025, 11, 22, 0, 0, 0, 0, shanghai(t)) // a Saturday
	// Friday has three, Saturday two, the Monday after one; all come now, long after.
	save(t, s, 0, "1031", midnight.Add(-time.Millisecond), midnight.Add(-time.Hour), midnight.Add(-24*time.Hour))
	save(t, s, 3, "1031", midnight, midnight.Add(24*time.Hour-time.Millisecond))
	save(t, s, 5, "1031", midnight.AddDate(0, 0, 2))
	_, counts := watch(t, s, time.Now(), nil)
	wantSeries(t, counts("zhijian_agent_violations"),
		"1031 "+rule+" serious 报修组 day 3", "1031 "+rule+" serious 报修组 month 6", "1031 "+rule+" serious 报修组 week 5")
	wantSeries(t, counts("zhijian_agent_vetoes"))
	wantSeries(t, counts("zhijian_team_calls"),
		"报修组 fail day 0", "报修组 fail month 0", "报修组 fail week 0", "报修组 pass day 1", "报修组 pass month 6", "报修组 pass week 1",
		"报修组 review day 0", "报修组 review month 0", "报修组 review week 0")
	wantSeries(t, counts("zhijian_team_compliance_ratio"), "报修组 day 1", "报修组 month 1", "报修组 week 1")
}

// What came yesterday and is scored today alerts today, and rests when its time is over.
func TestAWindowThatIsOverCountsForASetTime(t *testing.T) {
	t.Parallel()
	s, today := openStore(t), noon(t)
	save(t, s, 0, "1031", today.AddDate(0, 0, -100), today.AddDate(0, 0, -100), today.AddDate(0, 0, -100))
	for _, test := range []struct {
		after time.Duration
		want  []string
	}{
		{0, []string{"day 3", "month 3", "week 3"}},
		{23 * time.Hour, []string{"day 3", "month 3", "week 3"}},
		{25 * time.Hour, nil},
	} {
		_, counts := watch(t, s, time.Now().Add(test.after), nil)
		var want []string
		for _, w := range test.want {
			want = append(want, "1031 "+rule+" serious 报修组 "+w)
		}
		wantSeries(t, counts("zhijian_agent_violations"), want...)
	}
	_, counts := watch(t, s, time.Now().Add(25*time.Hour), func(cfg *monitor.Config) { cfg.Keep = 48 * time.Hour })
	if got := counts("zhijian_agent_violations"); len(got) != 3 {
		t.Errorf("kept for 48 h: got %v", got)
	}
}

// Calls of old that are scored by new rules do not bring old windows back.
func TestScoringAnewBringsNothingBack(t *testing.T) {
	t.Parallel()
	s, today := openStore(t), noon(t)
	save(t, s, 0, "1031", today.AddDate(0, 0, -100))
	cfg := func(cfg *monitor.Config) { cfg.Keep = time.Millisecond }
	time.Sleep(5 * time.Millisecond)
	rec := storetest.Sample(0)
	rec.Recording.StartedAt, rec.Recording.Agent, rec.Recording.Team, rec.Score.Revision = today.AddDate(0, 0, -100), "1031", "报修组", "r2"
	keep(t, s, rec)
	_, counts := watch(t, s, time.Now(), cfg)
	wantSeries(t, counts("zhijian_agent_violations"))
}

// Every look takes up what has come since the last, and reads only days with changes.
func TestCountsFollowTheStore(t *testing.T) {
	t.Parallel()
	s, today := openStore(t), noon(t)
	agents, counts := watch(t, s, time.Now(), nil)
	wantSeries(t, counts("zhijian_agent_violations"))
	if counted, ok := agents.Window("1031", rule, monitor.Day); ok {
		t.Errorf("got a window from %v before there is a call", counted.First)
	}
	old := today.AddDate(0, 0, -70)
	save(t, s, 0, "1031", old, old)
	if got := counts("zhijian_agent_violations"); len(got) != 3 || !strings.HasSuffix(got[0], " day 2") {
		t.Errorf("got %v, want 2 a day", got)
	}
	got, ok := agents.Window("1031", rule, monitor.Day)
	if !ok || got.First.Format(time.DateOnly) != old.Format(time.DateOnly) || !got.First.Equal(got.Last) || !slices.Equal(got.Agents, []string{"1031"}) {
		t.Errorf("got the window %+v", got)
	}
	call, err := s.FindCall(t.Context(), storetest.Hash(1))
	if err != nil {
		t.Fatal(err)
	}
	decision, err := score.NewDecision(call.Score, rule, score.RulingReject)
	if err != nil {
		t.Fatal(err)
	}
	decision.By, decision.At = "李四", time.Now()
	if err := s.SaveDecision(t.Context(), storetest.Hash(1), decision); err != nil {
		t.Fatal(err)
	}
	if got := counts("zhijian_agent_violations"); len(got) != 3 || !strings.HasSuffix(got[0], " day 1") {
		t.Errorf("got %v, want 1 a day: a person took the other back", got)
	}
}

// What a wrong count would be made of is left out and counted.
func TestSeriesAreBounded(t *testing.T) {
	t.Parallel()
	s, today := openStore(t), noon(t)
	for agent := range 5 {
		starts := slices.Repeat([]time.Time{today.AddDate(0, 0, -70)}, agent+1)
		save(t, s, agent*10, fmt.Sprint(1000+agent), starts...)
	}
	_, counts := watch(t, s, time.Now(), func(cfg *monitor.Config) { cfg.MostSeries = 7 })
	got := counts("zhijian_agent_violations")
	if len(got) != 7 || strings.Contains(strings.Join(got, "\n"), "1000 ") {
		t.Errorf("got %v, want the 7 highest", got)
	}
	for range 2 { // another look leaves the same out, which is not counted again
		wantSeries(t, counts("zhijian_series_left_out_total"), "agent_vetoes 0", "agent_violations 8", "team_calls 2")
	}
}

func TestLabelsHoldNoNames(t *testing.T) {
	t.Parallel()
	s, today := openStore(t), noon(t)
	plain := []string{"1031", "A-7.b_2", strings.Repeat("9", 15)}
	hidden := []string{
		"王芳", "阿布都·热西提", "张三1031", "张 三", "Zhang San", "13800138000", "138-0013-8000", "8613800138000", "+86 10 6612 3456", "01066123456",
		"11010519491231002X", "\xff坐席1031", strings.Repeat("a", 65),
	}
	for i, agent := range append(plain, hidden...) {
		save(t, s, i*10, agent, today)
	}
	agents, counts := watch(t, s, time.Now(), nil)
	labels := map[string]bool{}
	for _, line := range counts("zhijian_agent_violations") {
		label := strings.TrimSuffix(line[:strings.Index(line, rule)], " ")
		labels[label] = true
		counted, ok := agents.Window(label, rule, monitor.Day)
		if !ok || len(counted.Agents) != 1 {
			t.Fatalf("%q: got %+v, %v, want the agent behind it", label, counted, ok)
		}
		switch agent := counted.Agents[0]; {
		case slices.Contains(plain, agent):
			if label != agent {
				t.Errorf("%q is shown as %q, want it as it is", agent, label)
			}
		case !regexp.MustCompile(`^#[0-9a-f]{12}$`).MatchString(label):
			t.Errorf("%q is shown as %q, want a hash", agent, label)
		}
	}
	if len(labels) != len(plain)+len(hidden) {
		t.Errorf("got %d labels, want %d: %v", len(labels), len(plain)+len(hidden), labels)
	}
}

// A hidden agent's label is the same after a restart, and another one in another installation: without its secret
// nobody can try names or numbers until one fits.
func TestHiddenLabelsBelongToAnInstallation(t *testing.T) {
	t.Parallel()
	shown := func(s *store.Store) string {
		_, counts := watch(t, s, time.Now(), nil)
		got := counts("zhijian_agent_violations")
		if len(got) == 0 || got[0][0] != '#' {
			t.Fatalf("got %v, want a hidden agent", got)
		}
		return got[0]
	}
	one, other := openStore(t), openStore(t)
	save(t, one, 0, "13800138000", noon(t))
	save(t, other, 0, "13800138000", noon(t))
	if first, again := shown(one), shown(one); first != again {
		t.Errorf("got %s, then %s", first, again)
	}
	if shown(one) == shown(other) {
		t.Error("two installations show the same")
	}
}
