package store

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/zhijian-qa/zhijian/score"
)

// Kept is a scored call as it lies in the store. Making records of it is work that many can share.
type Kept struct {
	row       keptRow
	decisions []score.Decision
}

// keptRow is a call with what is needed to score it anew and to tell what that changes.
type keptRow struct {
	callRow `bun:",extend"`

	ResultRevision   string `bun:"result_revision"`
	MetadataRevision string `bun:"metadata_revision"`
	PreviousBody     []byte `bun:"previous_body"`
}

// CountCalls returns how many calls filter chooses. It takes no paths.
func (s *Store) CountCalls(ctx context.Context, filter CallFilter) (int64, error) {
	n, err := filtered(s.selectCalls(), filter).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count calls: %w", err)
	}
	return n, nil
}

// KeptCalls returns up to limit of the calls that filter chooses, by content hash, from the one after the
// content hash given. A reader that goes on page by page holds no lock in between. It takes no paths.
func (s *Store) KeptCalls(ctx context.Context, filter CallFilter, after string, limit int64) ([]Kept, error) {
	var rows []keptRow
	err := filtered(s.selectCalls(), filter).Model(&rows).
		ColumnExpr("result.result_revision, result.metadata_revision, previous.body AS previous_body").
		Join("LEFT JOIN results AS previous ON previous.result_key = recording.previous_key").
		Where("recording.sha256 > ?", after).
		OrderExpr("recording.sha256").Limit(limit).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read calls: %w", err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	decisions, err := s.decisions(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("sha256 BETWEEN ? AND ?", rows[0].SHA256, rows[len(rows)-1].SHA256)
	})
	if err != nil {
		return nil, fmt.Errorf("read decisions: %w", err)
	}
	page := make([]Kept, len(rows))
	for i, row := range rows {
		page[i] = Kept{row: row, decisions: decisions[row.SHA256]}
	}
	return page, nil
}

// SHA256 returns the content hash of the recording.
func (k Kept) SHA256() string { return k.row.SHA256 }

// Decisions returns what people decided about the call, the latest first.
func (k Kept) Decisions() []score.Decision { return k.decisions }

// ScoredBy reports whether the result that is shown was made by the rules of that revision from the
// metadata that are known now.
func (k Kept) ScoredBy(revision string) (bool, error) {
	metadata, err := metadataRevision(k.row.recording().Metadata)
	if err != nil {
		return false, err
	}
	return k.row.ResultRevision == revision && k.row.MetadataRevision == metadata, nil
}

// Record returns the call with the result that is shown, as judged.
func (k Kept) Record() (score.Record, error) {
	rec, err := k.row.record()
	if err != nil {
		return score.Record{}, fmt.Errorf("recording %s: %w", k.row.ID, err)
	}
	return rec, nil
}

// Compared is Record without the measures and with only the outline of the result, which is all that it takes to
// score the call anew and to tell what that changes, unless people decided about it.
func (k Kept) Compared() (score.Record, error) {
	health, transcript, err := decodeTranscript(k.row.Health, k.row.TranscriptBody)
	if err != nil {
		return score.Record{}, fmt.Errorf("recording %s: %w", k.row.ID, err)
	}
	outline, err := unpackOutline(k.row.ResultBody)
	if err != nil {
		return score.Record{}, fmt.Errorf("recording %s: %w", k.row.ID, err)
	}
	return score.Record{Recording: k.row.recording(), Health: outline.HealthOf(health), Transcript: transcript, Score: outline}, nil
}

// Previous returns the score that was shown before the one that is shown now; ok is false when there was none.
func (k Kept) Previous() (result score.Result, ok bool, err error) {
	if len(k.row.PreviousBody) == 0 {
		return score.Result{}, false, nil
	}
	var body resultBody
	if err := unpackResult(k.row.PreviousBody, &body); err != nil {
		return score.Result{}, false, fmt.Errorf("recording %s: %w", k.row.ID, err)
	}
	return body.Score, true, nil
}
