package source

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
)

// The reasons why an object cannot be worked on. Other errors of Fetch may pass.
const (
	faultNotFound = "not_found" // it is not there any more
	faultChanged  = "changed"   // it is another version by now, which is worked on by itself
	faultBadName  = "bad_name"  // a name that could lead elsewhere or cannot be printed
)

// Fetch brings the recording of o to this machine: into a folder of its own below dir, or, from a folder, as
// it lies there. release takes a copy away again and is never nil. A *call.Fault as the error stays when it is
// tried again; any other may pass.
func (b *Bucket) Fetch(ctx context.Context, o Object, dir string) (item Item, release func() error, err error) {
	release = func() error { return nil }
	if err := b.admit(o); err != nil {
		return Item{}, release, err
	}
	got, at, err := b.fetchWherever(ctx, o, dir)
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
	b.moving.Lock()
	if at != o.Key {
		b.retried[o.digest()] = at
	}
	b.moving.Unlock()
	beside, err := b.Beside(ctx, at)
	if err != nil {
		return Item{}, func() error { return nil }, errors.Join(err, release())
	}
	item.Said, _ = o.Metadata.Merge(beside)
	item.Said, _ = item.Said.Merge(b.ownFields(o, got.said))
	item.Metadata, _ = item.Said.Merge(fromName(b.patterns, item.Path, b.cfg.Names.Location))
	return item, release, nil
}

// fetchWherever fetches o from where it was found or, since it may be tried again after it was set aside, from
// where failed ones are moved to. It returns the key it has there.
func (b *Bucket) fetchWherever(ctx context.Context, o Object, dir string) (got fetched, at string, err error) {
	got, err = b.backend.fetch(ctx, o, dir, b.cfg.MaxBytes)
	if code := call.FaultCode(err); b.cfg.MoveFailed == "" || code != faultNotFound && code != faultChanged {
		return got, o.Key, err
	}
	target := b.target(o.Key, b.cfg.MoveFailed)
	for _, key := range []string{target, beside(target, o.Version)} {
		moved := o
		moved.Key = key
		got, again := b.backend.fetch(ctx, moved, dir, b.cfg.MaxBytes)
		var fault *call.Fault
		switch {
		case again == nil:
			return got, key, nil
		case !errors.As(again, &fault): // it may pass
			return fetched{}, o.Key, again
		}
	}
	return fetched{}, o.Key, err
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
		return call.TooLarge(b.cfg.MaxBytes)
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

// Beside returns what the sidecar of the recording called key says, nothing when there is none. One with any fault
// is not used; the recording is.
func (b *Bucket) Beside(ctx context.Context, key string) (call.Metadata, error) {
	key += sidecarEnd
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
