package gather_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/zhijian-qa/zhijian/internal/gather"
)

// gathered is a gatherer that writes down what is done at once, and waits before it does.
type gathered struct {
	*gather.Gatherer[int]
	turns chan struct{} // lets it do one more
	done  [][]int
}

var (
	errOdd  = errors.New("odd")
	errAway = errors.New("away")
)

func newGathered() *gathered {
	g := &gathered{turns: make(chan struct{}, 100)}
	g.Gatherer = gather.New(g.do, func(err error) bool { return errors.Is(err, errAway) })
	return g
}

func (g *gathered) do(ctx context.Context, some []int) error {
	select {
	case <-g.turns:
	case <-ctx.Done():
		return ctx.Err()
	}
	g.done = append(g.done, slices.Clone(some))
	for _, n := range some {
		switch {
		case n < 0:
			return errAway
		case n%2 > 0:
			return errOdd
		}
	}
	return nil
}

// ask asks for each of what, in order, and returns what came of it once all is done.
func (g *gathered) ask(t *testing.T, what ...int) []error {
	t.Helper()
	errs := make([]error, len(what))
	var group sync.WaitGroup
	for i, n := range what {
		group.Go(func() { errs[i] = g.Ask(t.Context(), n) })
		synctest.Wait()
	}
	close(g.turns)
	group.Wait()
	return errs
}

func TestWhatComesMeanwhileIsDoneTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGathered()
		errs := g.ask(t, 2, 4, 6, 8)
		if want := [][]int{{2}, {4, 6, 8}}; !slices.EqualFunc(g.done, want, slices.Equal) {
			t.Errorf("done at once: %v, want %v", g.done, want)
		}
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
	})
}

func TestAFaultIsOfWhatItIsAbout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		errs := newGathered().ask(t, 2, 4, 5, 8)
		for i, want := range []error{nil, nil, errOdd, nil} {
			if !errors.Is(errs[i], want) {
				t.Errorf("place %d: got %v, want %v", i, errs[i], want)
			}
		}
	})
}

func TestAServerThatIsAwayIsAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGathered()
		errs := g.ask(t, 2, -1, 4)
		if !errors.Is(errs[1], errAway) || !errors.Is(errs[2], errAway) || len(g.done) != 2 {
			t.Errorf("got %v by %v, want one try of both", errs, g.done)
		}
	})
}

func TestALongRowIsDoneInParts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGathered()
		g.ask(t, make([]int, 2*gather.Most)...)
		var sizes []int
		for _, some := range g.done {
			sizes = append(sizes, len(some))
		}
		if want := []int{1, gather.Most, gather.Most - 1}; !slices.Equal(sizes, want) {
			t.Errorf("parts of %v, want %v", sizes, want)
		}
	})
}

// Who leaves does not stop what others wait for, and what nobody waits for is stopped.
func TestWhoLeavesStopsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGathered()
		leaving, leave := context.WithCancel(t.Context())
		errs := make([]error, 3)
		var group sync.WaitGroup
		for i, ctx := range []context.Context{leaving, leaving, t.Context()} { // the first is at work, the second gathers with the third
			group.Go(func() { errs[i] = g.Ask(ctx, 2*i) })
			synctest.Wait()
		}
		leave()
		synctest.Wait()
		g.turns <- struct{}{}
		group.Wait()
		if !errors.Is(errs[0], context.Canceled) || !errors.Is(errs[1], context.Canceled) || errs[2] != nil {
			t.Errorf("got %v, want the third done", errs)
		}
		if want := [][]int{{2, 4}}; !slices.EqualFunc(g.done, want, slices.Equal) {
			t.Errorf("done: %v, want %v: nobody waited for the first", g.done, want)
		}
	})
}
