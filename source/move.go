package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
)

// Done moves the recording to where those that were scored go, if the settings name such a place. It may be
// called again.
func (b *Bucket) Done(ctx context.Context, o Object) error { return b.move(ctx, o, b.cfg.MoveDone) }

// Failed does the same for one that could not be scored.
func (b *Bucket) Failed(ctx context.Context, o Object) error { return b.move(ctx, o, b.cfg.MoveFailed) }

// move renames the recording, and what lies beside it.
func (b *Bucket) move(ctx context.Context, o Object, prefix string) error {
	if prefix == "" {
		return nil
	}
	if err := b.admit(o); err != nil {
		return err
	}
	at := b.whereabouts(o)
	if at != o.Key && prefix == b.cfg.MoveFailed { // it failed again, and lies there
		return nil
	}
	from := o
	from.Key = at
	if err := b.backend.move(ctx, from, b.target(o.Key, prefix)); err != nil {
		return fmt.Errorf("move recording: %w", err)
	}
	for _, end := range []string{sidecarEnd, doneMarker} {
		beside := Object{Source: o.Source, Key: at + end}
		if err := b.backend.move(ctx, beside, b.target(o.Key+end, prefix)); err != nil {
			return fmt.Errorf("move what lies beside the recording: %w", err)
		}
	}
	b.moving.Lock()
	defer b.moving.Unlock()
	delete(b.retried, o.digest())
	return nil
}

// whereabouts returns the key under which o was fetched last.
func (b *Bucket) whereabouts(o Object) string {
	b.moving.Lock()
	defer b.moving.Unlock()
	return cmp.Or(b.retried[o.digest()], o.Key)
}

func (b *Bucket) target(key, prefix string) string {
	return strings.TrimSuffix(prefix, "/") + "/" + b.relative(key)
}

// Find brings a recording of this source, which results call location, to this machine for reading, wherever
// the source has moved it. It returns false when location is none of this source's.
func (b *Bucket) Find(ctx context.Context, location, dir string) (file string, release func() error, ours bool) {
	key, ours := b.keyOf(location)
	if !ours {
		return "", nil, false
	}
	for _, candidate := range []string{key, b.target(key, b.cfg.MoveDone), b.target(key, b.cfg.MoveFailed)} {
		if candidate = strings.TrimPrefix(candidate, "/"); b.hidden(candidate) {
			continue
		}
		got, err := b.backend.fetch(ctx, Object{Source: b.cfg.Name, Key: candidate}, dir, b.cfg.MaxBytes)
		if err == nil {
			return got.file, got.release, true
		}
	}
	return "", nil, false
}

func (b *Bucket) hidden(key string) bool { return hidden(b.relative(key)) }

// Put stores the file as name in the bucket, below its prefix, with what is known of it beside it, if anything.
// The files are gone from where they were. A recording is there whole or not at all.
func (b *Bucket) Put(ctx context.Context, file, sidecar, name string) error {
	key := path.Join(b.url.Prefix, name)
	if !b.leadsBelow(name) || !b.wanted(key) {
		return call.NewFault(faultBadName, "the name is none that this source would take a recording by", nil)
	}
	if sidecar != "" {
		if err := b.backend.put(ctx, sidecar, key+sidecarEnd); err != nil {
			return fmt.Errorf("store metadata: %w", err)
		}
	}
	if err := b.backend.put(ctx, file, key); err != nil {
		return errors.Join(fmt.Errorf("store recording: %w", err), b.remove(context.WithoutCancel(ctx), key+sidecarEnd))
	}
	return nil
}

// Clear deletes the recordings in the folder called name below the prefix, and what lies beside them.
func (b *Bucket) Clear(ctx context.Context, name string) error {
	objects, err := b.Below(ctx, name)
	if err != nil {
		return err
	}
	for _, o := range objects {
		if err := errors.Join(b.remove(ctx, o.Key+sidecarEnd), b.remove(ctx, o.Key)); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bucket) remove(ctx context.Context, key string) error {
	if err := b.backend.move(ctx, Object{Source: b.cfg.Name, Key: key}, ""); err != nil {
		return fmt.Errorf("delete recording: %w", err)
	}
	return nil
}

// keyOf returns the key of the recording that results call location, and whether it is of this source.
func (b *Bucket) keyOf(location string) (key string, ours bool) {
	key, ours = strings.CutPrefix(location, strings.TrimSuffix(b.Location(""), "/")+"/")
	return key, ours && b.leadsBelow(key) && strings.HasPrefix(key, b.url.Prefix)
}

// List yields every object that the source could take as a recording, in any order, complete or not. An error of yield
// ends it and is returned.
func (b *Bucket) List(ctx context.Context, yield func(Object) error) error {
	err := b.backend.list(ctx, b.url.Prefix, func(o Object) error {
		if !b.wanted(o.Key) {
			return nil
		}
		o.Source = b.cfg.Name
		return yield(o)
	})
	if err != nil {
		return fmt.Errorf("list source %s: %w", b.cfg.Name, err)
	}
	return nil
}

// Below returns the recordings in the folder called name below the prefix.
func (b *Bucket) Below(ctx context.Context, name string) ([]Object, error) {
	var objects []Object
	err := b.backend.list(ctx, path.Join(b.url.Prefix, name)+"/", func(o Object) error {
		if b.wanted(o.Key) {
			o.Source = b.cfg.Name
			objects = append(objects, o)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list source %s: %w", b.cfg.Name, err)
	}
	return objects, nil
}
