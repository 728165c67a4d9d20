package source

import (
	"context"
	"path"
	"strings"
	"time"
)

// look is one look at a bucket: what is there that was not known before.
type look struct {
	*Bucket
	known     func(id string) bool
	fresh     []Object
	manifests []Object
	keys      map[string]bool // of all recordings, when there may be manifests
	beside    map[string]bool // of the markers or sidecars that recordings wait for
	passed    map[digest]bool // what is known
}

func newLook(b *Bucket, known func(id string) bool) *look {
	return &look{Bucket: b, known: known, keys: map[string]bool{}, beside: map[string]bool{}, passed: map[digest]bool{}}
}

// take notes what one object is.
func (l *look) take(o Object) error {
	o.Source = l.cfg.Name
	name := l.relative(o.Key)
	switch {
	case hidden(name) || l.moved(o.Key):
	case l.wanted(o.Key):
		if l.cfg.Manifest != "" {
			l.keys[o.Key] = true
		}
		if digest := o.digest(); l.past[digest] || l.known(o.ID()) {
			l.passed[digest] = true
		} else if len(l.fresh) < mostFresh {
			l.fresh = append(l.fresh, o)
		}
	case IsManifest(o.Key) && matches(l.cfg.Manifest, name):
		l.manifests = append(l.manifests, o)
	case l.cfg.When == WhenDone && strings.HasSuffix(o.Key, doneMarker),
		l.cfg.When == WhenSidecar && strings.HasSuffix(o.Key, sidecarEnd):
		l.beside[o.Key] = true
	}
	return nil
}

// ready returns the fresh recordings that are complete.
func (l *look) ready(ctx context.Context) ([]Object, error) {
	waiting := map[string]sight{}
	l.due = time.Time{}
	said, err := l.catalogue(ctx, waiting)
	if err != nil {
		return nil, err
	}
	var ready []Object
	for _, o := range l.fresh {
		line, named := said[o.Key]
		o.Metadata = line.metadata
		if l.complete(o, named, waiting) {
			ready = append(ready, o)
		}
	}
	l.seen, l.past, l.open = waiting, l.passed, len(l.fresh)-len(ready)
	return ready, nil
}

func (l *look) complete(o Object, named bool, waiting map[string]sight) bool {
	settled := l.settled(o, waiting)
	switch l.cfg.When {
	case WhenDone:
		return l.beside[o.Key+doneMarker] || l.beside[strings.TrimSuffix(o.Key, path.Ext(o.Key))+doneMarker]
	case WhenManifest:
		return named && settled
	case WhenSidecar:
		return l.beside[o.Key+sidecarEnd] && settled
	}
	return settled
}

// sight is a version of an object and when it was seen first.
type sight struct {
	version string
	since   time.Time
}

// settled reports whether the object has been the same for the time that is set. Only our own clock counts, and
// that we saw it: a store's clock may be wrong, and a copy may keep the time of the original.
func (b *Bucket) settled(o Object, waiting map[string]sight) bool {
	now := b.cfg.now()
	s, ok := b.seen[o.Key]
	if !ok || s.version != o.Version {
		s = sight{o.Version, now}
	}
	waiting[o.Key] = s
	due := s.since.Add(b.cfg.Settle)
	if due.After(now) && (b.due.IsZero() || due.Before(b.due)) {
		b.due = due
	}
	return !due.After(now)
}

// incomplete returns how many recordings were not complete at the last look.
func (b *Bucket) incomplete() int {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.open
}

// settling returns when the first of those that had not settled at the last look will have; zero when all had.
func (b *Bucket) settling() time.Time {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.due
}
