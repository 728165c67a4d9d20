package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/store"
)

// policy reads how long calls are kept.
func (e Env) policy() (store.Policy, error) { return store.ParsePolicy(e.Config.Keep, call.Scenario) }

// ApplyRetention deletes the data of the calls that have outlived their keeping and prints how many by which
// line of the policy. In a dry run nothing is deleted.
func ApplyRetention(ctx context.Context, env Env) error {
	policy, err := env.policy()
	if err != nil {
		return err
	}
	if policy.Empty() {
		return fmt.Errorf("no keeping time is set, so everything is kept: set keep in the configuration file, as docs/retention.md says: %w", call.ErrInvalid)
	}
	now := time.Now()
	if policy.Latest(now).After(now.AddDate(-1, 0, 0)) {
		env.say("注意：有的保存期限短于一年；服务规范要求保存一至三年。", "Note: some calls are kept for less than a year; the norms ask for one to three.")
	}
	r := retention{env: env, policy: policy, now: now, gone: report.NewRetention(env.Config.DryRun, policy.Lines(), env.reportOptions(nil))}
	open := env.writing
	if env.Config.DryRun {
		open = env.reading
	}
	if err := open(ctx, func(st *store.Store) error { return r.run(ctx, st) }); err != nil {
		return err
	}
	if env.Config.JSON {
		return r.gone.WriteJSON(env.Out)
	}
	return r.gone.Write(env.Out)
}

// retention is one use of a policy.
type retention struct {
	env    Env
	policy store.Policy
	now    time.Time
	gone   *report.Retention
}

func (r retention) run(ctx context.Context, st *store.Store) error {
	if !r.env.Config.DryRun {
		if err := r.env.audit("retention apply, keep " + strings.Join(r.policy.Lines(), "; ")); err != nil {
			return fmt.Errorf("data are deleted only when that can be logged: %w", err)
		}
		if !r.env.isServed(ctx) {
			if _, err := r.env.cleanScratch(); err != nil { // audio that a killed run left
				return err
			}
		}
	}
	if err := errors.Join(r.calls(ctx, st), r.failures(ctx, st), r.finished(ctx, st)); err != nil || r.env.Config.DryRun {
		return err
	}
	what := fmt.Sprintf("retention deleted %d calls and %d failures", r.gone.Calls, r.gone.Failures)
	if r.gone.Finished > 0 {
		what += fmt.Sprintf(" and %d finished jobs", r.gone.Finished)
	}
	if r.gone.Aside > 0 {
		what += fmt.Sprintf(" and %d jobs set aside", r.gone.Aside)
	}
	return r.env.audit(what)
}

// retentionBatch is how many calls are looked for before they are deleted.
const retentionBatch = 500

func (r retention) calls(ctx context.Context, st *store.Store) error {
	var batch []store.Expired
	for expired, err := range st.Expired(ctx, r.policy, r.now) {
		if err != nil {
			return err
		}
		if batch = append(batch, expired); len(batch) < retentionBatch {
			continue
		}
		if err := r.erase(ctx, st, batch); err != nil {
			return err
		}
		batch = batch[:0]
	}
	return r.erase(ctx, st, batch)
}

// erase deletes the calls of a batch line by line.
func (r retention) erase(ctx context.Context, st *store.Store, batch []store.Expired) error {
	hashes := map[string][]string{} // nothing, in a dry run
	for _, e := range batch {
		if !r.env.Config.DryRun {
			hashes[e.Keep] = append(hashes[e.Keep], e.SHA256)
		}
	}
	for line, list := range hashes {
		if err := r.env.dropUploads(ctx, list); err != nil { // before the rows that tell of them
			return err
		}
		why := store.Erasure{Reason: store.ErasedForAge, By: r.env.deleter(), Note: line}
		if _, err := st.Erase(ctx, list, why); err != nil {
			return err
		}
	}
	for _, e := range batch {
		r.gone.Add(e.Keep, e.At)
	}
	return nil
}

// failures lets go what is known of recordings that could not be worked on, by the line about all calls.
func (r retention) failures(ctx context.Context, st *store.Store) error {
	before, ok := r.policy.General(r.now)
	if !ok {
		return nil
	}
	due, err := st.Failures(ctx, store.FailureFilter{Until: before})
	if err != nil {
		return err
	}
	aside, err := st.Jobs(ctx, store.JobFilter{States: []store.JobState{store.JobSetAside}, Before: before})
	if err != nil || r.env.Config.DryRun {
		r.gone.Failures, r.gone.Aside = len(due), len(aside)
		return err
	}
	if r.gone.Failures, err = st.EraseFailures(ctx, due); err != nil {
		return err
	}
	r.gone.Aside, err = r.env.eraseAside(ctx, st, aside)
	return err
}

// finished lets go the jobs that are done, by the line about all calls. Those whose recordings a source still has stay:
// it would offer them again.
func (r retention) finished(ctx context.Context, st *store.Store) error {
	before, ok := r.policy.General(r.now)
	if !ok {
		return nil
	}
	some, err := st.Jobs(ctx, store.JobFilter{States: []store.JobState{store.JobDone}, Before: before, Limit: 1})
	if err != nil || len(some) == 0 {
		return err
	}
	held, err := r.env.held(ctx)
	if err != nil {
		return err
	}
	r.gone.Finished, err = st.PurgeJobs(ctx, before, r.env.Config.DryRun, held)
	return err
}

// deleter is who deletes, for the audit log.
func (e Env) deleter() string { return cmp.Or(e.Config.Reviewer, account()) }
