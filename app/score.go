package app

import (
	"context"
	"fmt"
	"iter"

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
	items, problems, err := source.Scan(paths, source.Config{
		Patterns: env.Config.FilePatterns, Location: env.zone(), Skip: env.Config.DataDir,
	})
	if err != nil {
		return err
	}
	if len(items) == 0 && len(problems) == 0 {
		return ErrNothingFound
	}
	mask, err := env.mask("score")
	if err != nil {
		return err
	}
	var open closers
	defer func() { err = joinClose(err, &open) }()
	pool, st, err := env.openPool(ctx, &open)
	if err != nil {
		return err
	}
	d := &day{env: env, items: items, mask: mask, lines: report.NewLines(env.Out, mask), shown: map[string]bool{}}
	d.note(ctx, st, problems)
	if err := d.run(ctx, pool); err != nil {
		return err
	}
	return d.show(ctx, st)
}

func joinClose(err error, open *closers) error {
	if closing := open.close(); err == nil {
		return closing
	}
	return err
}

// day is one run over a set of recordings.
type day struct {
	env      Env
	items    []source.Item
	mask     func(string) string
	lines    *report.Lines
	shown    map[string]bool // by ID: the same audio under two names is one recording
	failures []call.Failure
}

// note keeps what was wrong with the paths themselves.
func (d *day) note(ctx context.Context, st *store.Store, problems []source.Problem) {
	for _, p := range problems {
		failure := call.Failure{Path: p.Path, Code: p.Err.Code, Message: p.Err.Error()}
		d.failures = append(d.failures, failure)
		if err := st.SaveFailure(ctx, failure); err != nil {
			d.env.Log.Error("failure not kept", "error", err.Error())
		}
	}
}

func (d *day) run(ctx context.Context, pool *worker.Pool) error {
	progress := newProgress(d.env, d.items)
	err := pool.Run(ctx, d.items, func(done worker.Done) {
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
		d.failures = append(d.failures, call.Failure{Path: done.Item.Path, Code: call.FaultCode(done.Err), Message: done.Err.Error()})
		return
	}
	if id := done.Record.Recording.ID; d.env.Config.JSON && !d.shown[id] {
		d.shown[id] = true
		d.printed(d.lines.Call(done.Record))
	}
}

// printed notes that a line could not be written; the work goes on, since its result is stored.
func (d *day) printed(err error) {
	if err != nil {
		d.env.Log.Error("result not printed", "error", err.Error())
	}
}

// show prints the table and names what failed.
func (d *day) show(ctx context.Context, st *store.Store) error {
	for _, f := range d.failures {
		d.env.say("失败 %s [%s] %s", "failed %s [%s] %s", f.Path, f.Code, f.Message)
		if d.env.Config.JSON {
			d.printed(d.lines.Failure(f))
		}
	}
	if !d.env.Config.JSON {
		if err := d.table(ctx, st); err != nil {
			return err
		}
	}
	if len(d.failures) > 0 {
		return fmt.Errorf("%d: %w", len(d.failures), ErrSomeFailed)
	}
	return nil
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
