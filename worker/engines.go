package worker

import (
	"context"
	"fmt"
	"io"

	"github.com/zhijian-qa/zhijian/transcribe"
)

// Recogniser is an engine that is given back when the work ends.
type Recogniser interface {
	transcribe.Engine
	io.Closer
}

// engines are the recognisers of a pool. Calls take one for a window and give it back: nothing but
// recognising holds one, a long call does not keep it from a short one, and who waits longest is next.
type engines struct {
	all  []Recogniser
	free chan Recogniser
}

// openEngines starts as many recognisers as wanted, at least one. When there is no room for all of them, it makes do with
// fewer.
func (p *Pool) openEngines(want int) (*engines, error) {
	want = max(1, want)
	e := &engines{free: make(chan Recogniser, want)}
	for range want {
		engine, err := p.NewEngine()
		switch {
		case err == nil:
			e.all = append(e.all, engine)
			e.free <- engine
		case len(e.all) == 0:
			return nil, fmt.Errorf("start recogniser: %w", err)
		default:
			p.Pipeline.cfg.Log.Warn("fewer workers than asked for", "workers", len(e.all), "error", err.Error())
			return e, nil
		}
	}
	return e, nil
}

// Take waits for a free recogniser. give puts it back.
func (e *engines) Take(ctx context.Context) (engine transcribe.Engine, give func(), err error) {
	select {
	case free := <-e.free:
		return free, func() { e.free <- free }, nil
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
}

func (e *engines) close() {
	for _, engine := range e.all {
		_ = engine.Close() // nothing is lost with it
	}
}
