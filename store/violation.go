package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"github.com/zhijian-qa/zhijian/score"
)

// violationRow is a row of violations: a rule that a result says was broken, as judged.
type violationRow struct {
	bun.BaseModel `bun:"table:violations,alias:violation"`

	ResultKey string `bun:"result_key,pk"`
	Rule      string `bun:"rule,pk"`
	Severity  string `bun:"severity"`
	Veto      bool   `bun:"veto"`
}

// violationsOf lists the rules that result says were broken.
func violationsOf(key string, result score.Result) []violationRow {
	var rows []violationRow
	for _, c := range result.Criteria {
		if c.Outcome == score.OutcomeFail {
			severity := cmp.Or(c.Severity, score.SeverityMinor)
			rows = append(rows, violationRow{ResultKey: key, Rule: c.Rule, Severity: string(severity), Veto: c.Veto})
		}
	}
	return rows
}

// putViolations returns the queries that insert the violations of rows that are not there.
func putViolations(tx bun.Tx, rows []*resultRow) []any {
	var all []violationRow
	for _, row := range rows {
		all = append(all, row.violations...)
	}
	return insertViolations(tx, all)
}

func insertViolations(tx bun.Tx, all []violationRow) (queries []any) {
	for some := range slices.Chunk(all, mostAtOnce) {
		queries = append(queries, tx.NewInsert().Model(&some).On("CONFLICT DO NOTHING"))
	}
	return queries
}

// listViolations fills in the violations of results that were saved before there was a list of them. It may
// be cut off at any instant and goes on the next time.
func (s *Store) listViolations(ctx context.Context) error {
	for {
		var rows []resultRow
		err := s.write.NewSelect().Model(&rows).Column("result_key", "body").Where("broken IS NULL").
			OrderExpr("result_key").Limit(mostAtOnce).Scan(ctx)
		if err != nil {
			return fmt.Errorf("list violations: %w", err)
		}
		if len(rows) == 0 {
			return nil
		}
		if err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error { return listThese(ctx, tx, rows) }); err != nil {
			return fmt.Errorf("list violations: %w", err)
		}
	}
}

func listThese(ctx context.Context, tx bun.Tx, rows []resultRow) error {
	for _, row := range rows {
		var body resultBody
		if err := unpackResult(row.Body, &body); err != nil {
			return fmt.Errorf("result %s: %w", row.ResultKey, err)
		}
		broken := violationsOf(row.ResultKey, body.Score)
		listed, err := tx.NewUpdate().Model((*resultRow)(nil)).Set("broken = ?", len(broken)).
			Where("result_key = ?", row.ResultKey).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := listed.RowsAffected(); err != nil || n == 0 { // erased meanwhile
			if err != nil {
				return err
			}
			continue
		}
		if len(broken) == 0 {
			continue
		}
		if err := together(ctx, tx, insertViolations(tx, broken)...); err != nil {
			return err
		}
	}
	return nil
}
