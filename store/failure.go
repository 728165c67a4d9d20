package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/zhijian-qa/zhijian/call"
)

// failureRow is a row of failures.
type failureRow struct {
	bun.BaseModel `bun:"table:failures,alias:failure"`

	Path        diskPath `bun:"path,pk"`
	Code        string   `bun:"code"`
	Message     string   `bun:"message"`
	Times       int      `bun:"times"`
	FirstAtMS   int64    `bun:"first_at_ms"`
	LastAtMS    int64    `bun:"last_at_ms"`
	StartedAtMS *int64   `bun:"started_at_ms"`
}

func (row failureRow) failure() call.Failure {
	f := call.Failure{
		Path: string(row.Path), Code: row.Code, Message: row.Message, Times: row.Times,
		First: time.UnixMilli(row.FirstAtMS), Last: time.UnixMilli(row.LastAtMS),
	}
	if row.StartedAtMS != nil {
		f.StartedAt = time.UnixMilli(*row.StartedAtMS)
	}
	return f
}

// FailureFilter chooses failures. Its zero value chooses all. A failure's time is when the call began,
// or, where nobody knows that, when it failed last.
type FailureFilter struct {
	Since time.Time // then or later
	Until time.Time // before
	Paths []string  // at, or in a folder below, any of these, or a line of one of these manifests
}

// SaveFailure records that the recording at f.Path failed once more; its code and message replace
// the earlier ones. Times, First and Last of f are not read. A result of that recording clears it.
func (s *Store) SaveFailure(ctx context.Context, f call.Failure) error {
	if f.Path == "" || f.Code == "" {
		return fmt.Errorf("save failure: %w: a failure needs a path and a code", call.ErrInvalid)
	}
	message := strings.ReplaceAll(f.Message, "\x00", "") // no text of a database holds one
	now := s.nowMS()
	row := &failureRow{Path: diskPath(f.Path), Code: f.Code, Message: message, Times: 1, FirstAtMS: now, LastAtMS: now}
	if !f.StartedAt.IsZero() {
		started := f.StartedAt.UnixMilli()
		row.StartedAtMS = &started
	}
	err := s.once(ctx, func(db *bun.DB) error {
		_, err := db.NewInsert().Model(row).On("CONFLICT (path) DO UPDATE").
			Set("code = EXCLUDED.code").Set("message = EXCLUDED.message").Set("started_at_ms = EXCLUDED.started_at_ms").
			Set("times = failure.times + 1").Set("last_at_ms = EXCLUDED.last_at_ms").Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("save failure: %w", err)
	}
	return nil
}

// Failures returns the failures that filter chooses, by path.
func (s *Store) Failures(ctx context.Context, filter FailureFilter) ([]call.Failure, error) {
	query := s.read.NewSelect().Model((*failureRow)(nil)).OrderExpr("path")
	if !filter.Since.IsZero() {
		query.Where("COALESCE(started_at_ms, last_at_ms) >= ?", filter.Since.UnixMilli())
	}
	if !filter.Until.IsZero() {
		query.Where("COALESCE(started_at_ms, last_at_ms) < ?", filter.Until.UnixMilli())
	}
	var rows []failureRow
	if err := query.Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("read failures: %w", err)
	}
	var failures []call.Failure
	for _, row := range rows {
		if len(filter.Paths) == 0 || underAny(string(row.Path), asked(filter.Paths)) {
			failures = append(failures, row.failure())
		}
	}
	return failures, nil
}

// ClearFailures removes the failures at or below paths that did not fail again since: what a run over
// these paths did not meet any more.
func (s *Store) ClearFailures(ctx context.Context, paths []string, since time.Time) error {
	known, err := s.Failures(ctx, FailureFilter{Paths: paths})
	if err != nil {
		return err
	}
	var gone []diskPath
	for _, f := range known {
		if f.Last.Before(since.Truncate(time.Millisecond)) {
			gone = append(gone, diskPath(f.Path))
		}
	}
	for batch := range slices.Chunk(gone, 500) {
		err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
			_, err := tx.NewDelete().Model((*failureRow)(nil)).Where("path IN (?)", bun.List(batch)).
				Where("last_at_ms < ?", since.UnixMilli()).Exec(ctx) // it may have failed again meanwhile
			return err
		})
		if err != nil {
			return fmt.Errorf("clear failures: %w", err)
		}
	}
	return nil
}

// asked returns paths as a set, without the slashes at their ends.
func asked(paths []string) map[string]bool {
	set := make(map[string]bool, len(paths))
	for _, path := range paths {
		set[strings.TrimRight(path, `/\`)] = true
	}
	return set
}

// underAny tells whether path is in asked, below a folder that is, or a line of a manifest that is.
func underAny(path string, asked map[string]bool) bool {
	path = strings.TrimRight(path, `/\`)
	if manifest, _, ok := cutLine(path); ok && asked[manifest] {
		return true
	}
	for !asked[path] {
		cut := strings.LastIndexAny(path, `/\`)
		if cut < 0 {
			return false
		}
		path = path[:cut]
	}
	return true
}

// cutLine splits the place manifest:line.
func cutLine(place string) (manifest, line string, ok bool) {
	i := strings.LastIndexByte(place, ':')
	if i < 0 || i+1 == len(place) || strings.Trim(place[i+1:], "0123456789") != "" {
		return "", "", false
	}
	return place[:i], place[i+1:], true
}
