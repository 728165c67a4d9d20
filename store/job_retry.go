package store

import (
	"context"
	"iter"
)

// retryPage is how many jobs are taken up in one transaction.
const retryPage = 500

// RetryAll takes up jobs as Retry does, page by page as they are asked for. After an error there is nothing more;
// those before it are taken up.
func (s *Store) RetryAll(ctx context.Context, ids []string) iter.Seq2[Job, error] {
	return func(yield func(Job, error) bool) {
		for last := ""; ; {
			jobs, err := s.Retry(ctx, ids, last, retryPage)
			if err != nil {
				yield(Job{}, err)
				return
			}
			for _, job := range jobs {
				if last = job.ID; !yield(job, nil) {
					return
				}
			}
			if len(jobs) < retryPage {
				return
			}
		}
	}
}
