package app

import (
	"context"

	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/store"
)

// Explain prints the scorecard of the call that ref names, with quotes and times, or its JSON.
func Explain(ctx context.Context, env Env, ref string) error {
	mask, err := env.mask("explain " + ref)
	if err != nil {
		return err
	}
	return env.reading(ctx, func(st *store.Store) error {
		record, err := st.FindCall(ctx, ref)
		if err != nil {
			return err
		}
		if env.Config.JSON {
			return report.NewLines(env.Out, mask).Call(record)
		}
		return report.Explain(env.Out, record, true, report.Options{
			Lang: env.Config.Lang, Mask: mask, Colour: env.Colour, Zone: env.zone(),
		})
	})
}
