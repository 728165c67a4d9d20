package app

import (
	"context"
	"iter"
	"path/filepath"
	"slices"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/worker"
)

// Score takes the recordings that paths name all the way and prints a table of their scores, or JSON
// Lines. Recordings that fail are named on env.Err and kept; then the error is ErrSomeFailed.
func Score(ctx context.Context, env Env, paths []string) (err error) {
	d := &day{env: env, started: time.Now(), paths: absolute(paths), shown: map[string]bool{}}
	if err := d.scan(ctx, paths); err != nil {
		return err
	}
	mask, err := env.mask("score")
	if err != nil {
		return err
	}
	d.lines = report.NewLines(env.Out, mask)
	d.mask = mask
	var open closers
	defer func() { err = joinClose(err, &open) }()
	work, st, err := env.openWork(ctx, &open)
	if err != nil {
		return err
	}
	if err := d.run(ctx, work); err != nil {
		return err
	}
	return d.show(ctx, st)
}

func absolute(paths []string) []string {
	list := make([]string, len(paths))
	for i, path := range paths {
		list[i] = path
		if whole, err := filepath.Abs(path); err == nil {
			list[i] = whole
		}
	}
	return list
}

// scan finds the recordings. When there is nothing to work on, what was wrong is said and nothing kept.
func (d *day) scan(ctx context.Context, paths []string) error {
	items, problems, err := source.Scan(ctx, paths, d.env.sourceConfig())
	if err != nil {
		return err
	}
	d.items = items
	for _, p := range problems {
		d.problem(p)
	}
	if len(items) == 0 && !slices.ContainsFunc(d.failures, d.kept) {
		for _, f := range d.failures {
			d.env.sayFailure(f)
		}
		return ErrNothingFound
	}
	return nil
}

// problem takes up what was wrong with a path: a failure, or a word about a recording that is scored.
func (d *day) problem(p source.Problem) {
	f := call.Failure{Path: p.Path, Code: p.Err.Code, Message: p.Err.Error()}
	if p.Warning {
		d.env.sayWarning(f)
		return
	}
	d.failures = append(d.failures, f)
}

// kept reports whether f goes into the store: a path that was mistyped does not.
func (d *day) kept(f call.Failure) bool {
	return f.Code != "not_found" || !slices.Contains(d.paths, f.Path)
}

// day is one run over a set of recordings.
type day struct {
	env      Env
	started  time.Time
	paths    []string // as they were typed, absolute
	items    []source.Item
	mask     func(string) string
	lines    *report.Lines
	shown    map[string]bool // by ID: the same audio under two names is one recording
	failures []call.Failure
	erased   []call.Failure // left alone: their data were deleted
	unsaid   error          // the first result that could not be printed
}

func (d *day) run(ctx context.Context, work work) error {
	b := batch{Items: d.items, Paths: d.paths, Started: d.started}
	for _, f := range d.failures {
		if d.kept(f) {
			b.Failures = append(b.Failures, f)
		}
	}
	progress := newProgress(d.env, d.items, d.started)
	err := work(ctx, b, func(done worker.Done) {
		progress.add(done)
		d.take(done)
	})
	progress.finish()
	if ctx.Err() != nil {
		d.env.say("已中断。再次运行同一条命令，会从中断处继续。", "Interrupted. The same command goes on where this stopped.")
	}
	return err
}

func (d *day) take(done worker.Done) {
	if done.Err != nil {
		f := call.Failure{Path: done.Item.Path, Code: call.FaultCode(done.Err), Message: done.Err.Error()}
		if worker.IsErased(done.Err) {
			d.erased = append(d.erased, f)
		} else {
			d.failures = append(d.failures, f)
		}
		return
	}
	if id := done.Record.Recording.ID; d.env.Config.JSON && !d.shown[id] {
		d.shown[id] = true
		d.printed(d.lines.Call(done.Record))
	}
}

// printed notes that a line could not be written; the work goes on, since its result is stored.
func (d *day) printed(err error) {
	if d.unsaid == nil {
		d.unsaid = err
	}
}

// show prints the table and names what failed.
func (d *day) show(ctx context.Context, st *store.Store) error {
	for _, f := range d.failures {
		d.env.sayFailure(f)
		if d.env.Config.JSON {
			d.printed(d.lines.Failure(f))
		}
	}
	d.sayErased()
	if !d.env.Config.JSON {
		if err := d.table(ctx, st); err != nil {
			return err
		}
	}
	if d.unsaid != nil {
		return d.unsaid
	}
	if len(d.failures) > 0 {
		return ErrSomeFailed
	}
	return nil
}

// sayErased tells how many recordings were left alone because their data were deleted.
func (d *day) sayErased() {
	if len(d.erased) == 0 {
		return
	}
	d.env.say("%d 通的数据已按保存期限或应要求删除，未评分", "%d calls were left alone: their data were deleted for their age or on request", len(d.erased))
	if d.env.Config.JSON {
		for _, f := range d.erased {
			d.printed(d.lines.Failure(f))
		}
	}
}

func (d *day) table(ctx context.Context, st *store.Store) error {
	built, err := report.Build(d.stored(ctx, st), d.failures, report.Options{
		Lang: d.env.Config.Lang, Mask: d.mask, MinCalls: d.env.Config.MinCalls, Colour: d.env.Colour, Zone: d.env.zone(), Details: 1,
	})
	if err != nil {
		return err
	}
	return built.WriteTable(d.env.Out)
}

// stored streams the results of this run's recordings, and those only.
func (d *day) stored(ctx context.Context, st *store.Store) iter.Seq2[score.Record, error] {
	paths := make([]string, len(d.items))
	for i, item := range d.items {
		paths[i] = item.Path
	}
	if len(paths) == 0 {
		return func(func(score.Record, error) bool) {}
	}
	return st.Calls(ctx, store.CallFilter{Paths: paths})
}
