package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/zhijian-qa/zhijian/internal/gather"
)

const (
	// openLimit is how long a cluster may take to answer and to make the stream, as after a restart of all.
	openLimit = time.Minute
	// requestLimit is how long one request may take.
	requestLimit = 5 * time.Second
	// dedupWindow is how long the name of a message is remembered: publishing it again within this time adds none.
	dedupWindow = 5 * time.Minute
	// idleEvery is how often an idle worker looks for messages that come back; new ones wake it.
	idleEvery = time.Second
)

// Queue is an open work queue. Many goroutines may use it.
type Queue struct {
	cfg    Config
	server *server.Server // nil where the queue is elsewhere
	conn   *nats.Conn
	js     jetstream.JetStream
	stream jetstream.Stream
	lanes  map[Lane]*way
	takes  *gather.Gatherer[*taking]
	woken  chan struct{} // a message may be there
}

// Open opens the queue and makes what it lacks. A queue in this process hands out at once what the process
// before it had in work: one process owns its folder.
func Open(ctx context.Context, cfg Config) (q *Queue, err error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	q = newQueue(cfg)
	defer func() {
		if err != nil {
			q.Close()
			q, err = nil, fmt.Errorf("open queue: %w", err)
		}
	}()
	if cfg.URL == "" {
		if q.server, err = startEmbedded(cfg); err != nil {
			return q, err
		}
	}
	if err := q.connect(); err != nil {
		return q, err
	}
	ctx, cancel := context.WithTimeout(ctx, openLimit)
	defer cancel()
	return q, retried(ctx, q.prepare)
}

func newQueue(cfg Config) *Queue {
	q := &Queue{cfg: cfg, lanes: map[Lane]*way{}, woken: make(chan struct{}, 64)}
	for _, lane := range Lanes() {
		q.lanes[lane] = &way{lane: lane, ackWait: cfg.AckWait}
	}
	q.takes = gather.New(q.take, func(error) bool { return true })
	return q
}

// Reach fails when the cluster of cfg cannot be used. It changes nothing there.
func Reach(ctx context.Context, cfg Config) error {
	q := newQueue(cfg.withDefaults())
	err := q.cfg.validate()
	if err == nil {
		err = q.connect()
		defer q.Close()
	}
	if err == nil {
		_, err = q.js.AccountInfo(ctx)
	}
	if err != nil {
		return fmt.Errorf("reach queue: %w", err)
	}
	return nil
}

// retried runs fn until it succeeds or ctx ends: a cluster that starts has no leader for a while, and what it is asked
// then it may never answer.
func retried(ctx context.Context, fn func(context.Context) error) error {
	for {
		try, cancel := context.WithTimeout(ctx, requestLimit)
		err := fn(try)
		cancel()
		if err == nil || refused(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(500 * time.Millisecond):
		}
	}
}

// refused reports whether err says that the server will not, now and later.
func refused(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && api.Code >= 400 && api.Code < 500 && api.Code != 404 && api.Code != 408
}

func (q *Queue) connect() (err error) {
	options := []nats.Option{
		nats.Name(q.cfg.Name), nats.MaxReconnects(-1), nats.ReconnectWait(500 * time.Millisecond), nats.Timeout(requestLimit),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				q.cfg.Log.Warn("queue is away", slog.String("error", err.Error()))
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { q.cfg.Log.Info("queue is back"); q.wake(Lanes()...) }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			q.cfg.Log.Warn("queue", slog.String("error", err.Error()))
		}),
	}
	if q.server != nil {
		options = append(options, nats.InProcessServer(q.server))
	}
	if q.conn, err = nats.Connect(q.cfg.URL, append(options, q.cfg.access()...)...); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	q.js, err = jetstream.New(q.conn, jetstream.WithDefaultTimeout(requestLimit))
	return err
}

// access returns the options that say who this is and whom to trust.
func (c Config) access() []nats.Option {
	options := c.tls() // first: it would undo what the certificates set
	if c.Credentials != "" {
		options = append(options, nats.UserCredentials(c.Credentials))
	}
	if c.User != "" {
		options = append(options, nats.UserInfo(c.User, c.Password))
	}
	if c.Token != "" {
		options = append(options, nats.Token(c.Token))
	}
	if c.CA != "" {
		options = append(options, nats.RootCAs(c.CA))
	}
	if c.Cert != "" {
		options = append(options, nats.ClientCert(c.Cert, c.Key))
	}
	return options
}

func (q *Queue) subject(lane Lane) string {
	return strings.ToLower(q.cfg.Stream) + ".calls." + string(lane)
}

// prepare makes the stream and a consumer for each lane, or finds them.
func (q *Queue) prepare(ctx context.Context) (err error) {
	var subjects []string
	for _, lane := range Lanes() {
		subjects = append(subjects, q.subject(lane))
	}
	q.stream, err = q.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: q.cfg.Stream, Subjects: subjects, Retention: jetstream.WorkQueuePolicy, Storage: jetstream.FileStorage,
		Replicas: q.cfg.Replicas, Duplicates: dedupWindow, AllowDirect: true, Discard: jetstream.DiscardNew,
	})
	if err != nil {
		return fmt.Errorf("make stream %s: %w", q.cfg.Stream, err)
	}
	for _, lane := range Lanes() {
		if err := q.consume(ctx, lane); err != nil {
			return fmt.Errorf("make consumer %s: %w", lane, err)
		}
	}
	for _, lane := range Lanes() {
		if _, err := q.conn.Subscribe(q.subject(lane), func(*nats.Msg) { q.wake(lane) }); err != nil {
			return fmt.Errorf("subscribe: %w", err)
		}
	}
	return nil
}

func (q *Queue) consume(ctx context.Context, lane Lane) (err error) {
	if q.server != nil { // what the process before had in work is handed out at once to a new consumer
		err := q.stream.DeleteConsumer(ctx, string(lane))
		if err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return err
		}
	}
	q.lanes[lane].consumer, err = q.stream.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: string(lane), FilterSubject: q.subject(lane), AckPolicy: jetstream.AckExplicitPolicy, AckWait: q.cfg.AckWait,
		MaxDeliver:    -1, // the store counts attempts: it also knows those that a worker handed back
		MaxAckPending: -1, // workers take as many as they work on
	})
	return err
}

// wake lets one idle worker look for messages of lanes.
func (q *Queue) wake(lanes ...Lane) {
	for _, lane := range lanes {
		q.lanes[lane].put.Add(1)
	}
	select {
	case q.woken <- struct{}{}:
	default:
	}
}

// Offer publishes the job with that ID. The queue takes a message of one name once; sequence says where it is.
func (q *Queue) Offer(ctx context.Context, lane Lane, id, name string) (sequence uint64, err error) {
	if _, ok := q.lanes[lane]; !ok {
		return 0, fmt.Errorf("offer job: there is no lane %q", lane)
	}
	ack, err := q.js.Publish(ctx, q.subject(lane), []byte(id), jetstream.WithMsgID(name), jetstream.WithExpectStream(q.cfg.Stream))
	if err != nil {
		return 0, fmt.Errorf("offer job: %w", err)
	}
	q.lanes[lane].put.Add(1)
	return ack.Sequence, nil
}

// Close ends the use of the queue. A queue in this process keeps its files.
func (q *Queue) Close() {
	if q.conn != nil {
		q.conn.Close()
	}
	if q.server != nil {
		q.server.Shutdown()
		q.server.WaitForShutdown()
	}
}
