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

	"github.com/zhijian-qa/zhijian/call"
)

// The reasons of an Erasure.
const (
	ErasedForAge    = "age"
	ErasedOnRequest = "request"
)

// ErrErased says that the data of a recording were deleted and are not taken again.
var ErrErased = errors.New("the data of this recording were deleted")

// erasedAtOnce is how many calls go in one transaction.
const erasedAtOnce = 50

// Erasure is what is kept of calls whose data were deleted: nothing of the calls but which they were.
type Erasure struct {
	ID     string    `json:"id"` // of the recording
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	Note   string    `json:"note"` // the line of the policy, or why it was asked for
	At     time.Time `json:"at"`
}

// erasureRow is a row of erasures, which are only ever added to.
type erasureRow struct {
	bun.BaseModel `bun:"table:erasures,alias:erasure"`

	Number   int64  `bun:"number,pk,autoincrement"`
	SHA256   string `bun:"sha256"`
	ID       string `bun:"id"`
	Reason   string `bun:"reason"`
	ErasedBy string `bun:"erased_by"`
	Note     string `bun:"note"`
	AtMS     int64  `bun:"at_ms"`
}

// Erase deletes all that is kept of the recordings with the given content hashes: metadata, places,
// transcripts, results, decisions and failures. Why and by whom is kept in their place, in the same
// transaction. It returns how many there were; after an error some may be gone already. ID and At of why are
// not read.
func (s *Store) Erase(ctx context.Context, hashes []string, why Erasure) (int, error) {
	if why.Reason == "" || why.By == "" {
		return 0, fmt.Errorf("erase calls: %w: that needs a reason and a name", call.ErrInvalid)
	}
	erased := 0
	for some := range slices.Chunk(slices.Sorted(slices.Values(hashes)), erasedAtOnce) {
		var n int
		err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
			n, err = s.erase(ctx, tx, slices.Compact(some), why)
			return err
		})
		if err != nil {
			return erased, fmt.Errorf("erase calls: %w", err)
		}
		erased += n
	}
	return erased, s.forget(ctx)
}

// forget makes deleted rows unreadable as far as the database lets it.
func (s *Store) forget(ctx context.Context) error {
	if s.backend.forget == nil {
		return nil
	}
	if err := s.backend.forget(ctx); err != nil {
		return fmt.Errorf("empty journal: %w", err)
	}
	return nil
}

func (s *Store) erase(ctx context.Context, tx bun.Tx, hashes []string, why Erasure) (int, error) {
	var known []recordingRow
	err := s.locked(tx.NewSelect().Model(&known).Where("sha256 IN (?)", bun.List(hashes)).OrderExpr("sha256")).Scan(ctx)
	if err != nil || len(known) == 0 {
		return 0, err
	}
	now := s.nowMS()
	rows, found := make([]erasureRow, len(known)), make([]string, len(known))
	for i, rec := range known {
		found[i] = rec.SHA256
		rows[i] = erasureRow{SHA256: rec.SHA256, ID: rec.ID, Reason: why.Reason, ErasedBy: why.By, Note: why.Note, AtMS: now}
	}
	if err := emptyJobs(ctx, tx, rows); err != nil {
		return 0, err
	}
	if _, err := tx.NewInsert().Model(&rows).Exec(ctx); err != nil {
		return 0, err
	}
	places := tx.NewSelect().Model((*sightingRow)(nil)).Column("path").Where("sha256 IN (?)", bun.List(found))
	if _, err := tx.NewDelete().Model((*failureRow)(nil)).Where("path IN (?)", places).Exec(ctx); err != nil {
		return 0, err
	}
	for _, model := range []any{
		(*decisionRow)(nil), (*resultRow)(nil), (*transcriptRow)(nil), (*sightingRow)(nil), (*recordingRow)(nil),
	} {
		if _, err := tx.NewDelete().Model(model).Where("sha256 IN (?)", bun.List(found)).Exec(ctx); err != nil {
			return 0, err
		}
	}
	return len(known), nil
}

// emptyJobs takes out of the jobs of erased recordings what was known of them. The rows stay: what is left says
// that the objects were taken, or their sources would offer them again.
func emptyJobs(ctx context.Context, tx bun.Tx, erased []erasureRow) error {
	ids := make([]string, len(erased))
	for i, row := range erased {
		ids[i] = row.ID
	}
	_, err := tx.NewUpdate().Model((*jobRow)(nil)).Set("object_key = ''").Set("metadata = ?", noMetadata).
		Set("message = ''").Where("recording_id IN (?)", bun.List(ids)).Exec(ctx)
	return err
}

