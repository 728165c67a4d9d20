package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// watchEvery is how often the files are looked at.
const watchEvery = 500 * time.Millisecond

// divider ends the line between two checks.
const divider = "────────────────────────────────────────"

// WatchCheck runs Check, and again whenever a word list or a scorecard was saved, until ctx ends. What is
// wrong is told each time and ends nothing.
func WatchCheck(ctx context.Context, env Env) error {
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	for run := 0; ; run++ {
		before := env.watched()
		if run > 0 {
			now := time.Now().Format(time.TimeOnly)
			env.say("──── %s 再次检查 "+divider, "──── %s checked again "+divider, now)
		}
		if err := Check(ctx, env); err != nil && !errors.Is(err, ErrCheckFailed) {
			return err
		}
		env.say("等待修改…", "waiting for changes…")
		for slices.Equal(before, env.watched()) {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-ticker.C:
			}
		}
	}
}

// watched lists the files that Check reads with their sizes and times. The folder of a scorecard counts as
// a whole, since cards include others.
func (e Env) watched() []string {
	paths := slices.Clone(e.Config.Lexicons)
	if _, err := os.Stat(e.Config.Scorecard); err == nil {
		paths = append(paths, filepath.Dir(e.Config.Scorecard))
	}
	var state []string
	for _, path := range paths {
		files := []string{path}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			files, _ = filepath.Glob(filepath.Join(path, "*.y*ml")) // the pattern is good
		}
		for _, file := range files {
			info, err := os.Stat(file)
			if err != nil {
				state = append(state, file+" "+err.Error())
				continue
			}
			state = append(state, fmt.Sprintf("%s %d %d", file, info.Size(), info.ModTime().UnixNano()))
		}
	}
	return state
}
