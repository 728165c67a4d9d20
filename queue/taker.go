package queue

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Taker takes messages one after another. One goroutine may use it.
type Taker struct {
	queue *Queue
	lanes []Lane
	taken int // messages
}

// Taker returns a taker of messages of lanes, the first of which passes the others; but where the last is Long, it
// has its turn.
func (q *Queue) Taker(lanes []Lane) *Taker { return &Taker{queue: q, lanes: lanes} }

// Take returns the next message. It waits for one until ctx ends.
func (t *Taker) Take(ctx context.Context) (*Message, error) {
	for ctx.Err() == nil {
		next := &taking{lanes: order(t.lanes, t.taken)}
		// What is handed out must not be lost: an end of ctx waits until the queue has answered.
		err := t.queue.takes.Ask(context.WithoutCancel(ctx), next)
		if next.message != nil {
			t.taken++
			return next.message, nil
		}
		if err != nil {
			return nil, fmt.Errorf("take message: %w", err)
		}
		select {
		case <-ctx.Done():
		case <-t.queue.woken:
		case <-time.After(idleEvery):
		}
	}
	return nil, ctx.Err()
}

// taking is one message that is asked for.
type taking struct {
	lanes   []Lane // in order
	message *Message
}

// take asks for messages for all takings at once: first from the first lane of each, for those that have none then from
// the second, and so on.
func (q *Queue) take(_ context.Context, takings []*taking) error {
	if !q.conn.IsConnected() { // it is waited for
		return nil
	}
	for place := range Lanes() {
		asking := map[Lane][]*taking{}
		for _, t := range takings {
			if t.message == nil && place < len(t.lanes) {
				asking[t.lanes[place]] = append(asking[t.lanes[place]], t)
			}
		}
		for _, lane := range Lanes() {
			if err := q.lanes[lane].fetch(asking[lane]); err != nil {
				return err
			}
		}
	}
	return nil
}

// way is a lane as this process sees it. One goroutine at a time fetches from it.
type way struct {
	lane     Lane
	ackWait  time.Duration
	consumer jetstream.Consumer
	put      atomic.Uint64 // messages that this process heard of
	empty    uint64        // put when nothing was left
	until    time.Time     // how long that holds: a message that comes back is not heard of
}

// fetch gives a message to each of takings, as far as there are any.
func (w *way) fetch(takings []*taking) error {
	put := w.put.Load()
	if len(takings) == 0 || put == w.empty && time.Now().Before(w.until) {
		return nil
	}
	batch, err := w.consumer.FetchNoWait(len(takings))
	if err != nil {
		return err
	}
	n := 0
	for msg := range batch.Messages() {
		takings[n].message = newMessage(msg, w.lane, w.ackWait)
		n++
	}
	if err := batch.Error(); err != nil {
		return err
	}
	if n < len(takings) {
		w.empty, w.until = put, time.Now().Add(idleEvery)
	}
	return nil
}
