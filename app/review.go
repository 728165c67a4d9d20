package app

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
)

// ReviewList prints what people have to decide and what they decided in the days that are set, and the
// precision of each rule by their decisions.
func ReviewList(ctx context.Context, env Env) error {
	mask, err := env.mask("review list")
	if err != nil {
		return err
	}
	return env.reading(ctx, func(st *store.Store) error {
		review := report.NewReview(env.reportOptions(mask))
		for record, err := range st.Calls(ctx, env.filter()) {
			if err != nil {
				return err
			}
			review.Add(record, env.Config.Rule)
		}
		review.Finish()
		if env.Config.JSON {
			return review.WriteJSON(env.Out)
		}
		return review.Write(env.Out)
	})
}

func (e Env) reportOptions(mask func(string) string) report.Options {
	return report.Options{Lang: e.Config.Lang, Mask: mask, Colour: e.Colour, Zone: e.zone()}
}

// Accept keeps that a person finds right what rule found in the call that ref names, and prints what that
// changes.
func Accept(ctx context.Context, env Env, ref, rule string) error {
	return env.decide(ctx, ref, rule, score.RulingAccept)
}

// Reject keeps that a person finds wrong what rule found in the call that ref names, and prints what that
// changes.
func Reject(ctx context.Context, env Env, ref, rule string) error {
	return env.decide(ctx, ref, rule, score.RulingReject)
}

// decide audits a decision before it is kept.
func (e Env) decide(ctx context.Context, ref, rule string, ruling score.Ruling) error {
	return e.writing(ctx, func(st *store.Store) error {
		before, err := st.FindCall(ctx, ref)
		if err != nil {
			return err
		}
		decision, err := score.NewDecision(before.Score, rule, ruling)
		if err != nil {
			return err
		}
		decision.By, decision.At = cmp.Or(e.Config.Reviewer, account()), time.Now()
		decision.Note, decision.Appeal = e.Config.Note, e.Config.Appeal
		if err := e.audit(fmt.Sprintf("review %s %s %s by %s", ruling, before.Recording.ID, rule, decision.By)); err != nil {
			return fmt.Errorf("decisions are kept only when that can be logged: %w", err)
		}
		if err := st.SaveDecision(ctx, before.Recording.SHA256, decision); err != nil {
			return err
		}
		after, err := st.FindCall(ctx, before.Recording.ID)
		if err != nil {
			return err
		}
		return e.showDecision(before, after, decision)
	})
}

func (e Env) showDecision(before, after score.Record, decision score.Decision) error {
	if !e.Config.JSON {
		return report.WriteDecision(e.Out, before, after, decision, e.reportOptions(nil))
	}
	mask, err := e.mask("review")
	if err != nil {
		return err
	}
	return report.NewLines(e.Out, mask).Call(after)
}
