package queue_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/zhijian-qa/zhijian/queue"
)

func open(t *testing.T, dir string) *queue.Queue {
	t.Helper()
	q, err := queue.Open(t.Context(), queue.Config{Dir: dir, AckWait: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func offer(t *testing.T, q *queue.Queue, lane queue.Lane, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if _, err := q.Offer(t.Context(), lane, id, id+".1"); err != nil {
			t.Fatal(err)
		}
	}
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); { // the lane hears of them a moment later
		depths, err := q.Depths(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if depths[lane].Waiting >= len(ids) {
			return
		}
	}
	t.Fatalf("lane %s does not hear of %v", lane, ids)
}

func take(t *testing.T, q *queue.Queue) *queue.Message {
	t.Helper()
	return next(t, q.Taker(queue.Lanes()))
}

func next(t *testing.T, taker *queue.Taker) *queue.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	m, err := taker.Take(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func ack(t *testing.T, m *queue.Message) string {
	t.Helper()
	if err := m.Ack(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m.ID
}

func empty(t *testing.T, q *queue.Queue) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if m, err := q.Taker(queue.Lanes()).Take(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %+v, %v, want nothing", m, err)
	}
}

func TestUrgentAndShortPassLong(t *testing.T) {
	t.Parallel()
	q := open(t, t.TempDir())
	defer q.Close()
	offer(t, q, queue.Long, "l1", "l2")
	offer(t, q, queue.Short, "s1", "s2")
	offer(t, q, queue.Urgent, "u1")
	var got []string
	for range 5 {
		got = append(got, ack(t, take(t, q)))
	}
	if want := []string{"u1", "s1", "s2", "l1", "l2"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	empty(t, q)
}

// However many short ones there are, a long one has its turn.
func TestLongOnesComeOn(t *testing.T) {
	t.Parallel()
	q := open(t, t.TempDir())
	defer q.Close()
	offer(t, q, queue.Long, "long")
	for n := range 20 {
		offer(t, q, queue.Short, fmt.Sprint("s", n))
	}
	taker := q.Taker(queue.Lanes())
	var got []string
	for range 10 {
		got = append(got, ack(t, next(t, taker)))
	}
	if at := slices.Index(got, "long"); at < 5 {
		t.Errorf("got %v, want the long one among them and not among the first", got)
	}
}

// A worker of one recogniser has two takers, one of which takes no long ones. Whatever that one does, and however
// often the other looks in vain, every eighth message that the other takes may be a long one.
func TestTurnsAreEachTakersOwn(t *testing.T) {
	t.Parallel()
	q := open(t, t.TempDir())
	defer q.Close()
	all, quick := q.Taker(queue.Lanes()), q.Taker([]queue.Lane{queue.Urgent, queue.Short})
	idle, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond) // it looks twice
	defer cancel()
	if m, err := all.Take(idle); err == nil {
		t.Fatalf("got %s of an empty queue", m.ID)
	}
	offer(t, q, queue.Long, "long")
	for n := range 30 {
		offer(t, q, queue.Short, fmt.Sprint("s", n))
	}
	var got []string
	for range 8 {
		got = append(got, ack(t, next(t, all)))
		ack(t, next(t, quick))
	}
	if at := slices.Index(got, "long"); at != 7 {
		t.Errorf("got %v, want the long one at the eighth place", got)
	}
	for range 7 {
		ack(t, next(t, quick))
	}
	offer(t, q, queue.Urgent, "urgent")
	if got := ack(t, next(t, quick)); got != "urgent" {
		t.Errorf("got %s as the sixteenth of who takes no long ones, want what is urgent", got)
	}
}

func TestAMessageIsTakenOnceHoweverOftenItIsPublished(t *testing.T) {
	t.Parallel()
	q := open(t, t.TempDir())
	defer q.Close()
	first, err := q.Offer(t.Context(), queue.Short, "a", "a.1")
	if err != nil {
		t.Fatal(err)
	}
	again, err := q.Offer(t.Context(), queue.Short, "a", "a.1")
	if err != nil || again != first {
		t.Errorf("got message %d, %v; want the first, %d", again, err, first)
	}
	ack(t, take(t, q))
	empty(t, q)
	for sequence, want := range map[uint64]bool{first: false, 0: false} {
		if held, err := q.Holds(t.Context(), sequence, "a"); err != nil || held != want {
			t.Errorf("message %d: held %v, %v", sequence, held, err)
		}
	}
	second, err := q.Offer(t.Context(), queue.Short, "a", "a.2")
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]bool{"a": true, "b": false} {
		if held, err := q.Holds(t.Context(), second, id); err != nil || held != want {
			t.Errorf("job %s: held %v, %v", id, held, err)
		}
	}
	if at, err := q.First(t.Context()); err != nil || at != second {
		t.Errorf("first is %d, %v; want %d", at, err, second)
	}
}

func TestAMessageThatIsNotRenewedComesBack(t *testing.T) {
	t.Parallel()
	q := open(t, t.TempDir())
	defer q.Close()
	offer(t, q, queue.Short, "a", "b")
	kept, lost := take(t, q), take(t, q)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go kept.Keep(ctx, func(err error) { t.Error(err) })
	began := time.Now()
	back := take(t, q)
	if back.ID != lost.ID || back.Deliveries != 2 || time.Since(began) < 500*time.Millisecond {
		t.Errorf("got %+v after %s, want the one that nobody renews, after the ack wait", back, time.Since(began))
	}
	ack(t, back)
	stop()
	ack(t, kept)
	empty(t, q)
}

func TestAMessageGivenBackComesAfterItsDelay(t *testing.T) {
	t.Parallel()
	q := open(t, t.TempDir())
	defer q.Close()
	offer(t, q, queue.Short, "a")
	if err := take(t, q).GiveBack(0); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := take(t, q).GiveBack(600 * time.Millisecond); err != nil {
		t.Fatal(err)
	}
	m := take(t, q)
	if took := time.Since(began); took < 500*time.Millisecond || m.Deliveries != 3 {
		t.Errorf("delivery %d after %s, want the third after the delay", m.Deliveries, took)
	}
}

// A process that owns the folder anew has at once what the one before had in work.
func TestTheNextProcessTakesOverAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	q, err := queue.Open(t.Context(), queue.Config{Dir: dir, AckWait: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	offer(t, q, queue.Short, "a", "b", "c")
	ack(t, take(t, q))
	take(t, q) // in work
	q.Close()
	q, err = queue.Open(t.Context(), queue.Config{Dir: dir, AckWait: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	got := []string{ack(t, take(t, q)), ack(t, take(t, q))}
	if want := []string{"b", "c"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	empty(t, q)
	depths, err := q.Depths(t.Context())
	if err != nil || depths[queue.Short] != (queue.Depth{}) {
		t.Errorf("got %+v, %v, want an empty lane", depths, err)
	}
	if err := q.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestSettingsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]queue.Config{
		"neither URL nor folder":    {},
		"copies in this process":    {Dir: t.TempDir(), Replicas: 3},
		"certificate without a key": {URL: "nats://127.0.0.1:1", Cert: "x"},
		"nobody there":              {URL: "nats://127.0.0.1:1"},
	} {
		if q, err := queue.Open(t.Context(), cfg); err == nil {
			q.Close()
			t.Errorf("%s: opened", name)
		}
		if err := queue.Reach(t.Context(), cfg); err == nil && cfg.URL != "" {
			t.Errorf("%s: reached", name)
		}
	}
}

// A server on another machine must speak TLS, unless the settings say otherwise. The server is real, and speaks
// plainly; the name stands for another machine.
func TestOtherMachinesAreSpokenToOverTLS(t *testing.T) {
	t.Parallel()
	srv, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	srv.Start()
	defer srv.Shutdown()
	if !srv.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server does not start")
	}
	port := srv.Addr().(*net.TCPAddr).Port
	for location, plain := range map[string]bool{
		fmt.Sprintf("nats://127.0.0.1:%d", port): false,
		fmt.Sprintf("nats://LOCALHOST:%d", port): true, // not the name that is known to be here
	} {
		if err := queue.Reach(t.Context(), queue.Config{URL: location, Plain: plain}); err != nil {
			t.Errorf("%s: %v", location, err)
		}
		q, err := queue.Open(t.Context(), queue.Config{URL: location, Plain: plain})
		if err != nil {
			t.Errorf("%s: %v", location, err)
			continue
		}
		q.Close()
	}
	if q, err := queue.Open(t.Context(), queue.Config{URL: fmt.Sprintf("nats://LOCALHOST:%d", port)}); err == nil {
		q.Close()
		t.Error("another machine was spoken to without TLS")
	}
}
