package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Message is a job's ID in the hands of a worker. Until it is acknowledged or given back it must be renewed
// within the ack wait, or another worker gets it too.
type Message struct {
	ID         string // of the job
	Lane       Lane
	Deliveries int       // how often it was handed out, at least 1
	Offered    time.Time // when it was published

	msg     jetstream.Msg
	ackWait time.Duration
}

func newMessage(msg jetstream.Msg, lane Lane, ackWait time.Duration) *Message {
	m := &Message{ID: string(msg.Data()), Lane: lane, Deliveries: 1, msg: msg, ackWait: ackWait}
	if about, err := msg.Metadata(); err == nil {
		m.Deliveries, m.Offered = int(about.NumDelivered), about.Timestamp
	}
	return m
}

// Renew says that the worker is still at it.
func (m *Message) Renew() error {
	if err := m.msg.InProgress(); err != nil {
		return fmt.Errorf("renew message: %w", err)
	}
	return nil
}

// Keep renews the message until ctx ends, three times an ack wait. A renewal that fails is made up for by the
// next; lost is told about it.
func (m *Message) Keep(ctx context.Context, lost func(error)) {
	ticker := time.NewTicker(m.ackWait / 3)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := m.Renew(); err != nil {
				lost(err)
			}
		}
	}
}

// Ack takes the message out of the queue and returns when the queue has done so.
func (m *Message) Ack(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, requestLimit)
	defer cancel()
	if err := m.msg.DoubleAck(ctx); err != nil {
		return fmt.Errorf("acknowledge message: %w", err)
	}
	return nil
}

// GiveBack hands the message to the next worker after delay.
func (m *Message) GiveBack(delay time.Duration) error {
	var err error
	if delay > 0 {
		err = m.msg.NakWithDelay(delay)
	} else {
		err = m.msg.Nak()
	}
	if err != nil {
		return fmt.Errorf("give message back: %w", err)
	}
	return nil
}
