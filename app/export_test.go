package app

import (
	"context"

	"github.com/zhijian-qa/zhijian/monitor"
	"github.com/zhijian-qa/zhijian/notify"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/worker"
)

// OpenSources opens what serve and worker have in common of the sources.
func (e Env) OpenSources(ctx context.Context) error {
	_, err := e.openSources(ctx)
	return err
}

// RegisterBuild registers the metric of what the program is made of.
func (e Env) RegisterBuild(model string, rules *worker.Rules) { e.registerBuild(model, rules) }

// FindCalls finds the calls that an alert with these labels counts.
func (e Env) FindCalls(ctx context.Context, st *store.Store, agents *monitor.Agents, agent, rule, window string) ([]notify.CallLine, error) {
	return callFinder{env: e, store: st, agents: agents}.find(ctx, agent, rule, window, 10)
}
