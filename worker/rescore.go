package worker

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
)

const (
	pageCalls  = 64 // calls read from the store at once
	batchCalls = 32 // results that a worker saves in one transaction
)

// Rescorer scores stored calls anew from their transcripts. No audio is read.
type Rescorer struct {
	Store   *store.Store
	Scorer  *score.Scorer
	Workers int  // at least 1
	DryRun  bool // nothing is saved
}

// Rescored is one call before and after, with what people decided about it. Of a call that nobody decided about what
// is not fresh is an outline, see store.Kept.Compared.
type Rescored struct {
	Before, After score.Record
	Fresh         bool // scored now, not found scored by these rules already
}

// Run scores the calls that filter chooses and calls report for each, from one goroutine at a time. A new
// result is saved beside the old one before it is reported. Calls whose result was made by these very rules
// are not scored again: killed and started anew, it goes on where it stopped. Of those, Before is the result
// that was shown before; in a dry run they are as they were. After ctx ends Run returns its error.
func (r *Rescorer) Run(ctx context.Context, filter store.CallFilter, report func(Rescored)) error {
	group, ctx := errgroup.WithContext(ctx)
	todo, finished := make(chan store.Kept, pageCalls), make(chan Rescored, batchCalls) // nobody waits for a page, or a report
	group.Go(func() error {
		defer close(todo)
		return r.feed(ctx, filter, todo)
	})
	workers, working := errgroup.WithContext(ctx)
	for range max(1, r.Workers) {
		workers.Go(func() error { return r.work(working, todo, finished) })
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

// feed reads the calls page by page, so that memory does not grow with their number and no reader holds
// up the writer.
func (r *Rescorer) feed(ctx context.Context, filter store.CallFilter, todo chan<- store.Kept) error {
	last := ""
	for {
		page, err := r.Store.KeptCalls(ctx, filter, last, pageCalls)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, kept := range page {
			select {
			case todo <- kept:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		last = page[len(page)-1].SHA256()
	}
}

// work scores calls and hands them on in batches, as they are saved.
func (r *Rescorer) work(ctx context.Context, todo <-chan store.Kept, finished chan<- Rescored) error {
	batch := batch{rescorer: r, finished: finished}
	for kept := range todo {
		if ctx.Err() != nil { // what was read ahead is left
			return ctx.Err()
		}
		done, err := r.rescore(kept)
		if err != nil {
			return err
		}
		if err := batch.add(ctx, done, kept.Decisions()); err != nil {
			return err
		}
	}
	return batch.flush(ctx)
}

// rescore returns kept before and after; what is fresh is as judged, without decisions.
func (r *Rescorer) rescore(kept store.Kept) (Rescored, error) {
	read := kept.Compared
	if len(kept.Decisions()) > 0 { // they are held against the evidence
		read = kept.Record
	}
	rec, err := read()
	if err != nil {
		return Rescored{}, fmt.Errorf("read call: %w", err)
	}
	same, err := kept.ScoredBy(r.Scorer.Revision())
	if err != nil {
		return Rescored{}, fmt.Errorf("read call: %w", err)
	}
	done := Rescored{Before: rec, After: rec, Fresh: !same}
	switch {
	case done.Fresh:
		done.After = r.Scorer.Score(rec.Recording, rec.Health, rec.Transcript)
	case !r.DryRun:
		previous, ok, err := kept.Previous()
		if err != nil {
			return Rescored{}, fmt.Errorf("read call: %w", err)
		}
		if ok {
			done.Before.Score = previous
		}
	}
	return done, nil
}

// batch is what one worker has scored and not yet saved.
type batch struct {
	rescorer *Rescorer
	finished chan<- Rescored
	calls    []Rescored // with decisions
	results  []score.Record
}

func (b *batch) add(ctx context.Context, done Rescored, decisions []score.Decision) error {
	if done.Fresh && !b.rescorer.DryRun {
		b.results = append(b.results, done.After)
	}
	done.Before.Score, done.After.Score = done.Before.Score.Decided(decisions), done.After.Score.Decided(decisions)
	b.calls = append(b.calls, done)
	if len(b.calls) < batchCalls {
		return nil
	}
	return b.flush(ctx)
}

func (b *batch) flush(ctx context.Context) error {
	if len(b.results) > 0 {
		if err := b.rescorer.Store.SaveResults(ctx, b.results); err != nil {
			return err
		}
	}
	for _, done := range b.calls {
		select {
		case b.finished <- done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	clear(b.calls)
	clear(b.results)
	b.calls, b.results = b.calls[:0], b.results[:0]
	return nil
}
