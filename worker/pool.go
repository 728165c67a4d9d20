package worker

import (
	"context"
	"fmt"
	"io"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/transcribe"
)

// Recogniser is an engine that is given back when its worker ends.
type Recogniser interface {
	transcribe.Engine
	io.Closer
}

// Pool works on many recordings at once, each worker with a recogniser of its own.
type Pool struct {
	Pipeline  *Pipeline
	Workers   int                        // at least 1
	NewEngine func() (Recogniser, error) // called once a worker
}

// Run works on items and calls report for each as it is done, from one goroutine at a time. It
// returns when all are done, or soon after ctx ends or the store fails, with that error; then what is
// unfinished has left no trace and is worked on by the next run.
func (p *Pool) Run(ctx context.Context, items []source.Item, report func(Done)) error {
	engines, err := p.engines(len(items))
	defer closeAll(engines)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	todo, finished := make(chan source.Item), make(chan Done)
	group.Go(func() error {
		defer close(todo)
		return feed(ctx, items, todo)
	})
	var working sync.WaitGroup
	for _, engine := range engines {
		working.Add(1)
		group.Go(func() error {
			defer working.Done()
			return p.work(ctx, engine, todo, finished)
		})
	}
	go func() { working.Wait(); close(finished) }()
	for done := range finished {
		report(done)
	}
	return group.Wait()
}

// engines starts a recogniser for each worker. When there is no room for all of them, it makes do with
// fewer.
func (p *Pool) engines(items int) ([]Recogniser, error) {
	var engines []Recogniser
	for range max(1, min(p.Workers, items)) {
		engine, err := p.NewEngine()
		switch {
		case err == nil:
			engines = append(engines, engine)
		case len(engines) == 0:
			return nil, fmt.Errorf("start recogniser: %w", err)
		default:
			p.Pipeline.cfg.Log.Warn("fewer workers than asked for", "workers", len(engines), "error", err.Error())
			return engines, nil
		}
	}
	return engines, nil
}

func closeAll(engines []Recogniser) {
	for _, engine := range engines {
		_ = engine.Close() // nothing is lost with it
	}
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

func (p *Pool) work(ctx context.Context, engine Recogniser, todo <-chan source.Item, finished chan<- Done) error {
	transcriber := transcribe.New(engine, p.Pipeline.cfg.Transcribe)
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
