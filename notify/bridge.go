package notify

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/call"
)

// Config is what a bridge works with beside its settings. Its zero value works.
type Config struct {
	Words      Words
	Calls      CallFinder            // for the page of an alert's calls; nil for none
	Client     *http.Client          // defaults to one that follows no redirects
	Log        *slog.Logger          // defaults to no log
	Registerer prometheus.Registerer // defaults to a registry of its own
	Now        func() time.Time      // defaults to time.Now
	Zone       *time.Location        // of the times on pages. Defaults to UTC.
}

// Bridge takes posts of Alertmanager and brings them to robots. It is a http.Handler for paths below /alerts/.
type Bridge struct {
	settings Settings
	senders  map[string]*sender
	words    Words
	calls    CallFinder
	client   *http.Client
	log      *slog.Logger
	metrics  *metrics
	now      func() time.Time
	zone     *time.Location
	mux      *http.ServeMux
}

// NewBridge returns a bridge to the robots of settings.
func NewBridge(settings Settings, cfg Config) *Bridge {
	b := &Bridge{
		settings: settings, words: cfg.Words, calls: cfg.Calls, client: cfg.Client, log: cmp.Or(cfg.Log, slog.New(slog.DiscardHandler)),
		metrics: newMetrics(cfg.Registerer), now: cfg.Now, zone: cmp.Or(cfg.Zone, time.UTC), senders: map[string]*sender{}, mux: http.NewServeMux(),
	}
	if b.words.Rule == nil {
		b.words.Rule = func(string) (string, string) { return "", "" }
	}
	if b.words.Span == nil {
		b.words.Span = func(string, string, string) (string, string) { return "", "" }
	}
	if b.client == nil { // a redirect would carry the message to an address that no setting names
		b.client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	if b.now == nil {
		b.now = time.Now
	}
	for _, robot := range settings.Robots {
		chat := chats[robot.Kind]
		b.senders[robot.Name] = &sender{robot: robot, chat: chat, pace: &pace{most: chat.everyMinute}, b: b}
		for _, outcome := range []string{"sent", "held", "failed"} {
			b.metrics.sent.WithLabelValues(robot.Name, outcome)
		}
	}
	b.mux.HandleFunc("POST /alerts/webhook/{robot}", b.webhook)
	b.mux.HandleFunc("GET /alerts/rest", b.askRest)
	b.mux.HandleFunc("POST /alerts/rest", b.rest)
	b.mux.HandleFunc("GET /alerts/calls", b.showCalls)
	return b
}

// ServeHTTP implements http.Handler.
func (b *Bridge) ServeHTTP(w http.ResponseWriter, r *http.Request) { b.mux.ServeHTTP(w, r) }

// webhook answers Alertmanager. It tries again after 5xx only, so whatever may pass is 503.
func (b *Bridge) webhook(w http.ResponseWriter, r *http.Request) {
	if !b.allowed(r) {
		w.Header().Set("WWW-Authenticate", "Bearer")
		http.Error(w, "this needs the token of the alert settings", http.StatusUnauthorized)
		return
	}
	sender, known := b.senders[r.PathValue("robot")]
	if !known {
		http.Error(w, "the alert settings have no such robot", http.StatusNotFound)
		return
	}
	group, err := ReadGroup(r.Body)
	if err != nil {
		status := http.StatusServiceUnavailable
		if errors.Is(err, call.ErrInvalid) {
			status = http.StatusBadRequest
		}
		http.Error(w, err.Error(), status)
		return
	}
	if err := sender.send(r.Context(), b.compose(group)); err != nil {
		var held *heldError
		if errors.As(err, &held) {
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(held.wait.Seconds()))))
		}
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// allowed compares the token in constant time, whatever its length.
func (b *Bridge) allowed(r *http.Request) bool {
	shown, isBearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	got, want := sha256.Sum256([]byte(shown)), sha256.Sum256([]byte(b.settings.Token))
	return isBearer && b.settings.Token != "" && subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

type metrics struct{ sent *prometheus.CounterVec }

func newMetrics(registerer prometheus.Registerer) *metrics {
	if registerer == nil {
		registerer = prometheus.NewRegistry()
	}
	m := &metrics{sent: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "zhijian_notifications_total", Help: "Messages to robots, by outcome (sent, held back by the rate limit, failed).",
	}, []string{"robot", "outcome"})}
	registerer.MustRegister(m.sent)
	return m
}
