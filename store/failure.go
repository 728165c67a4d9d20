package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/zhijian-qa/zhijian/call"
)

// failureRow is a row of failures.
type failureRow struct {
	bun.BaseModel `bun:"table:failures,alias:failure"`

	Path      string `bun:"path,pk"`
	Code      string `bun:"code"`
	Message   string `bun:"message"`
	Times     int    `bun:"times"`
	FirstAtMS int64  `bun:"first_at_ms"`
	LastAtMS  int64  `bun:"last_at_ms"`
}

// FailureFilter chooses failures. Its zero value chooses all.
type FailureFilter struct {
	Since time.Time // it failed then or later
	Paths []string  // at, or in a folder below, any of these
}

// SaveFailure records that the recording at f.Path failed once more; its code and message replace
// the earlier ones. Times, First and Last of f are not read. A result of that recording clears it.
func (s *Store) SaveFailure(ctx context.Context, f call.Failure) error {
	if f.Path == "" || f.Code == "" {
		return fmt.Errorf("save failure: %w: a failure needs a path and a code", call.ErrInvalid)
	}
	now := s.nowMS()
	row := &failureRow{Path: f.Path, Code: f.Code, Message: f.Message, Times: 1, FirstAtMS: now, LastAtMS: now}
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(row).On("CONFLICT (path) DO UPDATE").
			Set("code = EXCLUDED.code").Set("message = EXCLUDED.message").
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
		query.Where("last_at_ms >= ?", filter.Since.UnixMilli())
	}
	var rows []failureRow
	if err := query.Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("read failures: %w", err)
	}
	asked := make(map[string]bool, len(filter.Paths))
	for _, path := range filter.Paths {
		asked[strings.TrimRight(path, `/\`)] = true
	}
	var failures []call.Failure
	for _, row := range rows {
		if len(asked) > 0 && !underAny(row.Path, asked) {
			continue
		}
		failures = append(failures, call.Failure{
			Path: row.Path, Code: row.Code, Message: row.Message, Times: row.Times,
			First: time.UnixMilli(row.FirstAtMS), Last: time.UnixMilli(row.LastAtMS),
		})
	}
	return failures, nil
}
