package worker_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/transcribe"
	"github.com/zhijian-qa/zhijian/transcribe/whisper"
	"github.com/zhijian-qa/zhijian/worker"
)

// seat stands for a recogniser where only lending is tested.
type seat struct{ worker.Recogniser }

func (seat) Close() error { return nil }

func openSeat() (worker.Recogniser, error) { return seat{}, nil }

// takers are the names of those who took one, in that order.
type takers struct {
	lock  sync.Mutex
	names []string
}

func (t *takers) add(name string) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.names = append(t.names, name)
}

// borrow takes one and says so, then waits for done to give it back.
func borrow(t *testing.T, from transcribe.Engines, name string, took *takers, done <-chan struct{}) {
	_, give, err := from.Take(t.Context())
	if err != nil {
		t.Error(err)
		return
	}
	took.add(name)
	<-done
	give()
}

// TestStartingRecognisersIsCancelled cancels while the first of three is started.
func TestStartingRecognisersIsCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	opened := 0
	_, err := worker.OpenEngines(ctx, 3, 3, func() (worker.Recogniser, error) {
		opened++
		cancel()
		return openSeat()
	}, nil)
	if !errors.Is(err, context.Canceled) || opened != 1 {
		t.Errorf("got %v after %d recognisers, want cancelled after one", err, opened)
	}
}

// TestTheCallWithTheFewestRecognisersIsNext has two recognisers, and a long call that wants more and more.
func TestTheCallWithTheFewestRecognisersIsNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		engines, err := worker.OpenEngines(t.Context(), 2, 2, openSeat, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer engines.Close()
		long, short, other := engines.ForCall(), engines.ForCall(), engines.ForCall()
		var took takers
		window := make(chan struct{}) // one comes to its end
		for _, from := range []struct {
			transcribe.Engines
			name string
		}{{long, "long 1"}, {long, "long 2"}, {long, "long 3"}, {long, "long 4"}, {short, "short 1"}, {short, "short 2"}, {other, "other"}} {
			go borrow(t, from, from.name, &took, window)
			synctest.Wait()
		}
		for range 7 {
			window <- struct{}{}
			synctest.Wait()
		}
		// Whoever has the fewest is next, then who has waited longest: while long has one, short, who has none, comes
		// before its third; when both of long's have ended, its third has waited longer than other.
		want := []string{"long 1", "long 2", "short 1", "long 3", "short 2", "long 4", "other"}
		if d := cmp.Diff(want, took.names); d != "" {
			t.Errorf("lent to (-want +got):\n%s", d)
		}
	})
}

// TestWhoStopsWaitingTakesNothing ends the waiting of one call while the only recogniser is out.
func TestWhoStopsWaitingTakesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		engines, err := worker.OpenEngines(t.Context(), 1, 1, openSeat, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer engines.Close()
		_, give, err := engines.ForCall().Take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan error)
		go func() {
			_, _, err := engines.ForCall().Take(ctx)
			left <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want cancelled", err)
		}
		give()
		late, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if _, _, err := engines.ForCall().Take(late); err != nil {
			t.Errorf("the next call got %v", err)
		}
	})
}

// TestRecognisersAreStartedAsTheyAreAskedFor holds that one call starts as many as it uses, up to what may be, and no
// more once there is no room.
func TestRecognisersAreStartedAsTheyAreAskedFor(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		most, room int
		takers     int
		want       int
		warned     bool
	}{
		{"one is enough", 4, 9, 1, 1, false},
		{"three of four are used", 4, 9, 3, 3, false},
		{"more are wanted than may be", 2, 9, 5, 2, false},
		{"no room for the third", 4, 2, 4, 2, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				var opened atomic.Int64
				open := func() (worker.Recogniser, error) {
					if opened.Add(1) > int64(tt.room) {
						return nil, whisper.ErrNoMemory
					}
					return seat{}, nil
				}
				engines, err := worker.OpenEngines(t.Context(), 1, tt.most, open, slog.New(slog.NewTextHandler(&log, nil)))
				if err != nil {
					t.Fatal(err)
				}
				defer engines.Close()
				from, done := engines.ForCall(), make(chan struct{})
				var took takers
				for range tt.takers {
					go borrow(t, from, "", &took, done)
					synctest.Wait()
				}
				if engines.Size() != tt.want || len(took.names) != min(tt.want, tt.takers) {
					t.Errorf("%d recognisers, %d lent; want %d", engines.Size(), len(took.names), tt.want)
				}
				close(done)
				synctest.Wait()
				if len(took.names) != tt.takers {
					t.Errorf("%d of %d got one in the end", len(took.names), tt.takers)
				}
				if warned := strings.Contains(log.String(), "level=WARN"); warned != tt.warned {
					t.Errorf("the log says %q, want a warning: %v", log.String(), tt.warned)
				}
			})
		})
	}
}

// counting counts how many recognisers are at work at once.
type counting struct {
	worker.Recogniser
	busy, most *atomic.Int64
}

func (c counting) Recognise(ctx context.Context, pcm []float32, o transcribe.Options) ([]transcribe.Segment, error) {
	now := c.busy.Add(1)
	defer c.busy.Add(-1)
	for most := c.most.Load(); now > most && !c.most.CompareAndSwap(most, now); most = c.most.Load() {
	}
	return c.Recogniser.Recognise(ctx, pcm, o)
}

// TestOneCallOnManyRecognisers scores a call on one, two and four recognisers, and on two of which only one finds room:
// the record is the same to the byte.
func TestOneCallOnManyRecognisers(t *testing.T) {
	t.Parallel()
	item := day(t, 2)[1]
	var want worker.Done
	for i, tt := range []struct {
		name          string
		workers, room int
		busy          int64
	}{{"one worker", 1, 9, 1}, {"two", 2, 9, 2}, {"four", 4, 9, 2}, {"two, room for one", 2, 1, 1}} {
		var log bytes.Buffer
		b := setupWith(t, tt.workers, slog.New(slog.NewTextHandler(&log, nil)))
		var busy, most, opened atomic.Int64
		open := b.pool.NewEngine
		b.pool.NewEngine = func() (worker.Recogniser, error) {
			if opened.Add(1) > int64(tt.room) {
				return nil, whisper.ErrNoMemory
			}
			engine, err := open()
			return counting{engine, &busy, &most}, err
		}
		got := run(t, b, []source.Item{item})[item.Path]
		if got.Err != nil {
			t.Fatalf("%s: %v", tt.name, got.Err)
		}
		if most.Load() < tt.busy || most.Load() > int64(min(tt.workers, tt.room)) {
			t.Errorf("%s: %d recognisers were at work at once, want %d", tt.name, most.Load(), tt.busy)
		}
		if warned := strings.Contains(log.String(), "fewer workers than asked for"); warned != (tt.room < tt.workers) {
			t.Errorf("%s: the log says %q", tt.name, log.String())
		}
		got.Stats.Engine = 0 // a time
		if i == 0 {
			want = got
		}
		if d := cmp.Diff(want.Record, got.Record) + cmp.Diff(want.Stats, got.Stats); d != "" {
			t.Errorf("%s (-one worker +got):\n%s", tt.name, d)
		}
	}
}
