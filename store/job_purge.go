package store

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// purgePage is how many finished jobs are looked at in one go.
const purgePage = 500

// PurgeJobs deletes the jobs that are done, have a recording and were not changed since before, but for those of which
// listed says that their source still has the object: without its job it would be offered again. It returns how many
// these were; in a dry run none is deleted.
func (s *Store) PurgeJobs(ctx context.Context, before time.Time, dryRun bool, listed func(Job) bool) (int, error) {
	purged := 0
	for filter := (JobFilter{States: []JobState{JobDone}, Before: before, Limit: purgePage}); ; {
		page, err := s.Jobs(ctx, filter)
		if err != nil {
			return purged, fmt.Errorf("purge jobs: %w", err)
		}
		var ids []string
		for _, job := range page {
			if job.Recording != "" && !listed(job) {
				ids = append(ids, job.ID)
			}
		}
		n := len(ids)
		if !dryRun {
			if n, err = s.dropFinished(ctx, ids, before); err != nil {
				return purged, fmt.Errorf("purge jobs: %w", err)
			}
		}
		purged += n
		if len(page) < purgePage {
			return purged, nil
		}
		filter.After = page[len(page)-1].ID
	}
}

// dropFinished deletes the jobs with those IDs that are done and were not changed since before.
func (s *Store) dropFinished(ctx context.Context, ids []string, before time.Time) (n int, err error) {
	if len(ids) == 0 {
		return 0, nil
	}
	err = s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewDelete().Model((*jobRow)(nil)).Where("id IN (?)", bun.List(ids)).
			Where("state = ?", JobDone).Where("updated_at_ms < ?", before.UnixMilli()).Exec(ctx)
		n, err = affected(result, err)
		return err
	})
	return n, err
}
