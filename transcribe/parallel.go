package transcribe

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
)

// heard is what was made of one window.
type heard struct {
	channel int
	words   []call.Word
	removed []call.Removed
	stats   Stats
}

// hear recognises windows, each as soon as there is an engine for it, and returns what was heard in their order.
// They know nothing of each other, so that it is the same whatever the number of engines; only the language of a
// call is looked for in one window after the other.
//
// A window is cut while those before it are recognised, and waits for an engine before the next is cut: there are
// never more in memory than engines that this call has, and one.
func (t *Transcriber) hear(ctx context.Context, f *audio.File, windows []window) ([]*heard, error) {
	var all []*heard
	group, ctx := errgroup.WithContext(ctx)
	var mistake atomic.Pointer[Panic]
	start := func(s sound) error {
		e, err := t.newEar(ctx)
		if err != nil {
			return err
		}
		h := &heard{channel: s.channel}
		all = append(all, h)
		work := guarded(&mistake, func() (err error) {
			defer e.close()
			h.words, h.removed, err = e.window(ctx, s)
			h.stats = e.stats
			return err
		})
		if t.tongue.sought() {
			return work()
		}
		group.Go(work)
		return nil
	}
	group.Go(guarded(&mistake, func() error {
		for s, err := range assemble(ctx, f, windows) {
			if err != nil {
				return fmt.Errorf("cut windows: %w", err)
			}
			if err := start(s); err != nil {
				return err
			}
		}
		return nil
	}))
	err := group.Wait()
	if p := mistake.Load(); p != nil {
		panic(*p)
	}
	return all, err
}

// Panic is what Call panics with when another goroutine of its own did.
type Panic struct {
	Value any
	Stack []byte // of that goroutine
}

var errPanic = errors.New("panic")

// guarded returns run with a panic kept and turned into an error, which ends the group that it is run in.
func guarded(mistake *atomic.Pointer[Panic], run func() error) func() error {
	return func() (err error) {
		defer func() {
			if value := recover(); value != nil {
				mistake.CompareAndSwap(nil, &Panic{value, debug.Stack()})
				err = errPanic
			}
		}()
		return run()
	}
}
