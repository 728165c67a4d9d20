package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// resultRow is a row of results.
type resultRow struct {
	bun.BaseModel `bun:"table:results,alias:result"`

	ResultKey          string   `bun:"result_key,pk"`
	SHA256             string   `bun:"sha256"`
	TranscriptRevision string   `bun:"transcript_revision"`
	ResultRevision     string   `bun:"result_revision"`
	MetadataRevision   string   `bun:"metadata_revision"`
	Scorecard          string   `bun:"scorecard"`
	Normalised         *float64 `bun:"normalised"`
	Verdict            string   `bun:"verdict"`
	Body               []byte   `bun:"body"`
	CreatedAtMS        int64    `bun:"created_at_ms"`
	Broken             int      `bun:"broken"` // rows of violations

	violations []violationRow
}

// resultBody is what a result adds to its transcript.
type resultBody struct {
	Measures score.Measures `json:"measures"`
	Score    score.Result   `json:"score"`
}

// SaveResult saves the measures and the score of rec under what made them: content, transcript,
// rules and metadata. A result that is there already stays as it is. Either way it becomes the
// result that Calls and FindCall show, and the failures of the recording's paths are cleared.
// The transcript must be there.
func (s *Store) SaveResult(ctx context.Context, rec score.Record) error {
	row, err := s.newResultRow(rec)
	if err != nil {
		return fmt.Errorf("save result: %w", err)
	}
	return s.saveResults(ctx, []*resultRow{row})
}

// SaveResults saves many results as SaveResult saves one: all of them or, after an error, none.
func (s *Store) SaveResults(ctx context.Context, records []score.Record) error {
	rows := make([]*resultRow, len(records))
	for i, rec := range records {
		row, err := s.newResultRow(rec)
		if err != nil {
			return fmt.Errorf("save result: %w", err)
		}
		rows[i] = row
	}
	return s.saveResults(ctx, rows)
}

func (s *Store) saveResults(ctx context.Context, rows []*resultRow) error {
	// In one order everywhere, so that rows of different recordings stand together.
	slices.SortStableFunc(rows, func(a, b *resultRow) int { return strings.Compare(a.SHA256, b.SHA256) })
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := s.needTranscripts(ctx, tx, rows); err != nil {
			return err
		}
		for rest := rows; len(rest) > 0; { // the transaction may run again: rows stay
			n := 1 // rows of different recordings, which are saved at once
			for n < len(rest) && n < mostAtOnce && rest[n].SHA256 != rest[n-1].SHA256 {
				n++
			}
			if err := putResults(ctx, tx, rest[:n]); err != nil {
				return err
			}
			rest = rest[n:]
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("save result: %w", err)
	}
	return nil
}

// mostAtOnce bounds the values in one statement.
const mostAtOnce = 100

// needTranscripts returns call.ErrNotFound when a transcript that one of rows was made of is not there. It keeps others
// from the recordings of rows until the transaction ends, before anything that belongs to them is touched: whoever
// erases them begins there too, and everyone goes by the order of the hashes.
func (s *Store) needTranscripts(ctx context.Context, tx bun.Tx, rows []*resultRow) error {
	hashes := make([]string, len(rows))
	for i, row := range rows {
		hashes[i] = row.SHA256
	}
	var found []struct{ SHA256, Revision string }
	query := tx.NewSelect().TableExpr("recordings AS recording").ColumnExpr("recording.sha256, transcript.revision").
		Join("JOIN transcripts AS transcript ON transcript.sha256 = recording.sha256").
		Where("recording.sha256 IN (?)", bun.List(hashes)).OrderExpr("recording.sha256")
	if s.backend.rowLocks {
		query.For("UPDATE OF recording")
	}
	if err := query.Scan(ctx, &found); err != nil {
		return err
	}
	known := make(map[[2]string]bool, len(found))
	for _, t := range found {
		known[[2]string{t.SHA256, t.Revision}] = true
	}
	for _, row := range rows {
		if !known[[2]string{row.SHA256, row.TranscriptRevision}] {
			return fmt.Errorf("%w: transcript %s of recording %s", call.ErrNotFound, row.TranscriptRevision, call.NewID(row.SHA256))
		}
	}
	return nil
}

// putResults inserts the rows that are not there, makes them the current ones and clears failures.
func putResults(ctx context.Context, tx bun.Tx, rows []*resultRow) error {
	keys, hashes := make([]string, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		keys[i], hashes[i] = row.ResultKey, row.SHA256
	}
	queries := []any{tx.NewInsert().Model(&rows).On("CONFLICT (result_key) DO NOTHING")}
	queries = append(queries, putViolations(tx, rows)...)
	queries = append(queries, tx.NewUpdate().Model((*recordingRow)(nil)).
		TableExpr("results AS result").
		Set("previous_key = CASE WHEN recording.result_key = result.result_key THEN recording.previous_key ELSE recording.result_key END").
		Set("result_key = result.result_key").
		Where("result.sha256 = recording.sha256").Where("result.result_key IN (?)", bun.List(keys)))
	paths := tx.NewSelect().Model((*sightingRow)(nil)).Column("path").Where("sha256 IN (?)", bun.List(hashes))
	queries = append(queries, tx.NewDelete().Model((*failureRow)(nil)).Where("path IN (?)", paths))
	return together(ctx, tx, queries...)
}

func (s *Store) newResultRow(rec score.Record) (*resultRow, error) {
	if rec.Score.IsDecided() {
		return nil, fmt.Errorf("%w: a result is kept as it was judged, without the decisions", call.ErrInvalid)
	}
	metadata, err := metadataRevision(rec.Recording.Metadata)
	if err != nil {
		return nil, err
	}
	body, err := packResult(resultBody{Measures: rec.Measures, Score: rec.Score})
	if err != nil {
		return nil, err
	}
	key := sha256.Sum256([]byte(strings.Join(
		[]string{rec.Recording.SHA256, rec.Transcript.Revision, rec.Score.Revision, metadata}, "\n")))
	name := hex.EncodeToString(key[:16])
	broken := violationsOf(name, rec.Score)
	return &resultRow{
		ResultKey: name, SHA256: rec.Recording.SHA256,
		TranscriptRevision: rec.Transcript.Revision, ResultRevision: rec.Score.Revision, MetadataRevision: metadata,
		Scorecard: rec.Score.Scorecard, Normalised: rec.Score.Normalised, Verdict: string(rec.Score.Verdict),
		Body: body, CreatedAtMS: s.nowMS(), Broken: len(broken), violations: broken,
	}, nil
}
