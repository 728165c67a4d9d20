package worker

import (
	"cmp"
	"context"
	"encoding/hex"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/zhijian-qa/zhijian/queue"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/store"
)

// Intake puts objects down as jobs and offers them to workers.
type Intake struct {
	Store  *store.Store
	Queue  *queue.Queue
	Urgent map[string]bool // by the name of a source: what it offers passes all others
	Long   int64           // size in bytes from which on a recording goes by the long lane. Defaults to 20 MB, ten minutes of 16-bit stereo at 8 kHz.
	Log    *slog.Logger

	resting atomic.Int64 // until when nothing is published, in Unix milliseconds
	mutex   sync.Mutex
	met     map[[16]byte]struct{} // IDs that are jobs
}

// defaultLong is what Intake.Long defaults to.
const defaultLong = 20_000_000

// lane returns the lane of an object.
func (i *Intake) lane(o source.Object) queue.Lane {
	switch {
	case i.Urgent[o.Source]:
		return queue.Urgent
	case o.Size >= cmp.Or(i.Long, defaultLong):
		return queue.Long
	}
	return queue.Short
}

// Offer puts down the objects that are not known and publishes them. It returns how many were new. An object
// that could not be published is a job all the same: the sweep publishes it.
func (i *Intake) Offer(ctx context.Context, objects ...source.Object) (int, error) {
	jobs := make([]store.Job, len(objects))
	for n, o := range objects {
		jobs[n] = store.Job{
			ID: o.ID(), Source: o.Source, Key: o.Key, Version: o.Version, Size: o.Size, ModTime: o.ModTime,
			Metadata: o.Metadata, Lane: string(i.lane(o)),
		}
	}
	added, err := i.Store.AddJobs(ctx, jobs)
	if err != nil {
		return 0, err
	}
	for _, job := range added {
		if time.Now().UnixMilli() < i.resting.Load() {
			break // each would wait for a queue that is away
		}
		if err := i.publish(ctx, job); err != nil {
			i.resting.Store(time.Now().Add(sweepEvery).UnixMilli())
			i.Log.Warn("job not published: it is when the queue is back", slog.String("job", job.ID), slog.String("error", err.Error()))
		}
	}
	return len(added), nil
}

// publish gives the queue the message of a job and puts down where it is.
func (i *Intake) publish(ctx context.Context, job store.Job) error {
	sequence, err := i.Queue.Offer(ctx, queue.Lane(job.Lane), job.ID, job.MessageID())
	if err != nil {
		return err
	}
	return i.Store.NoteMessage(ctx, job, sequence)
}

// mostKnown bounds how many IDs are remembered, at some 40 bytes each.
const mostKnown = 1 << 20

// Known reports whether the object with that ID is a job already. Those met once are remembered: a
// source lists the same objects at each look. A job that was dropped with its object (store.DropJobs) stays known
// until the next start.
func (i *Intake) Known(ctx context.Context, id string) (bool, error) {
	var short [16]byte
	whole := hex.DecodedLen(len(id)) == len(short)
	if whole {
		_, err := hex.Decode(short[:], []byte(id))
		whole = err == nil
	}
	i.mutex.Lock()
	_, met := i.met[short]
	i.mutex.Unlock()
	if whole && met {
		return true, nil
	}
	jobs, err := i.Store.Jobs(ctx, store.JobFilter{IDs: []string{id}})
	if err != nil || len(jobs) == 0 || !whole {
		return len(jobs) > 0, err
	}
	i.mutex.Lock()
	defer i.mutex.Unlock()
	if i.met == nil || len(i.met) >= mostKnown {
		i.met = map[[16]byte]struct{}{}
	}
	i.met[short] = struct{}{}
	return true, nil
}

// Retry takes up jobs that were set aside, all of them without ids, and returns how many. With a queue that is away
// they are taken up all the same: the sweep publishes them.
func (i *Intake) Retry(ctx context.Context, ids []string) (n int, away bool, err error) {
	for job, err := range i.Store.RetryAll(ctx, ids) {
		if err != nil {
			return n, away, err
		}
		n++
		if away {
			continue // each would wait for it
		}
		if err := i.publish(ctx, job); err != nil {
			away = true
			i.Log.Warn("jobs not published: they are when the queue is back", slog.String("error", err.Error()))
		}
	}
	return n, away, nil
}

const (
	// sweepEvery is how often jobs without a message are looked for.
	sweepEvery = 10 * time.Second
	// sweepAfter is how long a job must have stood still: whoever put it down is about to publish it.
	sweepAfter = 10 * time.Second
	// sweepPage is how many jobs are looked at in one go.
	sweepPage = 500
)

// Sweep offers open jobs whose message is gone again, until ctx ends: the process that put them down was killed
// before it could publish them, or the queue lost what it had. Several processes may sweep.
func (i *Intake) Sweep(ctx context.Context) error {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	after := ""
	for {
		last, err := i.sweepOnce(ctx, after)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			i.Log.Warn("jobs not swept", slog.String("error", err.Error()))
		}
		after = last
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// sweepOnce takes up the jobs whose message must be gone, since the queue begins after it, and looks for the
// messages of one page of the others from after on. It returns where the next page begins.
func (i *Intake) sweepOnce(ctx context.Context, after string) (next string, err error) {
	first, err := i.Queue.First(ctx)
	if err != nil {
		return after, err
	}
	filter := store.JobFilter{
		States: []store.JobState{store.JobQueued, store.JobWorking}, Before: time.Now().Add(-sweepAfter), Limit: sweepPage,
	}
	gone := filter
	gone.MessageBefore = first
	for {
		jobs, err := i.Store.Jobs(ctx, gone)
		if err != nil {
			return after, err
		}
		for _, job := range jobs {
			if err := i.offerAgain(ctx, job); err != nil {
				return after, err
			}
		}
		if len(jobs) < sweepPage {
			break
		}
		gone.After = jobs[len(jobs)-1].ID
	}
	filter.After = after
	jobs, err := i.Store.Jobs(ctx, filter)
	if err != nil {
		return after, err
	}
	for _, job := range jobs {
		held, err := i.Queue.Holds(ctx, job.Sequence, job.ID)
		if err == nil && !held {
			err = i.offerAgain(ctx, job)
		}
		if err != nil {
			return after, err
		}
		next = job.ID
	}
	if len(jobs) < sweepPage {
		next = "" // from the beginning
	}
	return next, nil
}

func (i *Intake) offerAgain(ctx context.Context, seen store.Job) error {
	job, ok, err := i.Store.OfferAgain(ctx, seen)
	if err != nil || !ok {
		return err
	}
	i.Log.Info("job offered again: its message was gone", slog.String("job", job.ID))
	return i.publish(ctx, job)
}
