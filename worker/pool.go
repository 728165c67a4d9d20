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
// and on ahead more, which are read and scored while the others are recognised. Where there are fewer recordings, a
// recording has several recognisers.
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
	crew, err := p.open(ctx, min(p.Workers, len(items)))
	if err != nil {
		return err
	}
	defer crew.Close()
	return crew.Run(ctx, items, report)
}

// Open starts all recognisers of the pool, for work that goes on.
func (p *Pool) Open(ctx context.Context) (*Crew, error) { return p.open(ctx, p.Workers) }

func (p *Pool) open(ctx context.Context, workers int) (*Crew, error) {
	engines, err := OpenEngines(ctx, workers, p.Workers, p.NewEngine, p.Pipeline.cfg.Log)
	if err != nil {
		return nil, err
	}
	return &Crew{pipeline: p.Pipeline, engines: engines, size: engines.Size()}, nil
}

// Crew is a pool whose recognisers are started. Several runs may share it.
type Crew struct {
	pipeline *Pipeline
	engines  *Engines
	size     int
}

// Size returns how many recognisers were started at first: so many calls, and a few more, are worked on at once.
func (c *Crew) Size() int { return c.size }

// Close ends the recognisers. Nothing may be at work.
func (c *Crew) Close() { _ = c.engines.Close() }

// Run works on items as Pool.Run does.
func (c *Crew) Run(ctx context.Context, items []source.Item, report func(Done)) error {
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	todo, finished := make(chan source.Item), make(chan Done)
	group.Go(func() error {
		defer close(todo)
		return feed(ctx, items, todo)
	})
	var working sync.WaitGroup
	for range c.Size() + ahead {
		working.Add(1)
		group.Go(func() error {
			defer working.Done()
			return c.work(ctx, todo, finished)
		})
	}
	go func() { working.Wait(); close(finished) }()
	for done := range finished {
		report(done)
	}
	c.pipeline.cfg.Log.Info("all calls done", slog.Int("workers", c.engines.Size()),
		slog.Int64("pool_ms", int64(c.engines.Size())*time.Since(began).Milliseconds()))
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

// NewProcess returns what takes one recording at a time all the way, in whichever recognisers are free.
func (c *Crew) NewProcess() Process {
	transcriber := transcribe.NewShared(c.engines.ForCall(), c.pipeline.cfg.Transcribe)
	return func(ctx context.Context, item source.Item) Done { return c.pipeline.Process(ctx, transcriber, item) }
}

func (c *Crew) work(ctx context.Context, todo <-chan source.Item, finished chan<- Done) error {
	process := c.NewProcess()
	for item := range todo {
		done := process(ctx, item)
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
