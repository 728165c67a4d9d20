package queue

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// Check fails when the queue cannot be used now.
func (q *Queue) Check(ctx context.Context) error {
	info, err := q.stream.Info(ctx)
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	if c := info.Cluster; c != nil && c.Leader == "" {
		return errors.New("queue: the cluster has no leader")
	}
	return nil
}

// First returns the sequence of the first message that is in the queue: those before it are gone. When it
// is empty, it is the sequence of the next.
func (q *Queue) First(ctx context.Context) (uint64, error) {
	info, err := q.stream.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("read queue: %w", err)
	}
	if info.State.Msgs == 0 {
		return info.State.LastSeq + 1, nil
	}
	return info.State.FirstSeq, nil
}

// Holds reports whether the message at sequence is in the queue and is that of the job with that ID.
func (q *Queue) Holds(ctx context.Context, sequence uint64, id string) (bool, error) {
	if sequence == 0 {
		return false, nil
	}
	msg, err := q.stream.GetMsg(ctx, sequence)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read message: %w", err)
	}
	return string(msg.Data) == id, nil
}
