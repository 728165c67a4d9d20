package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/bucketurl"
)

// When says what shows that a recording is complete.
type When string

// The signs of a complete recording. WhenDone does without waiting: who writes the marker knows.
const (
	WhenSettled  When = "settled"  // its size and time have not changed for a while
	WhenDone     When = "done"     // a file of its name and .done, or with .done for its extension, is there
	WhenManifest When = "manifest" // a manifest names it, and it has settled
	WhenSidecar  When = "sidecar"  // its <recording>.json is there, and it has settled
)

// doneMarker ends the name of a file that says that a recording is complete.
const doneMarker = ".done"

// mostFresh is how many new recordings one look at a bucket takes up; the next look finds the others.
const mostFresh = 100_000

// BucketConfig says where recordings come from and how they are taken.
type BucketConfig struct {
	Name        string        // of the source; a label of metrics
	URL         string        // see internal/bucketurl
	Credentials string        // file of access keys in AWS's format. Defaults to the environment and AWS's own places.
	Patterns    []string      // globs, ** for any depth; one without a slash is held against the last part of a name. Defaults to all audio.
	When        When          // defaults to WhenSettled
	Settle      time.Duration // how long size and time must not have changed. 0 takes at once.
	Manifest    string        // glob of manifests in the bucket. Defaults to none.
	MoveDone    string        // prefix that recordings are moved to when they are scored. Defaults to leaving them.
	MoveFailed  string        // and when they could not be
	Nudged      bool          // whoever writes to it nudges its watcher: the system is not asked to tell of changes
	MaxBytes    int64         // largest recording taken. Defaults to 2 GiB.

	Names  Config                // how names and times are read, and the folder never entered
	Report func(Problem)         // told once of each name, line or folder that cannot be used. Defaults to nobody.
	now    func() time.Time      // the clock
	wrap   func(backend) backend // for tests
}

func (c BucketConfig) withDefaults() BucketConfig {
	c.When = cmp.Or(c.When, WhenSettled)
	c.MaxBytes = cmp.Or(c.MaxBytes, 2<<30)
	if c.Names.Location == nil {
		c.Names.Location = time.UTC
	}
	if c.Report == nil {
		c.Report = func(Problem) {}
	}
	if c.now == nil {
		c.now = time.Now
	}
	return c
}

// backend is a store of named objects. Names that it lists can be printed and lead nowhere else.
type backend interface {
	// list yields all objects whose names begin with prefix, in any order.
	list(ctx context.Context, prefix string, yield func(Object) error) error
	// fetch brings the object's bytes into a file below dir, or returns where they are, and what its store says of it.
	fetch(ctx context.Context, o Object, dir string, limit int64) (fetched, error)
	// read returns a small object; the error is a call.ErrNotFound when there is none.
	read(ctx context.Context, key string, limit int64) ([]byte, error)
	// move renames an object, or deletes it when key is empty; one that is not there any more is no error.
	move(ctx context.Context, o Object, key string) error
	// put stores the file at path under key and takes it away from path.
	put(ctx context.Context, path, key string) error
}

// fetched is a recording that can be read.
type fetched struct {
	file    string            // where
	said    map[string]string // what its store says of it, by column
	release func() error
}

// Bucket is a place that recordings come from: a folder, or a bucket of an object store.
type Bucket struct {
	cfg      BucketConfig
	url      bucketurl.URL
	patterns []Pattern
	backend  backend

	mutex     sync.Mutex
	seen      map[string]sight // by key: what has not settled yet
	open      int              // how many were not complete at the last look
	due       time.Time        // when the first of them will have settled
	manifests map[string]manifestFile
	past      map[digest]bool // what was there at the last look and known: nobody needs to be asked again

	moving  sync.Mutex        // apart from mutex, which a look holds while it lists
	retried map[digest]string // keys of recordings that were fetched from where failed ones go

	telling sync.Mutex
	told    map[string]bool // problems, by path and code
	counted func(Problem)   // by metrics, if the bucket is watched
}

// OpenBucket returns the bucket of cfg. It is reached for the first time when it is used. The error is for
// settings.
func OpenBucket(ctx context.Context, cfg BucketConfig) (*Bucket, error) {
	b := &Bucket{cfg: cfg.withDefaults(), seen: map[string]sight{}, manifests: map[string]manifestFile{}, told: map[string]bool{}, retried: map[digest]string{}}
	var err error
	if b.url, err = bucketurl.Parse(cfg.URL); err != nil {
		return nil, fmt.Errorf("open source %s: %w", cfg.Name, err)
	}
	if err := b.cfg.validate(); err != nil {
		return nil, fmt.Errorf("open source %s: %w", cfg.Name, err)
	}
	if b.patterns, err = compilePatterns(cfg.Names.Patterns); err != nil {
		return nil, err
	}
	if b.url.Folder != "" {
		b.backend = newFolder(b.url, b.cfg, b.report)
	} else if b.backend, err = openObjects(ctx, b.url, b.cfg, b.report); err != nil {
		return nil, fmt.Errorf("open source %s: %w", cfg.Name, err)
	}
	if cfg.wrap != nil {
		b.backend = cfg.wrap(b.backend)
	}
	return b, nil
}

