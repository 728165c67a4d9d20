//go:build cgo && !nowhisper

package whisper

import (
	"bytes"
	"fmt"
	"os"
	"sync"
)

// Model holds the weights of a speech model, loaded once for all engines.
type Model struct {
	weights weights

	mu     sync.Mutex
	users  int // the model itself and its open engines
	closed bool
	room   memory // that a state needs, 0 before the first
}

// LoadFile loads a model in whisper.cpp's ggml format. A file that is none, or is cut off, is ErrModel.
func LoadFile(path string, cfg Config) (*Model, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open speech model: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("open speech model: %w", err)
	}
	if err := checkModel(file, info.Size()); err != nil {
		return nil, err
	}
	return load(cfg, func() weights { return loadFile(path) })
}

// LoadBytes loads a model from memory. b may be dropped afterwards.
func LoadBytes(b []byte, cfg Config) (*Model, error) {
	if err := checkModel(bytes.NewReader(b), int64(len(b))); err != nil {
		return nil, err
	}
	return load(cfg, func() weights { return loadBytes(b) })
}

func load(cfg Config, read func() weights) (*Model, error) {
	if cfg.Log != nil {
		library.log.Store(cfg.Log)
	}
	if err := prepare(); err != nil {
		return nil, err
	}
	library.loading.Lock()
	defer library.loading.Unlock()
	library.lastError.Store(nil)
	loaded := read()
	if loaded.c == nil {
		if said := library.lastError.Load(); said != nil {
			return nil, fmt.Errorf("%w: %s", ErrModel, *said)
		}
		return nil, ErrModel
	}
	hugePages(true)
	return &Model{weights: loaded, users: 1}, nil
}

// NewEngine returns a recogniser for one worker. Its memory is its own, the weights are shared. It is
// ErrNoMemory when there is no room for another.
func (m *Model) NewEngine() (*Engine, error) {
	if !m.acquire() {
		return nil, ErrClosed
	}
	fresh := m.newState()
	if fresh.c == nil {
		m.release()
		return nil, ErrNoMemory
	}
	return newEngine(m, fresh), nil
}

// newState returns a state, none when there is no room for one. What the first took tells how much the
// others need: the system hands out more memory than it has and ends the process later.
func (m *Model) newState() state {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.room.fits() {
		return state{}
	}
	before := taken()
	fresh := m.weights.newState()
	if grown := taken().less(before); fresh.c != nil {
		grown.resident *= usedLater
		m.room = m.room.most(grown)
		hugePages(false)
	}
	return fresh
}

// renew returns a state in the place of old, which is given back; old may be none whose room was granted once. It is
// not asked whether there is room for one more: meanwhile nobody else can take what old had.
func (m *Model) renew(old state) state {
	m.mu.Lock()
	defer m.mu.Unlock()
	if old.c != nil {
		old.free()
	}
	fresh := m.weights.newState()
	if fresh.c != nil {
		hugePages(false)
	}
	return fresh
}

// Close gives the weights back as soon as the last engine is closed too.
func (m *Model) Close() error {
	m.mu.Lock()
	first := !m.closed
	m.closed = true
	m.mu.Unlock()
	if first {
		m.release()
	}
	return nil
}

func (m *Model) acquire() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false
	}
	m.users++
	return true
}

func (m *Model) release() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.users--; m.users == 0 {
		m.weights.free()
	}
}
