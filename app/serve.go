package app

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/web"
)

// Serve takes recordings from the sources, scores them and answers requests, until ctx ends; then what is under
// way is finished, or handed back after drain_timeout.
func Serve(ctx context.Context, env Env) error {
	return env.asService(ctx, Env.openDoor, func(s *service, a access) error {
		api, observed := env.servers(a)
		if err := s.observe(observed, env.metricsAccess(a, observed == api)); err != nil {
			return err
		}
		s.sources.watcher = source.NewWatcher(s.sources.list, source.WatcherConfig{Every: env.Config.ScanEvery, Log: env.Log, Registerer: env.Registerer})
		if err := s.takeUploads(api, a); err != nil {
			return err
		}
		s.api().Register(api, a.guard)
		agents, err := s.alert(api)
		if err != nil {
			return err
		}
		servers := []*web.Server{api}
		if observed != api {
			servers = append(servers, observed)
		}
		return s.run(ctx, servers, s.watch, s.followRules, agents.Run)
	})
}

// Work works on the jobs of a queue that serve fills, until ctx ends.
func Work(ctx context.Context, env Env) error {
	if err := env.needShared(); err != nil {
		return err
	}
	env.Config.Listen = "" // a worker has no API
	noDoor := func(Env, context.Context, *closers) (*door, error) { return nil, nil }
	return env.asService(ctx, noDoor, func(s *service, a access) error {
		var servers []*web.Server
		if env.Config.MetricsListen != "" {
			observed := web.New(web.Config{Listen: env.Config.MetricsListen, Log: env.Log})
			if err := s.observe(observed, env.metricsAccess(a, false)); err != nil {
				return err
			}
			servers = append(servers, observed)
		}
		return s.run(ctx, servers, s.followRules)
	})
}

// asService opens what serve and worker have in common for use and closes it in the end. Being stopped while
// things are opened is no failure.
func (e Env) asService(ctx context.Context, openDoor func(Env, context.Context, *closers) (*door, error), use func(*service, access) error) (err error) {
	a, err := e.openAccess()
	if err != nil {
		return err
	}
	var open closers
	defer func() { err = joinClose(err, &open) }()
	if err := e.own(&open); err != nil {
		return err
	}
	s := &service{env: e, name: workerName()}
	if s.door, err = openDoor(e, ctx, &open); err != nil {
		return ended(ctx, err)
	}
	if err := s.open(ctx, &open); err != nil {
		return ended(ctx, err)
	}
	return use(s, a)
}

// run runs the consumer, the sweep, the servers and the others until ctx ends or one of them fails. Servers answer
// until the consumer has ended, so that what it does can be seen.
func (s *service) run(ctx context.Context, servers []*web.Server, others ...func(context.Context) error) error {
	for _, server := range servers {
		if err := server.Listen(ctx); err != nil {
			return ended(ctx, err)
		}
		s.env.say("监听 %s", "listening on %s", server.Addr())
	}
	consumer, err := s.consumer()
	if err != nil {
		return err
	}
	stop := ctx
	serving, endServing := context.WithCancel(context.WithoutCancel(ctx))
	defer endServing()
	group, ctx := errgroup.WithContext(ctx)
	context.AfterFunc(ctx, func() { s.stopping.Store(true) })
	if s.door != nil {
		s.door.open(s.inside(stop))
		group.Go(func() error { return s.door.serve(serving) })
	}
	for _, server := range servers {
		group.Go(func() error { return server.Run(serving) })
	}
	for _, other := range append(others, s.intake.Sweep) {
		group.Go(func() error { return ended(ctx, other(ctx)) })
	}
	group.Go(func() error {
		defer endServing()
		return consumer.Run(ctx)
	})
	s.env.say("%d 路识别已就绪", "%d recognisers are ready", s.crew.Size())
	err = group.Wait()
	s.handling.Wait()
	s.env.say("已停止", "stopped")
	return err
}

// ended drops the error that only says that ctx ended: stopping when asked to is no failure.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// watch offers what the sources have, until ctx ends.
func (s *service) watch(ctx context.Context) error {
	known := func(id string) bool {
		known, err := s.intake.Known(ctx, id)
		return err == nil && known // offering it once more changes nothing
	}
	return s.sources.watcher.Run(ctx, known, s.offer)
}

// offer puts an object down as a job. A queue that is away holds nothing up: the sweep publishes it later.
func (s *service) offer(ctx context.Context, object source.Object) error {
	_, err := s.intake.Offer(ctx, object)
	return err
}
