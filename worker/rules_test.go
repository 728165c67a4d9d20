package worker_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store/storetest"
	"github.com/zhijian-qa/zhijian/worker"
)

// Word lists are loaded anew, again and again, while calls are scored: each call is scored whole by one
// revision of the rules, and a file with a fault changes nothing.
func TestRulesReloadWhileCallsAreScored(t *testing.T) {
	t.Parallel()
	first, err := lexicon.Load(lexicon.Config{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(first.Close)
	path := filepath.Join(t.TempDir(), "lists.yaml")
	cardFile := filepath.Join(t.TempDir(), "card.yaml")
	write(t, cardFile, "name: mine\nzh: 我的\nrules:\n  - {id: mine.rule, zh: 我的, kind: must_not_say, lists: [mine], per_hit: 5, points: 5}\n")
	write(t, path, lists("和平路"))
	rules, err := worker.NewRules(func() (*score.Scorer, error) {
		lex, err := lexicon.Load(lexicon.Config{Segmenter: first.Segmenter(), Paths: []string{path}})
		if err != nil {
			return nil, err
		}
		card, err := score.LoadScorecard(cardFile)
		if err != nil {
			return nil, err
		}
		return score.New(lex, card, score.Config{})
	})
	if err != nil {
		t.Fatal(err)
	}
	talk := storetest.Talk(1, 400)
	want := map[string]float64{}
	remember := func() {
		scorer := rules.Scorer()
		want[scorer.Revision()] = scorer.Score(talk.Recording, talk.Health, talk.Transcript).Score.Points
	}
	remember()
	write(t, path, lists("不会有人说的话"))
	if changed, err := rules.Reload(); err != nil || !changed {
		t.Fatalf("reload: changed %v, %v", changed, err)
	}
	remember()
	if changed, err := rules.Reload(); err != nil || changed {
		t.Errorf("the same files again: changed %v, %v", changed, err)
	}
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			for range 20 {
				scorer := rules.Scorer()
				got := scorer.Score(talk.Recording, talk.Health, talk.Transcript).Score
				if got.Revision != scorer.Revision() || got.Points != want[got.Revision] {
					t.Errorf("revision %s gives %v points, want %v", got.Revision, got.Points, want[got.Revision])
				}
			}
		})
	}
	for n := range 3 {
		write(t, path, lists([]string{"和平路", "不会有人说的话"}[n%2]))
		if _, err := rules.Reload(); err != nil {
			t.Error(err)
		}
	}
	write(t, path, "lists: 7")
	held := rules.Scorer()
	if _, err := rules.Reload(); err == nil || rules.Scorer() != held {
		t.Errorf("a file with a fault: %v, and the rules must stay", err)
	}
	group.Wait()
}

func TestRulesThatCannotBeLoadedAreAnError(t *testing.T) {
	t.Parallel()
	fault := errors.New("no such list")
	if _, err := worker.NewRules(func() (*score.Scorer, error) { return nil, fault }); !errors.Is(err, fault) {
		t.Errorf("got %v, want %v", err, fault)
	}
}

func lists(term string) string {
	return "lists:\n  - {name: mine, zh: 我的, en: Mine, terms: [" + term + "]}\n"
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestReloadsAreCounted(t *testing.T) {
	t.Parallel()
	var fault error
	rules, err := worker.NewRules(func() (*score.Scorer, error) { return new(score.Scorer), fault })
	if err != nil {
		t.Fatal(err)
	}
	registry := prometheus.NewPedanticRegistry()
	rules.Instrument(registry)
	want := func(success float64) {
		t.Helper()
		families, err := registry.Gather()
		if err != nil || len(families) != 2 {
			t.Fatalf("got %d metrics, %v", len(families), err)
		}
		if got := families[0].GetMetric()[0].GetGauge().GetValue(); got != success {
			t.Errorf("%s: got %g, want %g", families[0].GetName(), got, success)
		}
	}
	want(1)
	fault = errors.New("a fault")
	if _, err := rules.Reload(); err == nil {
		t.Error("a fault is no error")
	}
	want(0)
	fault = nil
	if _, err := rules.Reload(); err != nil {
		t.Error(err)
	}
	want(1)
}

// The counters of a rule that comes with a reload start at 0, so that the first call that breaks it counts as an
// increase.
func TestMetricsFollowTheRules(t *testing.T) {
	t.Parallel()
	lex, err := lexicon.Load(lexicon.Config{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lex.Close)
	cardFile := filepath.Join(t.TempDir(), "card.yaml")
	card := func(rule string) string {
		return "name: mine\nzh: 我的\nrules:\n  - {id: " + rule + ", zh: 我的, kind: must_not_say, lists: [informal_you], per_hit: 5, points: 5}\n"
	}
	write(t, cardFile, card("mine.old"))
	rules, err := worker.NewRules(func() (*score.Scorer, error) {
		card, err := score.LoadScorecard(cardFile)
		if err != nil {
			return nil, err
		}
		return score.New(lex, card, score.Config{})
	})
	if err != nil {
		t.Fatal(err)
	}
	registry := prometheus.NewPedanticRegistry()
	worker.NewReloadingPipeline(nil, rules, worker.Config{Registerer: registry})
	counted := func() (names []string) {
		families, err := registry.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, family := range families {
			if family.GetName() != "zhijian_abstentions_total" {
				continue
			}
			for _, m := range family.GetMetric() {
				names = append(names, m.GetLabel()[0].GetValue())
			}
		}
		return names
	}
	if got := counted(); !slices.Equal(got, []string{"mine.old"}) {
		t.Errorf("got %v, want the one rule", got)
	}
	write(t, cardFile, card("mine.new"))
	if changed, err := rules.Reload(); err != nil || !changed {
		t.Fatalf("reload: changed %v, %v", changed, err)
	}
	if got := counted(); !slices.Contains(got, "mine.new") {
		t.Errorf("got %v after the reload, want the new rule among them", got)
	}
}
