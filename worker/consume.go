package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/queue"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/store"
)

// Bucket is where the objects of one source are fetched from.
type Bucket interface {
	// Fetch returns the object as a recording with a local file, which may lie in dir. The function gives the
	// file back.
	Fetch(ctx context.Context, object source.Object, dir string) (source.Item, func() error, error)
	// Done moves an object that was worked on, where that is configured. One that is gone is no error.
	Done(ctx context.Context, object source.Object) error
	// Failed moves an object that was set aside, where that is configured. One that is gone is no error.
	Failed(ctx context.Context, object source.Object) error
}

// Consumer works on the jobs of a queue.
type Consumer struct {
	NewProcess  func() Process // what takes one recording all the way; called once for each that is at work at once
	Size        int            // so many at once, and one more
	Registerer  prometheus.Registerer
	Store       *store.Store
	Queue       *queue.Queue
	Buckets     map[string]Bucket // by the name of their source
	Name        string            // of this worker, another one in each process
	Scratch     string            // folder for what is fetched
	MaxAttempts int               // how often a job is begun before it is set aside; at least 1
	Drain       time.Duration     // how long calls may go on after ctx ends, before they are handed back
	Log         *slog.Logger
	metrics     *consumerMetrics
}

// Run works on jobs until ctx ends, on Size at once and one more, which takes
// short and urgent ones only, so that long ones never keep them waiting. Then it takes no more, and what is
// not finished within Drain is handed back. It fails with nothing that may pass: it waits for databases and
// queues that are away.
func (c *Consumer) Run(ctx context.Context) error {
	c.metrics = newConsumerMetrics(c.Registerer)
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	drained := context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(c.Drain, stop)
		context.AfterFunc(working, func() { timer.Stop() })
	})
	defer drained()
	var group errgroup.Group
	for i := range c.Size + ahead {
		lanes := queue.Lanes()
		if i >= c.Size {
			lanes = []queue.Lane{queue.Urgent, queue.Short}
		}
		group.Go(func() error { return c.take(ctx, working, lanes) })
	}
	return group.Wait()
}

// takePause is how long a worker waits after the queue could not be asked.
const takePause = time.Second

// take takes jobs until ctx ends and works on each until working ends.
func (c *Consumer) take(ctx, working context.Context, lanes []queue.Lane) error {
	process, taker := c.NewProcess(), c.Queue.Taker(lanes)
	for {
		message, err := taker.Take(ctx)
		if ctx.Err() != nil {
			if message != nil {
				_ = message.GiveBack(0) // it comes back by itself
			}
			return nil
		}
		if err != nil {
			c.Log.Warn("no message taken", slog.String("error", err.Error()))
			select {
			case <-ctx.Done():
			case <-time.After(takePause):
			}
			continue
		}
		c.handle(working, message, process)
	}
}

// handle works on the job of one message and says to store and queue what became of it.
func (c *Consumer) handle(ctx context.Context, message *queue.Message, process Process) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go message.Keep(ctx, func(err error) {
		c.Log.Warn("message not renewed", slog.String("job", message.ID), slog.String("error", err.Error()))
	})
	job, claimed, err := c.Store.Claim(ctx, message.ID, c.Name)
	switch {
	case errors.Is(err, call.ErrNotFound): // its row was deleted, or the queue is another installation's
		c.Log.Warn("message without a job", slog.String("job", message.ID))
		c.ack(ctx, message)
	case err != nil:
		c.giveBack(message, err)
	case !claimed:
		c.settle(ctx, message, job)
	case job.Attempts > c.MaxAttempts:
		c.setAside(ctx, message, job, reasonGaveUp(job))
	default:
		c.work(ctx, message, job, process)
	}
}

func (c *Consumer) work(ctx context.Context, message *queue.Message, job store.Job, process Process) {
	done, err := c.do(ctx, job, process)
	switch {
	case err == nil:
		c.finish(ctx, message, job, done)
	case ctx.Err() != nil:
		c.handBack(ctx, message, job)
	case passes(err) && job.Attempts < c.MaxAttempts:
		c.release(ctx, message, job, err)
	default:
		c.setAside(ctx, message, job, err)
	}
}

// do fetches the object of job and takes it all the way.
func (c *Consumer) do(ctx context.Context, job store.Job, process Process) (Done, error) {
	bucket, ok := c.Buckets[job.Source]
	if !ok {
		return Done{}, call.NewFault("unknown_source", fmt.Sprintf("no source %q is configured here", job.Source), nil)
	}
	item, clean, err := bucket.Fetch(ctx, objectOf(job), c.Scratch)
	if err != nil {
		return Done{}, fetchFault(err)
	}
	defer func() {
		if err := clean(); err != nil {
			c.Log.Warn("fetched file stays", slog.String("job", job.ID), slog.String("error", err.Error()))
		}
	}()
	item.Job = job.ID
	done := process(ctx, item)
	if IsErased(done.Err) {
		return done, nil
	}
	return done, done.Err
}

// objectOf returns the object that the job is about.
func objectOf(job store.Job) source.Object {
	return source.Object{
		Source: job.Source, Key: job.Key, Version: job.Version, Size: job.Size, ModTime: job.ModTime, Metadata: job.Metadata,
	}
}
