package source

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// mostLines bounds the lines of manifests that are looked at, those of the newest first.
const mostLines = 500_000

// manifestFile is a manifest as it was read.
type manifestFile struct {
	version string
	lines   []manifestLine
}

// manifestLine is what one line says of one recording.
type manifestLine struct {
	where    string // the manifest's line, for messages
	name     string // of the recording, as the line has it
	metadata call.Metadata
}

// catalogue returns what the manifests of the bucket say, by key. Manifests are waited for like recordings.
func (l *look) catalogue(ctx context.Context, waiting map[string]sight) (map[string]manifestLine, error) {
	said := map[string]manifestLine{}
	read := map[string]manifestFile{}
	slices.SortStableFunc(l.manifests, func(a, b Object) int { return b.ModTime.Compare(a.ModTime) })
	lines := 0
	for _, o := range l.manifests {
		if !l.settled(o, waiting) || len(l.fresh) == 0 {
			if old, ok := l.Bucket.manifests[o.Key]; ok {
				read[o.Key] = old
			}
			continue
		}
		if lines > mostLines {
			l.report(Problem{Path: l.Location(o.Key), Warning: true, Err: call.NewFault("too_many_lines",
				fmt.Sprintf("the manifest is not read: newer ones have more than %d lines", mostLines), nil)})
			continue
		}
		file, err := l.readManifest(ctx, o)
		if err != nil {
			return nil, err
		}
		lines += len(file.lines)
		read[o.Key] = file
		l.name(path.Dir(o.Key), file.lines, said)
	}
	l.Bucket.manifests = read
	return said, nil
}

// name finds the recordings of lines, whose manifest lies in folder.
func (l *look) name(folder string, lines []manifestLine, said map[string]manifestLine) {
	has := func(key string) bool { return l.keys[key] }
	for _, line := range lines {
		key, ok := ending(folder, line.name, path.Join, has)
		if !ok {
			continue // not there yet
		}
		first, twice := said[key]
		if !twice {
			said[key] = line
		} else if !sameMetadata(first.metadata, line.metadata) {
			l.report(Problem{Path: line.where, Warning: true, Err: call.NewFault("duplicate",
				"the line is not used: the same recording has other metadata at "+first.where, nil)})
		}
	}
}

// readManifest reads a manifest that has changed. One that cannot be used is reported and has no lines.
func (b *Bucket) readManifest(ctx context.Context, o Object) (manifestFile, error) {
	if old, ok := b.manifests[o.Key]; ok && old.version == o.Version {
		return old, nil
	}
	file := manifestFile{version: o.Version}
	data, err := b.backend.read(ctx, o.Key, maxManifest)
	var fault *call.Fault
	switch {
	case errors.Is(err, call.ErrNotFound):
		return file, nil
	case errors.As(err, &fault):
		b.report(Problem{Path: b.Location(o.Key), Err: fault})
		return file, nil
	case err != nil:
		return file, err
	}
	text, err := decodeText(data)
	if err != nil {
		b.report(Problem{Path: b.Location(o.Key), Err: call.NewFault("bad_manifest", "the manifest cannot be read", err)})
		return file, nil
	}
	for e := range entries(o.Key, text) {
		b.manifestEntry(fmt.Sprintf("%s:%d", b.Location(o.Key), e.line), e, &file)
	}
	return file, nil
}

func (b *Bucket) manifestEntry(where string, e entry, file *manifestFile) {
	name := e.fields[pathColumn]
	switch {
	case e.err != nil:
		b.report(Problem{Path: where, Err: call.NewFault("bad_manifest", "the line is not used", e.err)})
		return
	case name == "" || !plain(name):
		b.report(Problem{Path: where, Err: call.NewFault("bad_manifest", "the line is not used: it names no path", nil)})
		return
	}
	m, faults := readFields(e.fields, b.cfg.Names.Location)
	for _, f := range faults {
		b.report(Problem{Path: where, Warning: true, Err: call.NewFault("bad_value", f.column+" is not used", f.err)})
	}
	file.lines = append(file.lines, manifestLine{where, name, m})
}
