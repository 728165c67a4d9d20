package source

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
)

// The reasons why an object cannot be worked on. Other errors of Fetch may pass.
const (
	faultNotFound = "not_found" // it is not there any more
	faultChanged  = "changed"   // it is another version by now, which is worked on by itself
	faultTooLarge = "too_large"
	faultBadName  = "bad_name" // a name that could lead elsewhere or cannot be printed
)

// Fetch brings the recording of o to this machine: into a folder of its own below dir, or, from a folder, as
// it lies there. release takes a copy away again and is never nil. A *call.Fault as the error stays when it is
// tried again; any other may pass.
func (b *Bucket) Fetch(ctx context.Context, o Object, dir string) (item Item, release func() error, err error) {
	release = func() error { return nil }
	if err := b.admit(o); err != nil {
		return Item{}, release, err
	}
	got, err := b.backend.fetch(ctx, o, dir, b.cfg.MaxBytes)
	if err != nil {
		return Item{}, release, err
	}
	if got.release != nil {
		release = got.release
	}
	item = Item{Path: b.Location(o.Key)}
	if got.file != item.Path {
		item.Copy = got.file
	}
	beside, err := b.readBeside(ctx, o)
	if err != nil {
		return Item{}, func() error { return nil }, errors.Join(err, release())
	}
	item.Said, _ = o.Metadata.Merge(beside)
	item.Said, _ = item.Said.Merge(b.ownFields(o, got.said))
	item.Metadata, _ = item.Said.Merge(fromName(b.patterns, item.Path, b.cfg.Names.Location))
	return item, release, nil
}

// admit refuses what this bucket would never have offered: an object may come from a queue.
func (b *Bucket) admit(o Object) error {
	if o.Source != b.cfg.Name {
		return fmt.Errorf("fetch recording: %w: it is of another source, %q", call.ErrInvalid, o.Source)
	}
	if !b.leadsBelow(o.Key) || !strings.HasPrefix(o.Key, b.url.Prefix) || !b.wanted(o.Key) {
		return call.NewFault(faultBadName, "the name is none that this source would take a recording by", nil)
	}
	if o.Size > b.cfg.MaxBytes {
		return tooLarge(b.cfg.MaxBytes)
	}
	return nil
}

// leadsBelow reports whether key names something below the bucket's root.
func (b *Bucket) leadsBelow(key string) bool {
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part == "." || part == ".." || strings.Contains(part, "\x00") {
			return false
		}
	}
	return true
}

func tooLarge(limit int64) *call.Fault {
	return call.NewFault(faultTooLarge, fmt.Sprintf("the recording is larger than %d MB", limit>>20), nil)
}

// readBeside returns what the object's sidecar says. One with any fault is not used; the recording is.
func (b *Bucket) readBeside(ctx context.Context, o Object) (call.Metadata, error) {
	key := o.Key + sidecarEnd
	data, err := b.backend.read(ctx, key, maxSidecar)
	var fault *call.Fault
	switch {
	case errors.Is(err, call.ErrNotFound):
		return call.Metadata{}, nil
	case errors.As(err, &fault):
	case err != nil:
		return call.Metadata{}, fmt.Errorf("read sidecar: %w", err)
	default:
		var m call.Metadata
		if data, err = decodeText(data); err == nil {
			if m, err = parseSidecar(data, b.cfg.Names.Location); err == nil {
				return m, nil
			}
		}
	}
	b.report(Problem{Path: b.Location(key), Warning: true, Err: call.NewFault("bad_sidecar", "the sidecar file is not used", err)})
	return call.Metadata{}, nil
}

// ownFields reads the metadata that the object carries itself. A field that cannot be read is left out.
func (b *Bucket) ownFields(o Object, said map[string]string) call.Metadata {
	fields := map[string]string{}
	for key, value := range said {
		if name, ok := columnName(key); ok {
			fields[name] = strings.TrimSpace(value)
		}
	}
	m, faults := readFields(fields, b.cfg.Names.Location)
	for _, f := range faults {
		b.report(Problem{Path: b.Location(o.Key), Warning: true, Err: call.NewFault("bad_value", f.column+" of the object is not used", f.err)})
	}
	return m
}

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
	if err := b.backend.move(ctx, o, b.target(o.Key, prefix)); err != nil {
		return fmt.Errorf("move recording: %w", err)
	}
	for _, end := range []string{sidecarEnd, doneMarker} {
		beside := Object{Source: o.Source, Key: o.Key + end}
		if err := b.backend.move(ctx, beside, b.target(beside.Key, prefix)); err != nil {
			return fmt.Errorf("move what lies beside the recording: %w", err)
		}
	}
	return nil
}

func (b *Bucket) target(key, prefix string) string {
	return strings.TrimSuffix(prefix, "/") + "/" + b.relative(key)
}

// Find brings a recording of this source, which results call location, to this machine for reading, wherever
// the source has moved it. It returns false when location is none of this source's.
func (b *Bucket) Find(ctx context.Context, location, dir string) (file string, release func() error, ours bool) {
	key, ours := strings.CutPrefix(location, b.Location(""))
	key = strings.TrimPrefix(key, "/")
	if !ours || !b.leadsBelow(key) {
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
// The file is gone from where it was. A recording is there whole or not at all.
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
		return fmt.Errorf("store recording: %w", err)
	}
	return nil
}

// Has returns the keys of the recordings in the folder called name below the prefix.
func (b *Bucket) Has(ctx context.Context, name string) ([]string, error) {
	folder := path.Join(b.url.Prefix, name) + "/"
	var keys []string
	err := b.backend.list(ctx, folder, func(o Object) error {
		if IsAudio(o.Key) {
			keys = append(keys, o.Key)
		}
		return nil
	})
	return keys, err
}
