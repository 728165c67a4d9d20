package app_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/monitor"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/store/storetest"
	"github.com/zhijian-qa/zhijian/worker"
)

// gathered returns the series of the metrics whose names begin so, each as the values of its labels.
func gathered(t *testing.T, b *bench, prefix string) (series []string) {
	t.Helper()
	families, err := b.Registerer.(*prometheus.Registry).Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if !strings.HasPrefix(family.GetName(), prefix) {
			continue
		}
		for _, m := range family.GetMetric() {
			var labels []string
			for _, label := range m.GetLabel() {
				labels = append(labels, label.GetValue())
			}
			series = append(series, strings.Join(labels, " "))
		}
	}
	return series
}

// A worker looks at no source, so it must not say when the last recording came: that would silence the alert on a
// source that is silent.
func TestAWorkerTellsNothingOfSources(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *config.Config) {
		c.Sources = []config.Source{{Name: "pbx", URL: "file://" + t.TempDir() + "?", When: "settled"}}
	})
	if err := b.OpenSources(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := gathered(t, b, "zhijian_source_"); len(got) != 0 {
		t.Errorf("got %v, want none", got)
	}
}

// An address for metrics that is that of the API is none of its own.
func TestHealthOverTLSAtOneAddress(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			w.WriteHeader(http.StatusNotFound)
		}
	})
	address := server.Listener.Addr().String()
	for _, metrics := range []string{"", address} {
		b := setup(t, func(c *config.Config) { c.Listen, c.MetricsListen, c.TLSCert = address, metrics, "set" })
		if err := app.Health(t.Context(), b.Env); err != nil {
			t.Errorf("metrics at %q: %v", metrics, err)
		}
	}
}

// What the program is made of follows a reload of the rules.
func TestBuildInfoFollowsTheRules(t *testing.T) {
	t.Parallel()
	lex, err := lexicon.Load(lexicon.Config{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lex.Close)
	file := filepath.Join(t.TempDir(), "card.yaml")
	save := func(name string) {
		text := "name: " + name + "\nzh: 我的\nrules:\n  - {id: mine.rule, zh: 我的, kind: must_not_say, lists: [informal_you], per_hit: 5, points: 5}\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	save("old")
	rules, err := worker.NewRules(func() (*score.Scorer, error) {
		card, err := score.LoadScorecard(file)
		if err != nil {
			return nil, err
		}
		return score.New(lex, card, score.Config{})
	})
	if err != nil {
		t.Fatal(err)
	}
	b := setup(t)
	b.RegisterBuild("demo", rules)
	for _, name := range []string{"old", "new", "new"} {
		save(name)
		if _, err := rules.Reload(); err != nil {
			t.Fatal(err)
		}
		if got := gathered(t, b, "zhijian_build_info"); len(got) != 1 || !strings.HasPrefix(got[0], "demo "+name+"@") {
			t.Errorf("got %v, want the scorecard %s alone", got, name)
		}
	}
}

// The page of an alert shows the calls of an agent whose label is a hash.
func TestCallsOfAHiddenAgentAreFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "zhijian.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for i, agent := range []string{"王芳", "1031"} {
		rec := storetest.Sample(i)
		rec.Recording.Agent, rec.Recording.StartedAt = agent, time.Now()
		if err := st.SaveTranscript(t.Context(), rec.Recording, rec.Health, rec.Transcript); err != nil {
			t.Fatal(err)
		}
		if err := st.SaveResult(t.Context(), rec); err != nil {
			t.Fatal(err)
		}
	}
	agents := monitor.New(st, monitor.Config{Registerer: b.Registerer})
	if err := agents.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	labels := map[string]bool{}
	for _, series := range gathered(t, b, "zhijian_agent_violations") {
		label, rest, _ := strings.Cut(series, " ")
		rule, _, _ := strings.Cut(rest, " ")
		labels[label] = true
		found, err := b.FindCalls(t.Context(), st, agents, label, rule, monitor.Day)
		want := map[bool]string{true: storetest.Sample(1).Recording.ID, false: storetest.Sample(0).Recording.ID}[label == "1031"]
		if err != nil || len(found) != 1 || found[0].ID != want {
			t.Errorf("%s: got %+v, %v; want the call %s", label, found, err, want)
		}
	}
	if len(labels) != 2 || labels["王芳"] {
		t.Errorf("got the labels %v, want a hash and 1031", labels)
	}
}
