package app

import (
	"context"
	"errors"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/worker"
)

// batch is what one score is about.
type batch struct {
	Items    []source.Item
	Failures []call.Failure // met while looking for recordings
	Paths    []string       // as they were typed, absolute
	Started  time.Time
}

// work works on a batch and calls report for each recording as it is done.
type work func(ctx context.Context, b batch, report func(worker.Done)) error

// run works on the batch by means of process and keeps what failed. What failed in an earlier run over these
// paths and was not met any more is cleared.
func (b batch) run(ctx context.Context, st *store.Store, process func(context.Context, []source.Item, func(worker.Done)) error, report func(worker.Done)) error {
	for _, f := range b.Failures {
		if err := st.SaveFailure(ctx, f); err != nil {
			return err
		}
	}
	if err := process(ctx, b.Items, report); err != nil {
		return err
	}
	return st.ClearFailures(ctx, b.Paths, b.Started)
}

// openWork returns what works on batches: this process, or the server that owns the data folder.
func (e Env) openWork(ctx context.Context, c *closers) (work, *store.Store, error) {
	err := e.own(c)
	if errors.Is(err, call.ErrConflict) {
		return e.openHandover(ctx, c, err)
	}
	if err != nil {
		return nil, nil, err
	}
	st, err := store.Open(ctx, e.storeLocation())
	if err != nil {
		return nil, nil, err
	}
	c.add(st.Close)
	pool, err := e.openPool(ctx, c, st)
	return func(ctx context.Context, b batch, report func(worker.Done)) error {
		return b.run(ctx, st, pool.Run, report)
	}, st, err
}
