package worker

import (
	"context"
	"fmt"
	"io"

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
// returns when all are done, or soon after ctx ends, with ctx's error; then what is unfinished has
// left no trace and is worked on by the next run.
func (p *Pool) Run(ctx context.Context, items []source.Item, report func(Done)) error {
	group, ctx := errgroup.WithContext(ctx)
	todo, finished := make(chan source.Item), make(chan Done)
	group.Go(func() error {
		defer close(todo)
		return feed(ctx, items, todo)
	})
	workers, _ := errgroup.WithContext(ctx)
	for range max(1, min(p.Workers, len(items))) {
		workers.Go(func() error { return p.work(ctx, todo, finished) })
	}
	group.Go(func() error {
		defer close(finished)
		return workers.Wait()
	})
	for done := range finished {
		report(done)
	}
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

func (p *Pool) work(ctx context.Context, todo <-chan source.Item, finished chan<- Done) error {
	engine, err := p.NewEngine()
	if err != nil {
		return fmt.Errorf("start recogniser: %w", err)
	}
	defer engine.Close()
	transcriber := transcribe.New(engine, p.Pipeline.cfg.Transcribe)
	for item := range todo {
		done := p.Pipeline.Process(ctx, transcriber, item)
		if err := ctx.Err(); err != nil && done.Err != nil {
			return err
		}
		finished <- done
	}
	return nil
}
