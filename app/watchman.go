package app

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/monitor"
	"github.com/zhijian-qa/zhijian/notify"
	"github.com/zhijian-qa/zhijian/queue"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/web"
	"github.com/zhijian-qa/zhijian/worker"
)

// alert counts violations of agents and what waits in the queue for metrics, and, where alert settings are
// set, lets api bring alerts to robots. The paths below /alerts/ look after who may use them themselves:
// Alertmanager by the token of the alert settings, people by signed links.
func (s *service) alert(api *web.Server) (*monitor.Agents, error) {
	e := s.env
	agents := monitor.New(s.store, monitor.Config{
		Zone: e.zone(), Keep: e.Config.AlertKeep, MostSeries: e.Config.AlertSeries, Log: e.Log, Registerer: e.Registerer,
	})
	monitor.WatchQueue(s.store, lanes(), e.Log, e.Registerer)
	if e.Config.AlertFile == "" {
		return agents, nil
	}
	settings, err := notify.Load(e.Config.AlertFile)
	if err != nil {
		return nil, err
	}
	finder := callFinder{env: e, store: s.store, agents: agents}
	bridge := notify.NewBridge(settings, notify.Config{
		Words: notify.Words{Rule: ruleNames(s.rules), Span: func(agent, rule, window string) (string, string) {
			return span(agents.Window(agent, rule, window))
		}},
		Calls: finder.find, Log: e.Log, Registerer: e.Registerer, Zone: e.zone(),
	})
	api.Handle("/alerts/", web.Limit(bridge))
	return agents, nil
}

// lanes are the names of the queue's lanes.
func lanes() []string {
	var names []string
	for _, lane := range queue.Lanes() {
		names = append(names, string(lane))
	}
	return names
}

// followEvery is how often the files of word lists and scorecards are looked at.
const followEvery = 2 * time.Second

// followRules loads word lists and scorecards anew when their files change, until ctx ends. Those of before
// stay where the new ones have a fault.
func (s *service) followRules(ctx context.Context) error {
	ticker := time.NewTicker(followEvery)
	defer ticker.Stop()
	before := s.env.watched()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		now := s.env.watched()
		if slices.Equal(before, now) {
			continue
		}
		before = now
		switch changed, err := s.rules.Reload(); {
		case err != nil:
			s.env.Log.Error("rules not loaded: those of before are used", slog.String("error", err.Error()))
		case changed:
			s.env.Log.Info("rules loaded", slog.String("revision", s.rules.Scorer().Revision()))
		}
	}
}

// ruleNames names rules by the scorecard of the day, or else by the built-in ones.
func ruleNames(rules *worker.Rules) func(id string) (zh, en string) {
	builtIn := map[string]score.Name{}
	if names, err := score.Catalogue(); err == nil { // tests hold it to be readable
		for _, name := range names {
			if name.Kind == "rule" {
				builtIn[name.ID] = name
			}
		}
	}
	return func(id string) (zh, en string) {
		if zh, en := rules.Scorer().Scorecard().RuleName(id); zh != "" {
			return zh, en
		}
		return builtIn[id].ZH, builtIn[id].EN
	}
}

// span says which days a window has, in Chinese and English.
func span(counted monitor.Counted, ok bool) (zh, en string) {
	first, last := counted.First, counted.Last
	switch {
	case !ok:
		return "", ""
	case first.Equal(last):
		return first.Format(time.DateOnly), "on " + first.Format(time.DateOnly)
	}
	days := first.Format(time.DateOnly) + " – " + last.Format(time.DateOnly)
	return days, days
}

// callFinder finds the calls that an alert counts.
type callFinder struct {
	env    Env
	store  *store.Store
	agents *monitor.Agents
}

// find returns calls of the agents that the label agent stands for.
func (f callFinder) find(ctx context.Context, agent, rule, window string, limit int) ([]notify.CallLine, error) {
	counted, ok := f.agents.Window(agent, rule, window)
	if !ok {
		return nil, nil
	}
	filter := store.CallFilter{Agents: counted.Agents, Since: counted.First, Until: counted.Last.AddDate(0, 0, 1)}
	var lines []notify.CallLine
	for rec, err := range f.store.Calls(ctx, filter) {
		if err != nil {
			return nil, err
		}
		for _, c := range rec.Score.Criteria {
			if c.Rule == rule && c.Outcome == score.OutcomeFail {
				lines = append(lines, f.line(rec, c))
			}
		}
		if len(lines) >= limit {
			break
		}
	}
	return lines, nil
}

// line shows a call with personal data masked, whatever the settings: it leaves for people's browsers.
func (f callFinder) line(rec score.Record, c score.Criterion) notify.CallLine {
	masked := Env{}.hide()
	line := notify.CallLine{ID: rec.Recording.ID, Started: rec.Recording.StartedAt.In(f.env.zone()), Note: masked(c.Note)}
	if len(c.Evidence) > 0 {
		line.Quote = masked(c.Evidence[0].Quote)
	}
	return line
}

// registerBuild tells by a metric what the program is made of.
func (e Env) registerBuild(model string, rules *worker.Rules) {
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "zhijian_build_info", Help: "1, with the version of the program, its speech model and its scorecard.",
	}, []string{"version", "model", "scorecard"})
	e.Registerer.MustRegister(build)
	var shown string
	rules.Follow(func(s *score.Scorer) {
		card := s.Scorecard().Name() + "@" + s.Scorecard().Hash()
		build.WithLabelValues(e.Version, model, card).Set(1)
		if shown != card {
			build.DeleteLabelValues(e.Version, model, shown)
		}
		shown = card
	})
}
