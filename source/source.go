package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/call"
)

// Item is one recording to work on: where it is and what is known about it.
type Item struct {
	Path          string        // what the recording is called in results
	Copy          string        // a file with its bytes where Path is none; empty when Path is one
	Job           string        // ID of the job that brought it; empty where none did
	call.Metadata               // all that is known
	Said          call.Metadata // of it, what a manifest or a sidecar says: the name may only fill its gaps
}

// File returns the file that holds the recording's bytes.
func (i Item) File() string { return cmp.Or(i.Copy, i.Path) }

// Problem is a recording that was named but cannot be worked on, a line that names none, or, as a
// warning, a fault that costs no recording: a value, a line or a sidecar file that is not used.
type Problem struct {
	Path    string // absolute; <manifest>:<line> for a line of a manifest
	Err     *call.Fault
	Warning bool
}

// Config says how to read names and times.
type Config struct {
	Patterns []string       // regular expressions with named groups; see Pattern. Defaults to DefaultPatterns.
	Location *time.Location // zone of times without one. Defaults to UTC.
	Skip     string         // a folder never entered: the data folder
}

// Scan returns the recordings that paths name, in order: files as they are, folders recursively,
// manifests (.csv, .jsonl, .ndjson) line by line. A recording named twice is returned once, with what
// the manifest says of it. The error is for settings and the end of ctx only; what is wrong with
// single recordings is in the problems.
func Scan(ctx context.Context, paths []string, cfg Config) ([]Item, []Problem, error) {
	patterns, err := compilePatterns(cfg.Patterns)
	if err != nil {
		return nil, nil, err
	}
	if cfg.Location == nil {
		cfg.Location = time.UTC
	}
	s := &scan{cfg: cfg, patterns: patterns, folders: map[string]string{}, seen: map[string]*mention{}}
	for _, path := range paths {
		s.path(ctx, path)
		if err := ctx.Err(); err != nil {
			return nil, nil, fmt.Errorf("find recordings: %w", err)
		}
	}
	return s.items, s.problems, nil
}

// scan is what one call of Scan has found so far.
type scan struct {
	cfg      Config
	patterns []Pattern
	folders  map[string]string   // where a folder really is, links resolved
	seen     map[string]*mention // by path
	items    []Item
	problems []Problem
}

// mention is where a recording was named first.
type mention struct {
	item  int           // its index
	where string        // the manifest's line; empty for a file that was found
	given call.Metadata // what that line says
}

func (s *scan) path(ctx context.Context, path string) {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.fault(path, call.NewFault("not_found", "there is no such file or folder", nil))
	case err != nil:
		s.fault(path, call.NewFault("unreadable", "the file cannot be read", err))
	case info.IsDir():
		s.folder(ctx, s.resolve(path))
	case !info.Mode().IsRegular():
		s.fault(path, call.NewFault("not_regular", "it is neither a file nor a folder", nil))
	case IsManifest(path):
		s.manifest(ctx, path)
	default:
		s.add(path, call.Metadata{}, "")
	}
}

// fault notes why a recording is not worked on, warn what did not stop it.
func (s *scan) fault(path string, fault *call.Fault) {
	s.problems = append(s.problems, Problem{Path: path, Err: fault})
}

func (s *scan) warn(path string, fault *call.Fault) {
	s.problems = append(s.problems, Problem{Path: path, Err: fault, Warning: true})
}

// folder adds every file below root with an audio extension. Symbolic links, hidden files and
// folders, and the data folder are passed over.
func (s *scan) folder(ctx context.Context, root string) {
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return fs.SkipAll
		}
		if err != nil {
			s.fault(path, call.NewFault("unreadable", "the folder cannot be read", err))
			return nil
		}
		hidden := strings.HasPrefix(entry.Name(), ".") && path != root
		if entry.IsDir() && (hidden || sameFile(path, s.cfg.Skip)) {
			return fs.SkipDir
		}
		if entry.Type().IsRegular() && !hidden && IsAudio(path) {
			s.add(path, call.Metadata{}, "")
		}
		return nil
	})
	if err != nil {
		s.fault(root, call.NewFault("unreadable", "the folder cannot be read", err))
	}
}

func sameFile(a, b string) bool {
	if b == "" {
		return false
	}
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// resolve returns where folder really is, so that a recording has one path however it was named.
func (s *scan) resolve(folder string) string {
	found, ok := s.folders[folder]
	if !ok {
		var err error
		if found, err = filepath.EvalSymlinks(folder); err != nil {
			found = folder
		}
		s.folders[folder] = found
	}
	return found
}

// add completes what is known about the recording at path from its sidecar and its name, in that
// order of trust after what the line of a manifest gives, if where names one.
func (s *scan) add(path string, given call.Metadata, where string) {
	path = filepath.Join(s.resolve(filepath.Dir(path)), filepath.Base(path))
	if first, ok := s.seen[path]; ok {
		s.again(first, given, where)
		return
	}
	s.seen[path] = &mention{item: len(s.items), where: where, given: given}
	said, _ := given.Merge(s.sidecar(path))
	known, _ := said.Merge(s.fromName(path))
	s.items = append(s.items, Item{Path: path, Metadata: known, Said: said})
}

// again takes the line of a manifest for a file that was found before, and names a second line that
// says otherwise than the first.
func (s *scan) again(first *mention, given call.Metadata, where string) {
	switch {
	case where == "":
	case first.where == "":
		first.where, first.given = where, given
		item := &s.items[first.item]
		item.Metadata, _ = given.Merge(item.Metadata)
		item.Said, _ = given.Merge(item.Said)
	case !sameMetadata(first.given, given):
		s.warn(where, call.NewFault("duplicate",
			"the line is not used: the same recording has other metadata at "+first.where, nil))
	}
}

func sameMetadata(a, b call.Metadata) bool {
	a.StartedAt, b.StartedAt = a.StartedAt.UTC(), b.StartedAt.UTC()
	return reflect.DeepEqual(a, b)
}

func (s *scan) fromName(path string) call.Metadata { return fromName(s.patterns, path, s.cfg.Location) }

func fromName(patterns []Pattern, path string, zone *time.Location) call.Metadata {
	for _, p := range patterns {
		if m, ok := p.Match(path, zone); ok {
			return m
		}
	}
	return call.Metadata{}
}

// IsAudio reports whether path ends like a recording, in any case.
func IsAudio(path string) bool {
	return slices.Contains(audioExtensions, strings.ToLower(filepath.Ext(path)))
}

// IsManifest reports whether path ends like a manifest.
func IsManifest(path string) bool {
	return slices.Contains([]string{".csv", ".jsonl", ".ndjson"}, strings.ToLower(filepath.Ext(path)))
}

var audioExtensions = []string{
	".wav", ".wave", ".mp3", ".m4a", ".mp4", ".aac", ".ogg", ".oga", ".opus", ".amr", ".wma", ".flac", ".webm",
}