func (c BucketConfig) validate() error {
	if !bucketurl.GoodName(c.Name) {
		return fmt.Errorf("%w: %q cannot name a source: letters, digits and - _ . can", call.ErrInvalid, c.Name)
	}
	for _, glob := range append(slices.Clone(c.Patterns), c.Manifest) {
		if !doublestar.ValidatePattern(glob) {
			return fmt.Errorf("%w: %q is no pattern such as **/*.wav", call.ErrInvalid, glob)
		}
	}
	for _, prefix := range []string{c.MoveDone, c.MoveFailed} {
		if prefix != "" && !bucketurl.CleanKey(strings.TrimSuffix(prefix, "/")) {
			return fmt.Errorf("%w: %q is no prefix such as done/", call.ErrInvalid, prefix)
		}
	}
	switch c.When {
	case WhenSettled, WhenDone, WhenSidecar:
	case WhenManifest:
		if c.Manifest == "" {
			return fmt.Errorf("%w: recordings wait for a manifest, and none is set", call.ErrInvalid)
		}
	default:
		return fmt.Errorf("%w: %q is no sign of a complete recording", call.ErrInvalid, c.When)
	}
	return nil
}

// count has problems counted.
func (b *Bucket) count(counted func(Problem)) {
	b.telling.Lock()
	defer b.telling.Unlock()
	b.counted = counted
}

// Plain reports whether recordings travel to this machine so that they can be read on the way.
func (b *Bucket) Plain() bool { return b.url.Plain() }

// Name returns the source's name.
func (b *Bucket) Name() string { return b.cfg.Name }

// Location returns what the path of an object is called in results: the file of a folder, else s3://bucket/key.
func (b *Bucket) Location(key string) string {
	if b.url.Folder != "" {
		return filepath.Join(b.url.Folder, filepath.FromSlash(key))
	}
	return "s3://" + b.url.Bucket + "/" + key
}

// mostTold bounds how many problems are remembered as told.
const mostTold = 10_000

// report tells of a problem once.
func (b *Bucket) report(p Problem) {
	b.telling.Lock()
	defer b.telling.Unlock()
	id := p.Path + "\x00" + p.Err.Code
	if b.told[id] {
		return
	}
	if len(b.told) >= mostTold {
		clear(b.told)
	}
	b.told[id] = true
	if b.counted != nil {
		b.counted(p)
	}
	b.cfg.Report(p)
}

// Ready looks at the bucket once and yields every complete recording whose ID is not known, the oldest first.
// An error of yield ends it and is returned; others mean that the bucket could not be looked at.
func (b *Bucket) Ready(ctx context.Context, known func(id string) bool, yield func(Object) error) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	l := newLook(b, known)
	if err := b.backend.list(ctx, b.url.Prefix, l.take); err != nil {
		return fmt.Errorf("list source %s: %w", b.cfg.Name, err)
	}
	ready, err := l.ready(ctx)
	if err != nil {
		return fmt.Errorf("read source %s: %w", b.cfg.Name, err)
	}
	slices.SortStableFunc(ready, func(a, b Object) int { return a.ModTime.Compare(b.ModTime) })
	for _, o := range ready {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := yield(o); err != nil {
			return err
		}
	}
	return nil
}

// Reach fails when the bucket cannot be looked at. It changes nothing there.
func (b *Bucket) Reach(ctx context.Context) error {
	enough := errors.New("one is enough")
	err := b.backend.list(ctx, b.url.Prefix, func(Object) error { return enough })
	if err != nil && !errors.Is(err, enough) {
		return fmt.Errorf("list source %s: %w", b.cfg.Name, err)
	}
	return nil
}

// relative returns key without the source's prefix.
func (b *Bucket) relative(key string) string {
	return strings.TrimPrefix(strings.TrimPrefix(key, b.url.Prefix), "/")
}

// wanted reports whether the object called key is a recording of this source.
func (b *Bucket) wanted(key string) bool {
	if !IsAudio(key) {
		return false
	}
	return len(b.cfg.Patterns) == 0 || slices.ContainsFunc(b.cfg.Patterns, func(glob string) bool { return matches(glob, b.relative(key)) })
}

// moved reports whether key lies where recordings are moved to when they are done.
func (b *Bucket) moved(key string) bool {
	below := func(prefix string) bool {
		return prefix != "" && strings.HasPrefix(key, strings.TrimSuffix(prefix, "/")+"/")
	}
	return below(b.cfg.MoveDone) || below(b.cfg.MoveFailed)
}

// hidden reports whether a part of the relative name begins with a dot.
func hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
}

// matches holds a relative name against a glob; one without a slash is held against the last part.
func matches(glob, name string) bool {
	if !strings.Contains(glob, "/") {
		name = path.Base(name)
	}
	return glob != "" && doublestar.MatchUnvalidated(glob, name)
}
