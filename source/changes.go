package source

import (
	"context"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/fsnotify/fsnotify"
)

// mostWatched bounds how many folders the system is asked to watch; in a larger tree changes are found by
// looking at intervals, as they are everywhere anyhow.
const mostWatched = 4096

// watchable is a backend that can tell at once when something was written to it.
type watchable interface {
	changes(ctx context.Context) <-chan struct{}
}

// changes tells when something has changed below the root, until ctx ends. It is only a hint: network file
// systems tell nothing. nil never tells.
func (f *folder) changes(ctx context.Context) <-chan struct{} {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil
	}
	w := &treeWatch{folder: f, watcher: watcher, told: make(chan struct{}, 1), most: mostWatched}
	w.add(f.root)
	go w.run(ctx)
	return w.told
}

type treeWatch struct {
	*folder
	watcher *fsnotify.Watcher
	told    chan struct{}
	most    int // folders at once
}

// add watches the folder at path and those below it. What the system watches is counted anew each time: a folder
// that was deleted is watched no more.
func (w *treeWatch) add(path string) {
	count := -1
	_ = filepath.WalkDir(path, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return nil
		}
		if count < 0 {
			count = len(w.watcher.WatchList())
		}
		if path != w.root && strings.HasPrefix(entry.Name(), ".") || sameFile(path, w.skip) || count >= w.most {
			return fs.SkipDir
		}
		if w.watcher.Add(path) == nil {
			count++
		}
		return nil
	})
}

func (w *treeWatch) run(ctx context.Context) {
	defer w.watcher.Close()
	for {
		select {
		case <-ctx.Done():
			return
		case event, ok := <-w.watcher.Events:
			if !ok {
				return
			}
			if event.Has(fsnotify.Create) {
				w.add(event.Name)
			}
			w.tell()
		case _, ok := <-w.watcher.Errors: // too many events at once, as a rule
			if !ok {
				return
			}
			w.tell()
		}
	}
}

func (w *treeWatch) tell() {
	select {
	case w.told <- struct{}{}:
	default: // somebody will look anyhow
	}
}
