package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/web"
)

// FailedCalls lists the calls that were set aside, with their reasons.
func FailedCalls(ctx context.Context, env Env) error {
	return env.reading(ctx, func(st *store.Store) error {
		jobs, err := st.Jobs(ctx, store.JobFilter{States: []store.JobState{store.JobSetAside}})
		if err != nil {
			return err
		}
		if env.Config.JSON {
			lines := json.NewEncoder(env.Out)
			lines.SetEscapeHTML(false)
			for _, job := range jobs {
				if err := lines.Encode(report.JobOf(job, env.hide())); err != nil {
					return fmt.Errorf("print jobs: %w", err)
				}
			}
			return nil
		}
		return report.WriteJobs(env.Out, jobs, env.reportOptions(env.hide()))
	})
}

// RetryCalls takes up calls that were set aside again: those that refs mean, each an ID or the beginning of one,
// or all.
func RetryCalls(ctx context.Context, env Env, refs []string) error {
	if (len(refs) > 0) == env.Config.All {
		return fmt.Errorf("%w: name the calls to retry, or give --all", call.ErrInvalid)
	}
	var ids []string
	err := env.reading(ctx, func(st *store.Store) (err error) {
		ids, err = setAside(ctx, st, refs)
		return err
	})
	if err != nil {
		return err
	}
	retried, err := env.retry(ctx, ids)
	if err != nil {
		return err
	}
	env.say("%d 通重新排队", "%d calls are queued again", retried.Queued)
	if retried.Note != "" {
		env.say("队列连不上：恢复之后才处理", "the queue is away: they are worked on when it is back")
	}
	return nil
}

// setAside returns the IDs of the jobs that refs mean, none for none.
func setAside(ctx context.Context, st *store.Store, refs []string) (ids []string, err error) {
	if len(refs) == 0 {
		return nil, nil
	}
	jobs, err := st.Jobs(ctx, store.JobFilter{States: []store.JobState{store.JobSetAside}})
	if err != nil {
		return nil, err
	}
	for _, ref := range refs {
		var found []string
		for _, job := range jobs {
			if strings.HasPrefix(job.ID, strings.ToLower(ref)) {
				found = append(found, job.ID)
			}
		}
		switch len(found) {
		case 0:
			return nil, fmt.Errorf("%w: no call that was set aside has the ID %q", call.ErrNotFound, ref)
		case 1:
			ids = append(ids, found[0])
		default:
			return nil, fmt.Errorf("%w: %q means %d calls: give more of the ID", call.ErrConflict, ref, len(found))
		}
	}
	return ids, nil
}

// retry queues jobs again, by the server that owns the data folder where one runs. Without one, the next that
// runs offers them to workers.
func (e Env) retry(ctx context.Context, ids []string) (retried web.Retried, err error) {
	client, isStarting, err := e.findServer(ctx)
	if err != nil {
		err = e.writing(ctx, func(st *store.Store) error {
			for _, err := range st.RetryAll(ctx, ids) {
				if err != nil {
					return err
				}
				retried.Queued++
			}
			return nil
		})
		return retried, err
	}
	if err := e.awaitServer(ctx, client, isStarting); err != nil {
		return retried, err
	}
	response, err := askServer(ctx, client, http.MethodPost, "/api/v1/jobs/retry", map[string]any{"ids": ids, "all": len(ids) == 0})
	if err != nil {
		return retried, err
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&retried); err != nil {
		return retried, fmt.Errorf("read what serve says: %w", err)
	}
	return retried, nil
}
