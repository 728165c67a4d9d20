package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"

	"github.com/zhijian-qa/zhijian/transcribe"
)

// Recogniser is an engine that is given back when the work ends.
type Recogniser interface {
	transcribe.Engine
	io.Closer
}

// Engines are recognisers that calls share. A call borrows one for a window and gives it back: nothing but
// recognising holds one. The next one goes to the call that has the fewest, of these to the one that has waited longest: a
// long call has all that nobody else wants, and never keeps a short one waiting for more than a window.
type Engines struct {
	open func() (Recogniser, error)
	log  *slog.Logger

	mu      sync.Mutex
	all     []Recogniser
	free    []Recogniser // given back first, lent first
	waiting []*waiter    // longest first
	most    int          // that there may be
	coming  int          // that are being started
	started sync.WaitGroup
}

// OpenEngines starts first recognisers, at least one, and more, up to most, as calls ask for them. When there is no
// room for all of them it makes do with fewer, and says so to log, which may be nil. An ended ctx gives its error: a
// large model's recogniser takes its time to start.
func OpenEngines(ctx context.Context, first, most int, open func() (Recogniser, error), log *slog.Logger) (*Engines, error) {
	first = max(1, first)
	e := &Engines{open: open, log: log, most: max(first, most)}
	if log == nil {
		e.log = discard()
	}
	for range first {
		if err := ctx.Err(); err != nil {
			return nil, errors.Join(err, e.Close())
		}
		engine, err := open()
		if err == nil {
			e.all, e.free = append(e.all, engine), append(e.free, engine)
			continue
		}
		if len(e.all) == 0 {
			return nil, fmt.Errorf("start recogniser: %w", err)
		}
		e.enough(err)
		break
	}
	return e, nil
}

// enough starts no more recognisers than there are.
func (e *Engines) enough(err error) {
	e.most = len(e.all)
	e.log.Warn("fewer workers than asked for", "workers", len(e.all), "error", err.Error())
}

// Size returns how many recognisers there are now.
func (e *Engines) Size() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.all)
}

// Close ends the recognisers. Nothing may be at work.
func (e *Engines) Close() error {
	e.started.Wait()
	for _, engine := range e.all {
		_ = engine.Close() // nothing is lost with it
	}
	return nil
}

// ForCall returns the recognisers as they are lent to what works on one call at a time.
func (e *Engines) ForCall() transcribe.Engines { return &borrower{Engines: e} }

// borrower is one call's part in the recognisers.
type borrower struct {
	*Engines
	held int
}

// waiter is a call that waits for another recogniser.
type waiter struct {
	*borrower
	lent chan Recogniser
}

// Take waits for a recogniser. give puts it back.
func (b *borrower) Take(ctx context.Context) (engine transcribe.Engine, give func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	w := &waiter{b, make(chan Recogniser, 1)}
	b.wait(w)
	select {
	case engine := <-w.lent:
		return engine, func() { b.give(engine) }, nil
	case <-ctx.Done():
		b.leave(w)
		return nil, nil, ctx.Err()
	}
}

func (b *borrower) wait(w *waiter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting = append(b.waiting, w)
	b.lend()
	if len(b.waiting) > b.coming && len(b.all)+b.coming < b.most {
		b.coming++
		b.started.Go(b.start)
	}
}

func (b *borrower) give(engine Recogniser) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.held--
	b.free = append(b.free, engine)
	b.lend()
}

// leave ends the waiting of w.
func (b *borrower) leave(w *waiter) {
	b.mu.Lock()
	i := slices.Index(b.waiting, w)
	if i >= 0 {
		b.waiting = slices.Delete(b.waiting, i, i+1)
	}
	b.mu.Unlock()
	if i < 0 { // it was lent in the meantime
		b.give(<-w.lent)
	}
}

// start starts one more recogniser.
func (e *Engines) start() {
	engine, err := e.open()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.coming--
	if err != nil {
		e.enough(err)
		return
	}
	e.all, e.free = append(e.all, engine), append(e.free, engine)
	e.lend()
}

// lend gives what is free to those who wait.
func (e *Engines) lend() {
	for len(e.free) > 0 && len(e.waiting) > 0 {
		next := 0
		for i, w := range e.waiting {
			if w.held < e.waiting[next].held {
				next = i
			}
		}
		w := e.waiting[next]
		e.waiting = slices.Delete(e.waiting, next, next+1)
		w.held++
		w.lent <- e.free[0]
		e.free = slices.Delete(e.free, 0, 1)
	}
}
