package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"
)

// erasedJobsAtOnce is how many jobs go in one transaction.
const erasedJobsAtOnce = 500

// IsOfCustomer reports whether the job is about the customer with that number, given without spaces and the
// country's code (PlainNumber): by its metadata, or by its key, when the number is long enough to tell.
func (j Job) IsOfCustomer(plain string) bool {
	return plain != "" && PlainNumber(j.Metadata.Customer) == plain || NameHolds(j.Key, plain)
}

// leastNumber is from how many digits on a number that stands in a name is the customer's: a shorter one stands in
// any name.
const leastNumber = 7

// NameHolds reports whether the name of a recording holds a customer's number (PlainNumber) that is long enough to
// tell.
func NameHolds(name, plain string) bool {
	return len(plain) >= leastNumber && strings.Contains(name, plain)
}

// EraseJobs takes out of the jobs with those IDs what is known of their recordings, as far as they are set aside,
// and returns how many these were. The rows stay, as done and without a recording: their sources would offer the
// objects again.
func (s *Store) EraseJobs(ctx context.Context, ids []string) (int, error) {
	return s.eachJobAside(ctx, ids, func(ctx context.Context, tx bun.Tx, some []string) (int, error) {
		result, err := tx.NewUpdate().Model((*jobRow)(nil)).Set("state = ?", JobDone).Set("recording_id = ''").
			Set("object_key = ''").Set("metadata = ?", noMetadata).Set("reason = ''").Set("message = ''").
			Set("updated_at_ms = ?", s.nowMS()).
			Where("id IN (?)", bun.List(some)).Where("state = ?", JobSetAside).Exec(ctx)
		return affected(result, err)
	})
}

// DropJobs deletes the jobs with those IDs, as far as they are set aside, and returns how many these were. Their
// objects must be gone, or they are offered again.
func (s *Store) DropJobs(ctx context.Context, ids []string) (int, error) {
	return s.eachJobAside(ctx, ids, func(ctx context.Context, tx bun.Tx, some []string) (int, error) {
		result, err := tx.NewDelete().Model((*jobRow)(nil)).
			Where("id IN (?)", bun.List(some)).Where("state = ?", JobSetAside).Exec(ctx)
		return affected(result, err)
	})
}

func (s *Store) eachJobAside(ctx context.Context, ids []string, erase func(context.Context, bun.Tx, []string) (int, error)) (int, error) {
	erased := 0
	for some := range slices.Chunk(ids, erasedJobsAtOnce) {
		var n int
		err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
			n, err = erase(ctx, tx, some)
			return err
		})
		if err != nil {
			return erased, fmt.Errorf("erase jobs: %w", err)
		}
		erased += n
	}
	return erased, s.forget(ctx)
}
