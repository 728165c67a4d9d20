package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// Quarter is the resolution of Landed and Changed: every time zone lies a multiple of it from UTC, so that
// days of any zone are made of whole quarters.
const Quarter = 15 * time.Minute

// Landed returns the quarters of an hour in which calls began that were first stored at since or later,
// each by its beginning, in order.
func (s *Store) Landed(ctx context.Context, since time.Time) ([]time.Time, error) {
	quarters, err := s.quarters(ctx, s.read.NewSelect().Model((*recordingRow)(nil)).
		Where("recording.created_at_ms >= ?", since.UnixMilli()))
	if err != nil {
		return nil, fmt.Errorf("find new calls: %w", err)
	}
	return quarters, nil
}

// Changed returns the quarters of an hour in which calls began that were first stored, scored or decided
// about at since or later, each by its beginning, in order.
func (s *Store) Changed(ctx context.Context, since time.Time) ([]time.Time, error) {
	from := since.UnixMilli()
	all, err := s.Landed(ctx, since)
	if err != nil {
		return nil, err
	}
	for _, join := range []*bun.SelectQuery{
		s.read.NewSelect().Model((*recordingRow)(nil)).
			Join("JOIN results AS result ON result.sha256 = recording.sha256").Where("result.created_at_ms >= ?", from),
		s.read.NewSelect().Model((*recordingRow)(nil)).
			Join("JOIN decisions AS decision ON decision.sha256 = recording.sha256").Where("decision.at_ms >= ?", from),
	} {
		quarters, err := s.quarters(ctx, join)
		if err != nil {
			return nil, fmt.Errorf("find changed calls: %w", err)
		}
		all = append(all, quarters...)
	}
	slices.SortFunc(all, time.Time.Compare)
	return slices.CompactFunc(all, time.Time.Equal), nil
}

func (s *Store) quarters(ctx context.Context, query *bun.SelectQuery) ([]time.Time, error) {
	var numbers []int64
	err := query.ColumnExpr("DISTINCT recording.started_at_ms / ? AS quarter", Quarter.Milliseconds()).
		Where("recording.started_at_ms IS NOT NULL").OrderExpr("quarter").Scan(ctx, &numbers)
	if err != nil {
		return nil, err
	}
	quarters := make([]time.Time, len(numbers))
	for i, n := range numbers {
		quarters[i] = time.UnixMilli(n * Quarter.Milliseconds()).UTC()
	}
	return quarters, nil
}
