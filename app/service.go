package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/queue"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/web"
	"github.com/zhijian-qa/zhijian/worker"
)

// service is what serve and worker have in common.
type service struct {
	env      Env
	name     string // of this process among all workers
	door     *door  // nil for a worker
	store    *store.Store
	queue    *queue.Queue
	crew     *worker.Crew
	sources  *sources
	rules    *worker.Rules
	intake   *worker.Intake
	stopping atomic.Bool
	handling sync.WaitGroup // of what was handed over
}

// open opens the database, the queue, the sources and the model, the slowest last.
func (s *service) open(ctx context.Context, c *closers) (err error) {
	if s.store, err = s.env.awaitStore(ctx); err != nil {
		return err
	}
	c.add(s.store.Close)
	if s.queue, err = s.env.awaitQueue(ctx, s.name); err != nil {
		return err
	}
	c.add(func() error { s.queue.Close(); return nil })
	if s.sources, err = s.env.openSources(ctx); err != nil {
		return err
	}
	s.intake = &worker.Intake{Store: s.store, Queue: s.queue, Urgent: s.sources.urgent, Long: int64(s.env.Config.LongMB * 1e6), Log: s.env.Log}
	pool, err := s.env.openPool(ctx, c, s.store)
	if err != nil {
		return err
	}
	s.rules = pool.Pipeline.Rules()
	if s.crew, err = pool.Open(ctx); err != nil {
		return err
	}
	c.add(func() error { s.crew.Close(); return nil })
	return nil
}

func (e Env) queueConfig(name string) queue.Config {
	c := e.Config
	return queue.Config{
		URL: c.Queue, Dir: filepath.Join(c.DataDir, "queue"), Name: name, Stream: c.QueueStream, Replicas: c.QueueReplicas,
		AckWait: c.AckWait, Credentials: c.QueueCreds, CA: c.QueueCA, Cert: c.QueueCert, Key: c.QueueKey, Plain: c.QueuePlain,
		User: os.Getenv("NATS_USER"), Password: os.Getenv("NATS_PASSWORD"), Token: os.Getenv("NATS_TOKEN"), Log: e.Log,
	}
}

// workerName names this process among all workers, and no other before or after it.
func workerName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s-%d-%s", strings.ReplaceAll(host, ".", "-"), os.Getpid(), rand.Text()[:6])
}

// consumer returns what works on jobs.
func (s *service) consumer() (*worker.Consumer, error) {
	scratch := filepath.Join(s.env.Config.DataDir, "scratch", "fetched")
	if err := os.MkdirAll(scratch, 0o700); err != nil {
		return nil, fmt.Errorf("make scratch folder: %w", err)
	}
	return &worker.Consumer{
		NewProcess: s.crew.NewProcess, Size: s.crew.Size(), Registerer: s.env.Registerer, Store: s.store, Queue: s.queue, Buckets: s.sources.buckets, Name: s.name, Scratch: scratch,
		MaxAttempts: s.env.Config.MaxAttempts, Drain: drain(s.env.Config.DrainTimeout), Log: s.env.Log,
	}, nil
}

// drain returns how long calls may go on when limit is how long stopping may take: handing back takes time too.
func drain(limit time.Duration) time.Duration { return limit - min(5*time.Second, limit/4) }

// api answers about calls and jobs.
func (s *service) api() *web.API {
	return &web.API{Store: s.store, Retry: s.intake.Retry, Mask: lexicon.Mask, Zone: s.env.zone(), Log: s.env.Log}
}

// openedPath is where the door answers as soon as it is opened.
const openedPath = "/opened"

// inside is what other commands on this data folder speak to.
func (s *service) inside(ctx context.Context) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+openedPath, web.Health())
	mux.Handle("POST /score", s.handover(ctx))
	s.api().Register(mux, web.Limit) // the folder lets nobody else in
	return mux
}

// observe lets server tell of health, readiness and metrics.
func (s *service) observe(server *web.Server, metrics web.Access) error {
	gatherer, ok := s.env.Registerer.(prometheus.Gatherer)
	if !ok {
		return errors.New("the registry of metrics cannot be read")
	}
	s.env.Registerer.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	server.Handle("GET /healthz", web.Health())
	server.Handle("GET /readyz", web.Ready(metrics, s.checks()...))
	server.Handle("GET /metrics", metrics.Guard(web.Limit(promhttp.HandlerFor(gatherer, promhttp.HandlerOpts{}))))
	return nil
}

// checks are what readiness asks of.
func (s *service) checks() []web.Check {
	return []web.Check{
		{Name: "database", Test: s.store.Ping},
		{Name: "queue", Test: s.queue.Check},
		{Name: "model", Test: func(context.Context) error {
			if s.crew.Size() == 0 { // it was loaded before anything was answered
				return errors.New("no recogniser is started")
			}
			return nil
		}},
		{Name: "disk", Test: func(context.Context) error { return s.env.freeSpace() }},
		{Name: "running", Test: func(context.Context) error {
			if s.stopping.Load() {
				return errors.New("stopping: what is under way is finished or handed back")
			}
			return nil
		}},
	}
}

// freeSpace fails when the disk of the data folder is nearly full.
func (e Env) freeSpace() error {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(e.Config.DataDir, &disk); err != nil {
		return fmt.Errorf("read free space: %w", err)
	}
	if free := float64(disk.Bavail) * float64(disk.Bsize) / 1e6; free < e.Config.MinFreeMB {
		return fmt.Errorf("%.0f MB are free in %s, below min_free_mb, %.0f", free, e.Config.DataDir, e.Config.MinFreeMB)
	}
	return nil
}

// servers returns the server of the API and that of metrics and health, which may be one.
func (e Env) servers(a access) (api, observed *web.Server) {
	api = web.New(web.Config{Listen: e.Config.Listen, TLS: a.tls, OnlyHere: a.api.Open(), Log: e.Log})
	if e.metricsApart() {
		return api, web.New(web.Config{Listen: e.Config.MetricsListen, Log: e.Log})
	}
	return api, api
}

// metricsApart reports whether metrics and health have an address of their own.
func (e Env) metricsApart() bool {
	return e.Config.MetricsListen != "" && e.Config.MetricsListen != e.Config.Listen
}

// metricsAccess says who may read metrics: whoever may use the API, where they are served beside it, and anyone at
// an address of their own, unless metrics_guard says otherwise.
func (e Env) metricsAccess(a access, besideAPI bool) web.Access {
	if besideAPI || e.Config.MetricsGuard {
		return a.api
	}
	return web.Access{}
}

// needShared fails where a worker alone makes no sense: what it works on, and where its results go, is
// shared with serve.
func (e Env) needShared() error {
	if e.Config.Queue == "" || e.Config.Store == "" {
		return fmt.Errorf("%w: worker shares the queue and the database of serve: set %s", call.ErrInvalid, cmp.Or(
			missing(e.Config.Queue == "" && e.Config.Store == "", "queue and store"), missing(e.Config.Queue == "", "queue"), "store"))
	}
	return nil
}

func missing(is bool, name string) string {
	if is {
		return name
	}
	return ""
}
