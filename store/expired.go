package store

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/uptrace/bun"

	"github.com/zhijian-qa/zhijian/score"
)

// expiredPage is how many recordings are looked at in one query.
const expiredPage = 200

// Expired is a call that has outlived its keeping.
type Expired struct {
	SHA256   string        `json:"-"`
	ID       string        `json:"id"`
	At       time.Time     `json:"at"`                 // when it began, or else when it was first stored
	Scenario string        `json:"scenario,omitempty"` // by the metadata, or else by its words
	Verdict  score.Verdict `json:"verdict,omitempty"`  // as people decided; empty when it has no result
	Keep     string        `json:"keep"`               // the line of the policy
}

// agedRow is a recording with its current result, if it has one.
type agedRow struct {
	recordingRow `bun:",extend"`

	ResultBody []byte `bun:"result_body"`
}

// Expired returns the calls that policy lets go at now, by content hash. They may be erased meanwhile. After
// an error there is nothing more.
func (s *Store) Expired(ctx context.Context, policy Policy, now time.Time) iter.Seq2[Expired, error] {
	return func(yield func(Expired, error) bool) {
		for last := ""; ; {
			page, err := s.aged(ctx, policy.Latest(now), last)
			if err != nil {
				yield(Expired{}, fmt.Errorf("find expired calls: %w", err))
				return
			}
			if len(page) == 0 {
				return
			}
			for _, e := range page {
				line, due := policy.Due(e.At, e.Scenario, e.Verdict, now)
				e.Keep = line
				if due && !yield(e, nil) {
					return
				}
			}
			last = page[len(page)-1].SHA256
		}
	}
}

// aged returns a page of the calls from before an instant, from the one after the content hash given.
func (s *Store) aged(ctx context.Context, before time.Time, after string) ([]Expired, error) {
	var rows []agedRow
	err := s.read.NewSelect().Model(&rows).ColumnExpr("recording.*, result.body AS result_body").
		Join("LEFT JOIN results AS result ON result.result_key = recording.result_key").
		Where("COALESCE(recording.started_at_ms, recording.created_at_ms) < ?", before.UnixMilli()).
		Where("recording.sha256 > ?", after).OrderExpr("recording.sha256").Limit(expiredPage).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	decisions, err := s.decisions(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("sha256 BETWEEN ? AND ?", rows[0].SHA256, rows[len(rows)-1].SHA256)
	})
	if err != nil {
		return nil, err
	}
	page := make([]Expired, len(rows))
	for i, row := range rows {
		if page[i], err = row.expired(decisions[row.SHA256]); err != nil {
			return nil, fmt.Errorf("recording %s: %w", row.ID, err)
		}
	}
	return page, nil
}

func (row *agedRow) expired(decisions []score.Decision) (Expired, error) {
	rec := row.recording()
	e := Expired{SHA256: row.SHA256, ID: row.ID, At: rec.StartedAt, Scenario: row.Scenario}
	if e.At.IsZero() {
		e.At = time.UnixMilli(row.CreatedAtMS)
	}
	if row.ResultBody == nil {
		return e, nil
	}
	var body resultBody
	if err := unpackResult(row.ResultBody, &body); err != nil {
		return Expired{}, err
	}
	e.Verdict = body.Score.Decided(decisions).Verdict
	if e.Scenario == "" && body.Score.Scenario != nil {
		e.Scenario = body.Score.Scenario.Name
	}
	return e, nil
}
