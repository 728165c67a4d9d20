package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// decisionRow is a row of decisions, which are only ever added to.
type decisionRow struct {
	bun.BaseModel `bun:"table:decisions,alias:decision"`

	Number    int64   `bun:"number,pk,autoincrement"`
	SHA256    string  `bun:"sha256"`
	Rule      string  `bun:"rule"`
	Ruling    string  `bun:"ruling"`
	Appeal    bool    `bun:"appeal"`
	DecidedBy string  `bun:"decided_by"`
	Note      string  `bun:"note"`
	Outcome   string  `bun:"outcome"`
	Points    float64 `bun:"points"`
	Evidence  string  `bun:"evidence"`
	ResultKey string  `bun:"result_key"`
	AtMS      int64   `bun:"at_ms"`
}

// SaveDecision adds what a person decided about a finding in the result that is shown of the recording
// with that content hash. Earlier decisions stay in the history.
func (s *Store) SaveDecision(ctx context.Context, sha256 string, d score.Decision) error {
	if d.Rule == "" || d.Ruling == "" || d.By == "" {
		return fmt.Errorf("save decision: %w: it needs a rule, a ruling and a name", call.ErrInvalid)
	}
	evidence, err := json.Marshal(d.Evidence)
	if err != nil {
		return fmt.Errorf("save decision: encode evidence: %w", err)
	}
	row := &decisionRow{
		SHA256: sha256, Rule: d.Rule, Ruling: string(d.Ruling), Appeal: d.Appeal, DecidedBy: d.By, Note: d.Note,
		Outcome: string(d.Outcome), Points: d.Points, Evidence: string(evidence), AtMS: d.At.UnixMilli(),
	}
	err = s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		err := s.locked(tx.NewSelect().Model((*recordingRow)(nil)).Column("result_key").
			Where("sha256 = ?", sha256).Where("result_key IS NOT NULL")).Scan(ctx, &row.ResultKey)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("%w: a result of recording %s", call.ErrNotFound, call.NewID(sha256))
		}
		if err != nil {
			return err
		}
		_, err = tx.NewInsert().Model(row).Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("save decision: %w", err)
	}
	return nil
}

// Decisions returns all that people decided about a recording, the latest first.
func (s *Store) Decisions(ctx context.Context, sha256 string) ([]score.Decision, error) {
	decisions, err := s.decisions(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("sha256 = ?", sha256) })
	if err != nil {
		return nil, fmt.Errorf("read decisions: %w", err)
	}
	return decisions[sha256], nil
}

// Decided returns rec with what people decided about it.
func (s *Store) Decided(ctx context.Context, rec score.Record) (score.Record, error) {
	decisions, err := s.Decisions(ctx, rec.Recording.SHA256)
	if err != nil {
		return score.Record{}, err
	}
	rec.Score = rec.Score.Decided(decisions)
	return rec, nil
}

// decisions returns those that choose leaves, nil for all, by recording and each recording's latest first.
// People make far fewer of them than there are calls.
func (s *Store) decisions(ctx context.Context, choose func(*bun.SelectQuery) *bun.SelectQuery) (map[string][]score.Decision, error) {
	var rows []decisionRow
	err := s.tried(ctx, func() error {
		rows = nil
		query := s.read.NewSelect().Model(&rows).OrderExpr("number DESC")
		if choose != nil {
			query = choose(query)
		}
		return query.Scan(ctx)
	})
	if err != nil {
		return nil, err
	}
	decisions := make(map[string][]score.Decision)
	for _, row := range rows {
		d := score.Decision{
			Rule: row.Rule, Ruling: score.Ruling(row.Ruling), Appeal: row.Appeal, By: row.DecidedBy, Note: row.Note,
			At: time.UnixMilli(row.AtMS).UTC(), Outcome: score.Outcome(row.Outcome), Points: row.Points,
		}
		if err := json.Unmarshal([]byte(row.Evidence), &d.Evidence); err != nil {
			return nil, fmt.Errorf("decode evidence of decision %d: %w", row.Number, err)
		}
		decisions[row.SHA256] = append(decisions[row.SHA256], d)
	}
	return decisions, nil
}
