package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// open are the states of a job that a message of the queue belongs to.
var open = []JobState{JobQueued, JobWorking}

// NoteMessage puts down where in the queue the message of an offer is. It changes nothing when the job was
// offered again since.
func (s *Store) NoteMessage(ctx context.Context, offered Job, sequence uint64) error {
	err := s.once(ctx, func(db *bun.DB) error {
		_, err := db.NewUpdate().Model((*jobRow)(nil)).Set("sequence = ?", int64(sequence)).
			Where("id = ?", offered.ID).Where("offers = ?", offered.Offers).Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("note message: %w", err)
	}
	return nil
}

// OfferAgain takes up an open job whose message is gone. ok is false when someone else has done so, or the
// job is done or set aside by now; else the job returned is to be published.
func (s *Store) OfferAgain(ctx context.Context, seen Job) (job Job, ok bool, err error) {
	job, ok, err = s.changeJob(ctx, seen.ID, func(query *bun.UpdateQuery) {
		query.Set("offers = offers + 1").Set("sequence = 0").Where("offers = ?", seen.Offers).Where("state IN (?)", bun.List(open))
	})
	if err != nil {
		return Job{}, false, fmt.Errorf("offer job again: %w", err)
	}
	return job, ok, nil
}

// Retry takes jobs that were set aside up again, with no attempt counted, and returns them: they are to be
// published. Without ids it takes all of them. It goes by the order of the IDs, from after on and at most limit at
// once, so that one that is set aside again meanwhile is not met twice; others and unknown ones are left out.
func (s *Store) Retry(ctx context.Context, ids []string, after string, limit int) ([]Job, error) {
	var rows []jobRow
	err := s.once(ctx, func(db *bun.DB) error {
		rows = nil
		now := s.nowMS()
		chosen := db.NewSelect().Model((*jobRow)(nil)).Column("id").Where("state = ?", JobSetAside).
			Where("id > ?", after).OrderExpr("id").Limit(int64(limit))
		if len(ids) > 0 {
			chosen.Where("id IN (?)", bun.List(ids))
		}
		return db.NewUpdate().Model((*jobRow)(nil)).Set("state = ?", JobQueued).Set("attempts = 0").
			Set("offers = offers + 1").Set("sequence = 0").Set("received_at_ms = ?", now).Set("updated_at_ms = ?", now).
			Where("state = ?", JobSetAside).Where("id IN (?)", chosen).Returning(jobColumns).Scan(ctx, &rows)
	})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("retry jobs: %w", err)
	}
	slices.SortFunc(rows, func(a, b jobRow) int { return strings.Compare(a.ID, b.ID) })
	return jobsOf(rows)
}

// JobFilter chooses jobs. Its zero value chooses all; every field that is set must hold.
type JobFilter struct {
	States []JobState // any of these
	IDs    []string   // any of these
	// Before chooses those that nothing was changed in since then.
	Before time.Time
	// MessageBefore chooses those whose message in the queue, if they have one, comes before this one.
	MessageBefore uint64
	After         string // of their IDs, in order
	Limit         int    // at most so many; 0 for all
}

// Jobs returns the jobs that filter chooses, in order of their IDs.
func (s *Store) Jobs(ctx context.Context, filter JobFilter) ([]Job, error) {
	var rows []jobRow
	err := s.tried(ctx, func() error {
		rows = nil
		query := s.read.NewSelect().Model(&rows).OrderExpr("id")
		if len(filter.States) > 0 {
			query.Where("state IN (?)", bun.List(filter.States))
		}
		if len(filter.IDs) > 0 {
			query.Where("id IN (?)", bun.List(filter.IDs))
		}
		if !filter.Before.IsZero() {
			query.Where("updated_at_ms < ?", filter.Before.UnixMilli())
		}
		if filter.MessageBefore > 0 {
			query.Where("sequence < ?", int64(filter.MessageBefore))
		}
		if filter.After != "" {
			query.Where("id > ?", filter.After)
		}
		if filter.Limit > 0 {
			query.Limit(int64(filter.Limit))
		}
		return query.Scan(ctx)
	})
	if err != nil {
		return nil, fmt.Errorf("read jobs: %w", err)
	}
	return jobsOf(rows)
}

// JobCount is how many jobs of a lane are in a state.
type JobCount struct {
	Lane   string
	State  JobState
	Count  int
	Oldest time.Time // when the first of them was received
}

// CountJobs counts the jobs that are queued, worked on or set aside.
func (s *Store) CountJobs(ctx context.Context) ([]JobCount, error) {
	var rows []struct {
		Lane     string
		State    JobState
		Count    int
		OldestMS int64
	}
	err := s.tried(ctx, func() error {
		rows = nil
		return s.read.NewSelect().Model((*jobRow)(nil)).Column("lane", "state").
			ColumnExpr("count(*) AS count").ColumnExpr("min(received_at_ms) AS oldest_ms").
			Where("state IN (?)", bun.List([]JobState{JobQueued, JobWorking, JobSetAside})).
			GroupExpr("lane, state").OrderExpr("lane, state").Scan(ctx, &rows)
	})
	if err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	counts := make([]JobCount, len(rows))
	for i, row := range rows {
		counts[i] = JobCount{Lane: row.Lane, State: row.State, Count: row.Count, Oldest: time.UnixMilli(row.OldestMS)}
	}
	return counts, nil
}