// refuseErased fails when one of the recordings that tx has just put down, or holds, was erased. It comes after that:
// who erases it at the same time is waited for first, and seen here.
func refuseErased(ctx context.Context, tx bun.Tx, hashes ...string) error {
	var erased []string
	err := tx.NewSelect().Model((*erasureRow)(nil)).Column("id").Where("sha256 IN (?)", bun.List(hashes)).Limit(1).Scan(ctx, &erased)
	if errors.Is(err, sql.ErrNoRows) || err == nil && len(erased) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("%w: %s", ErrErased, erased[0])
}

// Erased returns when and why the data of the recording with the given content hash were deleted; ok is
// false when they never were.
func (s *Store) Erased(ctx context.Context, sha256 string) (erasure Erasure, ok bool, err error) {
	row := new(erasureRow)
	err = s.tried(ctx, func() error {
		return s.read.NewSelect().Model(row).Where("sha256 = ?", sha256).OrderExpr("number DESC").Limit(1).Scan(ctx)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return Erasure{}, false, nil
	}
	if err != nil {
		return Erasure{}, false, fmt.Errorf("find erasure: %w", err)
	}
	return row.erasure(), true, nil
}

// Erasures returns what was deleted from since on, the latest first.
func (s *Store) Erasures(ctx context.Context, since, until time.Time) ([]Erasure, error) {
	query := s.read.NewSelect().Model((*erasureRow)(nil)).OrderExpr("number DESC")
	if !since.IsZero() {
		query.Where("at_ms >= ?", since.UnixMilli())
	}
	if !until.IsZero() {
		query.Where("at_ms < ?", until.UnixMilli())
	}
	var rows []erasureRow
	if err := query.Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("read erasures: %w", err)
	}
	list := make([]Erasure, len(rows))
	for i, row := range rows {
		list[i] = row.erasure()
	}
	return list, nil
}

func (row erasureRow) erasure() Erasure {
	return Erasure{ID: row.ID, Reason: row.Reason, By: row.ErasedBy, Note: row.Note, At: time.UnixMilli(row.AtMS).UTC()}
}

// OfCustomer returns the recordings of the customer with that number, however it is spelt: with spaces, dashes
// or the country's code. It is a call.ErrInvalid when number holds no digits.
func (s *Store) OfCustomer(ctx context.Context, number string) ([]call.Recording, error) {
	wanted := PlainNumber(number)
	if wanted == "" {
		return nil, fmt.Errorf("find customer: %w: a number has digits", call.ErrInvalid)
	}
	hashes, err := s.hashesOfCustomer(ctx, wanted)
	if err != nil {
		return nil, fmt.Errorf("find customer: %w", err)
	}
	var found []call.Recording
	for some := range slices.Chunk(hashes, 500) {
		var rows []recordingRow
		if err := s.read.NewSelect().Model(&rows).Where("sha256 IN (?)", bun.List(some)).OrderExpr("sha256").Scan(ctx); err != nil {
			return nil, fmt.Errorf("find customer: %w", err)
		}
		for _, row := range rows {
			found = append(found, row.recording())
		}
	}
	return found, nil
}

// hashesOfCustomer looks through all numbers: they are kept as they came.
func (s *Store) hashesOfCustomer(ctx context.Context, wanted string) ([]string, error) {
	rows, err := s.read.NewSelect().Model((*recordingRow)(nil)).Column("sha256", "customer").Where("customer <> ''").OrderExpr("sha256").Rows(ctx)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var hashes []string
	for rows.Next() {
		var sha256, customer string
		if err := rows.Scan(&sha256, &customer); err != nil {
			return nil, err
		}
		if PlainNumber(customer) == wanted {
			hashes = append(hashes, sha256)
		}
	}
	return hashes, rows.Err()
}

// PlainNumber returns the digits of a telephone number without China's code.
func PlainNumber(number string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
	if rest, ok := strings.CutPrefix(digits, "0086"); ok {
		return rest
	}
	if rest, ok := strings.CutPrefix(digits, "86"); ok && len(rest) >= 10 {
		return rest
	}
	return digits
}

// EraseFailures deletes the failures with the given paths and returns how many there were.
func (s *Store) EraseFailures(ctx context.Context, failures []call.Failure) (int, error) {
	erased := 0
	for some := range slices.Chunk(failures, 500) {
		paths := make([]diskPath, len(some))
		for i, f := range some {
			paths[i] = diskPath(f.Path)
		}
		var n int
		err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
			result, err := tx.NewDelete().Model((*failureRow)(nil)).Where("path IN (?)", bun.List(paths)).Exec(ctx)
			n, err = affected(result, err)
			return err
		})
		if err != nil {
			return erased, fmt.Errorf("erase failures: %w", err)
		}
		erased += n
	}
	return erased, s.forget(ctx)
}

// affected returns how many rows a statement changed, or its error.
func affected(result sql.Result, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}
