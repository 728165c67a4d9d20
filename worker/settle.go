package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/queue"
	"github.com/zhijian-qa/zhijian/store"
)

// What became of a job is said to the store first and to the queue then: killed in between, the message comes
// again and finds the job as it stands.

// finish says that the job is done.
func (c *Consumer) finish(ctx context.Context, message *queue.Message, job store.Job, done Done) {
	if !done.Ended {
		if err := c.Store.Finish(ctx, job.ID, done.Record.Recording.ID); err != nil {
			c.giveBack(message, err)
			return
		}
	}
	job.State = store.JobDone
	c.metrics.ended(jobDone, nil)
	c.settle(ctx, message, job)
}

// settle moves the object of a job that is done or set aside, where that is configured, and takes its message
// out of the queue. A second delivery comes here at once.
func (c *Consumer) settle(ctx context.Context, message *queue.Message, job store.Job) {
	if bucket, ok := c.Buckets[job.Source]; ok && job.Key != "" {
		move := bucket.Done
		if job.State == store.JobSetAside {
			move = bucket.Failed
		}
		if err := move(ctx, objectOf(job)); err != nil {
			if ctx.Err() == nil && message.Deliveries < c.MaxAttempts {
				c.giveBack(message, fmt.Errorf("move object: %w", err))
				return
			}
			c.Log.Warn("object not moved", slog.String("job", job.ID), slog.String("error", err.Error()))
		}
	}
	c.ack(ctx, message)
}

// setAside says that the job failed for good.
func (c *Consumer) setAside(ctx context.Context, message *queue.Message, job store.Job, cause error) {
	ok, err := c.Store.SetAside(ctx, job, call.FaultCode(cause), cause.Error())
	if err != nil {
		c.giveBack(message, err)
		return
	}
	if !ok { // another worker has it
		return
	}
	job.State = store.JobSetAside
	c.metrics.ended(jobSetAside, cause)
	c.Log.Warn("job set aside", slog.String("job", job.ID), slog.String("reason", call.FaultCode(cause)), slog.Int("attempts", job.Attempts))
	c.settle(ctx, message, job)
}

// release gives the job back after a fault that may pass, to be tried again some time later.
func (c *Consumer) release(ctx context.Context, message *queue.Message, job store.Job, cause error) {
	if _, err := c.Store.Release(ctx, job, call.FaultCode(cause), cause.Error()); err != nil {
		c.Log.Warn("job not released", slog.String("job", job.ID), slog.String("error", err.Error()))
	}
	c.metrics.ended(jobRetry, cause)
	c.giveBack(message, cause)
}

// handBackLimit is how long a worker that stops may take to hand one job back.
const handBackLimit = 5 * time.Second

// handBack gives the job to another worker at once: this one stops. The attempt does not count.
func (c *Consumer) handBack(ctx context.Context, message *queue.Message, job store.Job) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), handBackLimit)
	defer cancel()
	if _, err := c.Store.HandBack(ctx, job); err != nil {
		c.Log.Warn("job not handed back", slog.String("job", job.ID), slog.String("error", err.Error()))
	}
	c.metrics.ended(jobHandedBack, nil)
	if err := message.GiveBack(0); err != nil {
		c.Log.Warn("message not handed back", slog.String("job", job.ID), slog.String("error", err.Error()))
	}
}

// giveBack gives the message back for a while that grows with each delivery.
func (c *Consumer) giveBack(message *queue.Message, cause error) {
	wait := backoff(message.Deliveries)
	c.Log.Warn("job tried again later", slog.String("job", message.ID), slog.String("reason", call.FaultCode(cause)),
		slog.Duration("after", wait), slog.String("error", cause.Error()))
	if err := message.GiveBack(wait); err != nil { // it comes back after the ack wait
		c.Log.Warn("message not given back", slog.String("job", message.ID), slog.String("error", err.Error()))
	}
}

// backoff returns how long to wait after the n-th delivery: 2 s, 4 s, 8 s… up to 5 min.
func backoff(n int) time.Duration {
	return min(5*time.Minute, 2*time.Second<<min(n-1, 10))
}

// ackTries is how often a message is acknowledged. If all fail it comes again and changes nothing.
const ackTries = 3

func (c *Consumer) ack(ctx context.Context, message *queue.Message) {
	for try := 1; ; try++ {
		err := message.Ack(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		if try == ackTries {
			c.Log.Warn("message not acknowledged", slog.String("job", message.ID), slog.String("error", err.Error()))
			return
		}
	}
}

// passing are the codes of faults that another attempt may not meet: of the machine, not of the recording.
var passing = map[string]bool{
	"internal": true, "unreadable": true, "transcode_timeout": true, "fetch": true, "unknown_source": true,
}

// passes reports whether another attempt may succeed.
func passes(err error) bool {
	return isStoppage(err) || passing[call.FaultCode(err)]
}

// fetchFault gives an error of a bucket a code, unless it has one.
func fetchFault(err error) error {
	var fault *call.Fault
	if errors.As(err, &fault) {
		return err
	}
	return call.NewFault("fetch", "the recording cannot be fetched", err)
}

// codeGaveUp is the code of a job that was begun too often.
const codeGaveUp = "gave_up"

// reasonGaveUp is why a job is set aside that was begun too often and never ended: whatever it was, its worker
// ended with it.
func reasonGaveUp(job store.Job) error {
	message := fmt.Sprintf("%d workers began with it and none ended", job.Attempts-1)
	if job.Reason != "" {
		message += "; the last fault was " + job.Reason
	}
	return call.NewFault(codeGaveUp, message, nil)
}
