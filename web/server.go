package web

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Config says how a Server serves. Its zero value but for Listen works.
type Config struct {
	Listen string // address and port, or unix: and the path of a socket

	TLS *tls.Config // nil speaks plain HTTP
	// OnlyHere refuses requests that call this machine by another name than localhost or its loopback address: they
	// come from a page whose name was made to lead here, or from a proxy that lets others in.
	OnlyHere bool

	HeaderLimit   time.Duration // for a request's header. Defaults to 10 s.
	IdleLimit     time.Duration // for a connection that is kept without a request. Defaults to 2 min.
	ShutdownLimit time.Duration // for requests that are under way when the server ends. Defaults to 10 s.
	Log           *slog.Logger  // defaults to no log
}

// mostHeader bounds a request's header, in bytes.
const mostHeader = 64 << 10

// Router is what handlers are given to: a Server or an http.ServeMux.
type Router interface {
	Handle(pattern string, handler http.Handler)
}

// Server is an HTTP server. Handle before Listen.
type Server struct {
	cfg      Config
	mux      *http.ServeMux
	listener net.Listener
}

// New returns a server without handlers.
func New(cfg Config) *Server {
	cfg.HeaderLimit = cmp.Or(cfg.HeaderLimit, 10*time.Second)
	cfg.IdleLimit = cmp.Or(cfg.IdleLimit, 2*time.Minute)
	cfg.ShutdownLimit = cmp.Or(cfg.ShutdownLimit, 10*time.Second)
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Server{cfg: cfg, mux: http.NewServeMux()}
}

// Handle lets handler answer what fits pattern, as http.ServeMux understands it.
func (s *Server) Handle(pattern string, handler http.Handler) { s.mux.Handle(pattern, handler) }

// Listen takes the address, before anything is answered, so that one that is taken is told at once.
func (s *Server) Listen(ctx context.Context) error {
	listener, err := listen(ctx, s.cfg.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", s.cfg.Listen, err)
	}
	if s.cfg.TLS != nil {
		listener = tls.NewListener(listener, s.cfg.TLS)
	}
	s.listener = listener
	return nil
}

// Addr returns where the server listens, as after Listen on port 0.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// handler is what answers, behind what is refused of every request.
func (s *Server) handler() http.Handler {
	handler := http.NewCrossOriginProtection().Handler(s.mux)
	if s.cfg.OnlyHere {
		return onlyLocalNames(handler)
	}
	return handler
}

// Run answers requests until ctx ends, then finishes those that are under way. It listens if that was not done.
func (s *Server) Run(ctx context.Context) error {
	if s.listener == nil {
		if err := s.Listen(ctx); err != nil {
			return err
		}
	}
	requests, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	srv := &http.Server{
		Handler: s.handler(), ReadHeaderTimeout: s.cfg.HeaderLimit, IdleTimeout: s.cfg.IdleLimit, MaxHeaderBytes: mostHeader,
		BaseContext: func(net.Listener) context.Context { return requests },
		ErrorLog:    slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(s.listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.ShutdownLimit)
	defer cancel()
	if err := srv.Shutdown(limit); err != nil {
		end() // what is under way still hears of it
		_ = srv.Close()
		s.cfg.Log.Warn("requests cut off: they took too long to end", slog.String("address", s.cfg.Listen))
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}
