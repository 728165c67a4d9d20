package app

import (
	"context"
	"fmt"
	"time"

	"github.com/zhijian-qa/zhijian/queue"
	"github.com/zhijian-qa/zhijian/store"
)

// awaitEvery is how often what is away is tried again.
const awaitEvery = time.Second

// awaited is what serve and worker open at their start and may have to wait for, since Compose and Kubernetes start
// all at once.
type awaited struct {
	zh, en string
	mend   string           // what to do when it does not come
	away   func(error) bool // tells one that cannot be reached from one that refuses
}

// await opens something by open, again and again while it is away, for as long as start_timeout says.
func await[T any](ctx context.Context, env Env, what awaited, open func() (T, error)) (opened T, err error) {
	limit := env.Config.StartTimeout
	for began, said := time.Now(), false; ; {
		opened, err = open()
		if err == nil || ctx.Err() != nil || !what.away(err) {
			return opened, err
		}
		if time.Since(began) >= limit {
			return opened, fmt.Errorf("%w; %s, or raise start_timeout, %s", err, what.mend, limit)
		}
		if !said {
			env.say("%[1]s连不上，最多等 %[3]s：%[4]s", "the %[2]s cannot be reached, waiting for up to %[3]s: %[4]s", what.zh, what.en, limit, err)
			said = true
		}
		select {
		case <-ctx.Done():
			return opened, ctx.Err()
		case <-time.After(awaitEvery):
		}
	}
}

// awaitStore opens the database.
func (e Env) awaitStore(ctx context.Context) (*store.Store, error) {
	what := awaited{zh: "数据库", en: "database", mend: "see that PostgreSQL runs where store says", away: store.IsAway}
	return await(ctx, e, what, func() (*store.Store, error) { return store.Open(ctx, e.storeLocation()) })
}

// awaitQueue opens the queue.
func (e Env) awaitQueue(ctx context.Context, name string) (*queue.Queue, error) {
	what := awaited{zh: "队列", en: "queue", mend: "see that NATS runs where queue says", away: queue.IsAway}
	return await(ctx, e, what, func() (*queue.Queue, error) { return queue.Open(ctx, e.queueConfig(name)) })
}
