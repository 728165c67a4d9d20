package app

import (
	"context"
	"os"
	"runtime/debug"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/worker"
)

// Rescore scores the stored calls of the days that are set by the lexicons and the scorecard that are set,
// from their transcripts, and prints what that changes. New results are kept beside the old ones; in a dry
// run nothing is kept.
func Rescore(ctx context.Context, env Env) error {
	mask, err := env.mask("rescore")
	if err != nil {
		return err
	}
	open := env.writing
	if env.Config.DryRun {
		open = env.reading
	}
	return open(ctx, func(st *store.Store) error { return env.rescore(ctx, st, mask) })
}

// rescoreGarbage is the garbage, in percent of what is in use, after which it is collected. Re-scoring uses some
// tens of megabytes and leaves much garbage: at Go's 100 % collecting takes a fifth of the time.
const rescoreGarbage = 400

// collectLess makes collections rarer until the function that it returns is called; GOGC has precedence.
func collectLess() func() {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	usual := debug.SetGCPercent(rescoreGarbage)
	return func() { debug.SetGCPercent(usual) }
}

func (e Env) rescore(ctx context.Context, st *store.Store, mask func(string) string) (err error) {
	defer collectLess()()
	var open closers
	defer func() { err = joinClose(err, &open) }()
	scorer, err := e.openScorer(&open)
	if err != nil {
		return err
	}
	filter := e.filter()
	total, err := st.CountCalls(ctx, filter)
	if err != nil {
		return err
	}
	if total == 0 {
		return ErrNothingFound
	}
	diff := report.NewDifference(e.Config.DryRun, nameOf(scorer), scorer.Revision(), report.Options{
		Lang: e.Config.Lang, Mask: mask, Colour: e.Colour, Zone: e.zone(),
	})
	bar := e.callBar(total)
	rescorer := worker.Rescorer{Store: st, Scorer: scorer, Workers: e.workers(), DryRun: e.Config.DryRun}
	err = rescorer.Run(ctx, filter, func(done worker.Rescored) {
		bar.add()
		diff.Add(done.Before, done.After, done.Fresh)
	})
	bar.finish()
	if err != nil {
		if ctx.Err() != nil && !e.Config.DryRun {
			e.say("已中断。再次运行同一条命令，会从中断处继续。", "Interrupted. The same command goes on where this stopped.")
		}
		return err
	}
	diff.Finish()
	if e.Config.JSON {
		return diff.WriteJSON(e.Out)
	}
	return diff.Write(e.Out, e.Config.Diff)
}

// nameOf is the scorecard of a scorer as results name it.
func nameOf(s *score.Scorer) string { return s.Scorecard().Name() + "@" + s.Scorecard().Hash() }

// callBar is a progress bar that counts calls.
type callBar struct {
	env     Env
	bar     *progressbar.ProgressBar // nil when nobody watches
	started time.Time
	done    int
}

func (e Env) callBar(total int64) *callBar {
	b := &callBar{env: e, started: time.Now()}
	if e.Terminal {
		b.bar = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(e.Err),
			progressbar.OptionSetDescription(e.text("重新评分", "re-scoring")),
			progressbar.OptionSetWidth(24),
			progressbar.OptionShowCount(),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionClearOnFinish(),
			progressbar.OptionThrottle(200*time.Millisecond))
	}
	return b
}

func (b *callBar) add() {
	b.done++
	if b.bar != nil {
		_ = b.bar.Add(1) // a terminal that is gone stops no work
	}
}

// finish takes the bar away and says what was done.
func (b *callBar) finish() {
	if b.bar != nil {
		_ = b.bar.Clear()
	}
	took := time.Since(b.started)
	b.env.say("%d 通，用时 %s（每秒 %.0f 通）", "%d calls, took %s (%.0f a second)",
		b.done, took.Round(time.Millisecond), float64(b.done)/max(took.Seconds(), 1e-9))
}
