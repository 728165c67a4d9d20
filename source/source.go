package source

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/call"
)

// Item is one recording to work on: where it is and what is known about it.
type Item struct {
	Path string
	call.Metadata
}

// Problem is a recording that was named but cannot be worked on, or a line that names none.
type Problem struct {
	Path string
	Err  *call.Fault
}

// Config says how to read names and times.
type Config struct {
	Patterns []string       // regular expressions with named groups; see Pattern. Defaults to DefaultPatterns.
	Location *time.Location // zone of times without one. Defaults to UTC.
	Skip     string         // a folder never entered: the data folder
}

// Scan returns the recordings that paths name, in order: files as they are, folders recursively,
// manifests (.csv, .jsonl, .ndjson) line by line. A recording named twice is returned once. The
// error is for settings only; what is wrong with single recordings is in the problems.
func Scan(paths []string, cfg Config) ([]Item, []Problem, error) {
	patterns, err := compilePatterns(cfg.Patterns)
	if err != nil {
		return nil, nil, err
	}
	s := &scan{patterns: patterns, cfg: cfg, seen: map[string]bool{}}
	if s.cfg.Location == nil {
		s.cfg.Location = time.UTC
	}
	for _, path := range paths {
		s.path(path)
	}
	return s.items, s.problems, nil
}

type scan struct {
	cfg      Config
	patterns []Pattern
	seen     map[string]bool
	items    []Item
	problems []Problem
}

func (s *scan) path(path string) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.fault(path, call.NewFault("not_found", "there is no such file or folder", nil))
	case err != nil:
		s.fault(path, call.NewFault("unreadable", "the file cannot be read", err))
	case info.IsDir():
		s.folder(path)
	case IsManifest(path):
		s.manifest(path)
	default:
		s.add(path, call.Metadata{})
	}
}

func (s *scan) fault(path string, fault *call.Fault) {
	s.problems = append(s.problems, Problem{Path: path, Err: fault})
}

// folder adds every file below root with an audio extension. Symbolic links, hidden files and
// folders, and the data folder are passed over.
func (s *scan) folder(root string) {
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			s.fault(path, call.NewFault("unreadable", "the folder cannot be read", err))
			return nil
		}
		hidden := strings.HasPrefix(entry.Name(), ".") && path != root
		if entry.IsDir() && (hidden || sameFile(path, s.cfg.Skip)) {
			return fs.SkipDir
		}
		if entry.Type().IsRegular() && !hidden && IsAudio(path) {
			s.add(path, call.Metadata{})
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

// add completes what is known about path from its sidecar and its name, in that order of trust
// after the metadata given.
func (s *scan) add(path string, known call.Metadata) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		s.fault(path, call.NewFault("unreadable", "the path cannot be made absolute", err))
		return
	}
	if s.seen[absolute] {
		return
	}
	s.seen[absolute] = true
	beside, err := readSidecar(absolute, s.cfg.Location)
	if err != nil {
		s.fault(absolute+".json", call.NewFault("bad_sidecar", "the sidecar file is not used", err))
	}
	known, _ = known.Merge(beside)
	known, _ = known.Merge(s.fromName(absolute))
	s.items = append(s.items, Item{Path: absolute, Metadata: known})
}

func (s *scan) fromName(path string) call.Metadata {
	for _, p := range s.patterns {
		if m, ok := p.Match(path, s.cfg.Location); ok {
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
