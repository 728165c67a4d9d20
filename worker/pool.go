package worker

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/transcribe"
)

// Pool works on many recordings at once: on as many as there are workers, each of which is a recogniser,
// and on ahead more, which are read and scored while the others are recognised.
type Pool struct {
	Pipeline  *Pipeline
	Workers   int                        // at least 1
	NewEngine func() (Recogniser, error) // called once a worker
}

// ahead is how many calls there are at work beside those in the recognisers.
const ahead = 1

// Run works on items and calls report for each as it is done, from one goroutine at a time. It
// returns when all are done, or soon after ctx ends or the store fails, with that error; then what is
// unfinished has left no trace and is worked on by the next run.
func (p *Pool) Run(ctx context.Context, items []source.Item, report func(Done)) error {
	engines, err := p.openEngines(len(items))
	if err != nil {
		return err
	}
	defer engines.close()
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	todo, finished := make(chan source.Item), make(chan Done)
	group.Go(func() error {
		defer close(todo)
		return feed(ctx, items, todo)
	})
	var working sync.WaitGroup
	for range len(engines.all) + ahead {
		working.Add(1)
		group.Go(func() error {
			defer working.Done()
			return p.work(ctx, engines, todo, finished)
		})
	}
	go func() { working.Wait(); close(finished) }()
	for done := range finished {
		report(done)
	}
	p.Pipeline.cfg.Log.Info("all calls done", slog.Int("workers", len(engines.all)),
		slog.Int64("pool_ms", int64(len(engines.all))*time.Since(began).Milliseconds()))
	return group.Wait()
}

func feed(ctx context.Context, items []source.Item, todo chan<- source.Item) error {
	for _, item := range items {
		select {
		case todo <- item:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (p *Pool) work(ctx context.Context, engines *engines, todo <-chan source.Item, finished chan<- Done) error {
	transcriber := transcribe.NewShared(engines, p.Pipeline.cfg.Transcribe)
	for item := range todo {
		done := p.Pipeline.Process(ctx, transcriber, item)
		switch {
		case done.Err != nil && ctx.Err() != nil:
			return ctx.Err()
		case isStoppage(done.Err):
			return done.Err
		}
		finished <- done
	}
	return nil
}
