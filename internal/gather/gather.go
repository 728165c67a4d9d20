package gather

import (
	"context"
	"runtime"
	"sync"
)

// Gatherer does at once what many ask for: what comes while it is at work waits, and is done together then. Nobody
// waits for company, and the more there is to do, the less each takes.
type Gatherer[T any] struct {
	do     func(ctx context.Context, some []T) error
	common func(error) bool
	turn   chan struct{} // holds one while a gathering is at work
	mutex  sync.Mutex
	next   *gathering[T] // that can be joined
}

// New returns a gatherer. do does all of some, or fails and does none of it. common reports whether an error is of what
// everyone shares, not of something that was asked for: then nothing is tried by itself.
func New[T any](do func(ctx context.Context, some []T) error, common func(error) bool) *Gatherer[T] {
	return &Gatherer[T]{do: do, common: common, turn: make(chan struct{}, 1)}
}

// gathering is what is done at once.
type gathering[T any] struct {
	what    []T
	waiting int     // who wait for it
	errs    []error // once done
	done    chan struct{}
	cancel  context.CancelFunc
}

// Most bounds what is done at once, so that nobody waits for long.
const Most = 32

// Ask does what and returns how that went. When ctx ends first, it may be done all the same.
func (g *Gatherer[T]) Ask(ctx context.Context, what T) error {
	b, i := g.join(ctx, what)
	select {
	case <-b.done:
		return b.errs[i]
	case <-ctx.Done():
		g.leave(b)
		return ctx.Err()
	}
}

// join adds what to the gathering that comes next, at the place returned.
func (g *Gatherer[T]) join(ctx context.Context, what T) (b *gathering[T], place int) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if g.next == nil || len(g.next.what) == Most {
		ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // it is not the first one's alone
		g.next = &gathering[T]{done: make(chan struct{}), cancel: cancel}
		go g.run(ctx, g.next)
	}
	b = g.next
	b.what = append(b.what, what)
	b.waiting++
	return b, len(b.what) - 1
}

// leave ends the waiting of one. What nobody waits for is stopped.
func (g *Gatherer[T]) leave(b *gathering[T]) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if b.waiting--; b.waiting == 0 {
		g.close(b)
		b.cancel()
	}
}

// close lets nobody join b any more.
func (g *Gatherer[T]) close(b *gathering[T]) {
	if g.next == b {
		g.next = nil
	}
}

// run does what b has gathered when its turn comes.
func (g *Gatherer[T]) run(ctx context.Context, b *gathering[T]) {
	defer b.cancel()
	g.turn <- struct{}{}
	defer func() { <-g.turn }()
	runtime.Gosched() // who are about to ask come along
	g.mutex.Lock()
	g.close(b)
	g.mutex.Unlock()
	b.errs = g.each(ctx, b.what)
	close(b.done)
}

// each does all at once, or after a fault one by one: it is not the others' too.
func (g *Gatherer[T]) each(ctx context.Context, what []T) []error {
	errs := make([]error, len(what))
	err := g.do(ctx, what)
	for i := range what {
		errs[i] = err
		if err != nil && len(what) > 1 && !g.common(err) {
			errs[i] = g.do(ctx, what[i:i+1])
		}
	}
	return errs
}
