package models

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// State says whether a model can be used.
type State string

// The states of a model.
const (
	StateEmbedded  State = "embedded"  // inside the program
	StateInstalled State = "installed" // in the models folder
	StatePartial   State = "partial"   // its download broke off and can be resumed
	StateAvailable State = "available" // can be pulled
)

// Model is a model that is known here: of the catalogue, added, or the demo model.
type Model struct {
	Entry
	State   State
	Size    int64  // of what is on disk
	Pinned  string // the SHA-256 under which the user trusts it
	Trusted bool
}

// partSuffix marks downloads under way.
const partSuffix = ".part"

// List returns the demo model, the catalogue, and the files added to the models folder.
func List(dir string) ([]Model, error) {
	pins, err := readPins(dir)
	if err != nil {
		return nil, err
	}
	list := []Model{{
		Entry: Entry{Name: DemoName, Kind: KindSpeech, Licence: "Apache-2.0", Note: DemoNote},
		State: StateEmbedded, Size: int64(len(demoPacked)),
	}}
	for _, e := range catalogue {
		list = append(list, onDisk(dir, e, pins))
	}
	files, err := added(dir, pins)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		e := Entry{Name: strings.TrimSuffix(file, ".bin"), File: file, Note: "added by the user"}
		if s, err := checkFile(filepath.Join(dir, file), ""); err == nil {
			e.Kind = s.Kind
		}
		list = append(list, onDisk(dir, e, pins))
	}
	return list, nil
}

func onDisk(dir string, e Entry, pins map[string]pin) Model {
	m := Model{Entry: e, State: StateAvailable, Pinned: pins[e.File].SHA256, Trusted: pins[e.File].Trusted}
	if stat, err := os.Stat(filepath.Join(dir, e.File)); err == nil {
		m.State, m.Size = StateInstalled, stat.Size()
	} else if stat, err := os.Stat(filepath.Join(dir, e.File+partSuffix)); err == nil {
		m.State, m.Size = StatePartial, stat.Size()
	}
	return m
}

// added returns the pinned files that are not in the catalogue and are there, in order.
func added(dir string, pins map[string]pin) ([]string, error) {
	var files []string
	for file := range pins {
		_, listed := findFile(file)
		if _, err := os.Stat(filepath.Join(dir, file)); !listed && err == nil {
			files = append(files, file)
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fault(FaultUnreadable, err, "the models folder cannot be read")
		}
	}
	slices.Sort(files)
	return files, nil
}

// Verified is the outcome of verifying one file.
type Verified struct {
	Name   string
	File   string
	SHA256 string // when it is the expected one
	Err    error  // why it cannot be used
}

// Verify hashes every model in the models folder and checks its structure. progress, which may be nil,
// is told how far each file is. The error is for what ends the whole run.
func Verify(ctx context.Context, dir string, progress func(name string, done, total int64)) ([]Verified, error) {
	list, err := List(dir)
	if err != nil {
		return nil, err
	}
	var results []Verified
	for _, m := range list {
		if m.State != StateInstalled {
			continue
		}
		v := Verified{Name: m.Name, File: m.File}
		v.SHA256, v.Err = knownHash(ctx, dir, m.File, true, func(done, total int64) {
			if progress != nil {
				progress(m.Name, done, total)
			}
		})
		if v.Err == nil {
			_, v.Err = checkFile(filepath.Join(dir, m.File), m.Kind)
		}
		if ctx.Err() != nil {
			return results, context.Cause(ctx)
		}
		results = append(results, v)
	}
	return results, nil
}
