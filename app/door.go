package app

import (
	"context"
	"io"
	"net/http"
	"path/filepath"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/web"
)

const (
	// socketName is the socket in the data folder at which serve takes over what other commands are asked for. The
	// folder and the socket are its owner's alone.
	socketName = "zhijian.sock"
	// starting is what the door says of its health until it is opened.
	starting = "starting\n"
)

// door is the socket of a data folder. It is there before the database, the model and the queue are, so that
// whoever comes while serve starts waits instead of being refused.
type door struct {
	inside http.Handler  // answers once it is opened
	opened chan struct{} // closed then
	ending context.Context
	end    context.CancelFunc
	ended  chan struct{} // closed when nothing is answered any more, for the reason err
	err    error
}

// openDoor listens at the socket of the data folder, which this process owns.
func (e Env) openDoor(ctx context.Context, c *closers) (*door, error) {
	server := web.New(web.Config{Listen: "unix:" + filepath.Join(e.Config.DataDir, socketName), Log: e.Log})
	d := &door{opened: make(chan struct{}), ended: make(chan struct{})}
	server.Handle("GET /healthz", http.HandlerFunc(d.health))
	server.Handle("/", d)
	if err := server.Listen(ctx); err != nil {
		return nil, err
	}
	d.ending, d.end = context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		defer close(d.ended)
		d.err = server.Run(d.ending)
	}()
	c.add(d.close)
	return d, nil
}

// open lets inside answer, those who wait first.
func (d *door) open(inside http.Handler) {
	d.inside = inside
	close(d.opened)
}

// serve answers until ctx ends.
func (d *door) serve(ctx context.Context) error {
	select {
	case <-ctx.Done():
	case <-d.ended:
	}
	return d.close()
}

// close ends what is answered. It may be called again.
func (d *door) close() error {
	d.end()
	<-d.ended
	return d.err
}

// ServeHTTP implements http.Handler.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-d.opened:
		d.inside.ServeHTTP(w, r)
	case <-d.ending.Done():
		web.Refuse(http.StatusServiceUnavailable, call.NewFault("stopping", "serve ended before it was ready", nil)).ServeHTTP(w, r)
	}
}

func (d *door) health(w http.ResponseWriter, r *http.Request) {
	select {
	case <-d.opened:
		web.Health().ServeHTTP(w, r)
	default:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, starting) // who asked may have gone
	}
}
