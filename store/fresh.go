package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// Met is what there is of a recording.
type Met struct {
	Kept   bool // something is kept of it
	Erased bool // its data were deleted
}

// Meet returns what there is of the recording with the given content hash.
func (s *Store) Meet(ctx context.Context, sha256 string) (Met, error) {
	m := &meeting{sha256: sha256}
	if err := s.meetings.Ask(ctx, m); err != nil {
		return Met{}, fmt.Errorf("find recording: %w", err)
	}
	return m.met, nil
}

// meeting is a hash that is asked for.
type meeting struct {
	sha256 string
	met    Met
}

func (s *Store) meet(ctx context.Context, asked []*meeting) error {
	hashes := make([]string, len(asked))
	for i, m := range asked {
		hashes[i] = m.sha256
	}
	var kept, erased []string
	err := s.tried(ctx, func() error {
		kept, erased = nil, nil
		rows, err := s.read.QueryContext(ctx, "SELECT sha256, 0 FROM recordings WHERE sha256 IN (?) UNION ALL SELECT sha256, 1 FROM erasures WHERE sha256 IN (?)",
			bun.List(hashes), bun.List(hashes))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var hash string
			var gone int
			if err := rows.Scan(&hash, &gone); err != nil {
				return err
			}
			if gone > 0 {
				erased = append(erased, hash)
			} else {
				kept = append(kept, hash)
			}
		}
		return rows.Err()
	})
	for _, m := range asked {
		m.met = Met{Kept: slices.Contains(kept, m.sha256), Erased: slices.Contains(erased, m.sha256)}
	}
	return err
}

// SaveNew saves the call rec of a recording that nothing is kept of, as SaveTranscript and SaveResult would, and says
// that the job with that ID, if there is one, is done: all of it or nothing. The health of its channels is kept as it
// was heard; rec's may hold what scoring found. ok is false, and nothing is changed, when something is kept of the
// recording by now.
func (s *Store) SaveNew(ctx context.Context, heard []call.ChannelHealth, rec score.Record, job string) (ok bool, err error) {
	n, err := s.newCall(heard, rec, job)
	if err == nil {
		err = s.arrivals.Ask(ctx, n)
	}
	if err != nil {
		return false, fmt.Errorf("save call: %w", err)
	}
	return n.saved, nil
}

// newCall is a call with all of its rows.
type newCall struct {
	recording  *recordingRow
	sighting   *sightingRow
	transcript *transcriptRow
	result     *resultRow
	job        string
	saved      bool
}

func (s *Store) newCall(heard []call.ChannelHealth, rec score.Record, job string) (*newCall, error) {
	if err := keyed(rec.Recording); err != nil {
		return nil, err
	}
	transcript, err := s.newTranscriptRow(rec.Recording.SHA256, heard, rec.Transcript)
	if err != nil {
		return nil, err
	}
	result, err := s.newResultRow(rec)
	if err != nil {
		return nil, err
	}
	recording := newRecordingRow(rec.Recording, s.nowMS())
	recording.ResultKey = &result.ResultKey
	if unknowable(job) {
		job = ""
	}
	return &newCall{recording: recording, sighting: newSightingRow(rec.Recording, s.nowMS()), transcript: transcript, result: result, job: job}, nil
}

func (s *Store) saveNew(ctx context.Context, calls []*newCall) error {
	// In one order everywhere, so that processes with the same recordings don't wait for each other.
	calls = slices.SortedFunc(slices.Values(calls), func(a, b *newCall) int {
		return strings.Compare(a.recording.SHA256, b.recording.SHA256)
	})
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		taken, err := putRecordings(ctx, tx, calls)
		if err != nil {
			return err
		}
		for _, n := range calls {
			n.saved = slices.Contains(taken, n)
		}
		if len(taken) == 0 {
			return nil
		}
		return s.putCalls(ctx, tx, taken)
	})
}

// putRecordings inserts the recordings that are not there and returns their calls.
func putRecordings(ctx context.Context, tx bun.Tx, calls []*newCall) (taken []*newCall, err error) {
	rows := make([]*recordingRow, len(calls))
	for i, n := range calls {
		rows[i] = n.recording
	}
	var inserted []string
	err = tx.NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Returning("sha256").Scan(ctx, &inserted)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	for _, n := range calls {
		if i := slices.Index(inserted, n.recording.SHA256); i >= 0 {
			taken, inserted = append(taken, n), slices.Delete(inserted, i, i+1)
		}
	}
	return taken, nil
}

// putCalls inserts what belongs to the recordings of calls.
func (s *Store) putCalls(ctx context.Context, tx bun.Tx, calls []*newCall) error {
	var hashes []string
	var paths []diskPath
	var sightings []*sightingRow
	var transcripts []*transcriptRow
	var results []*resultRow
	var endings []ending
	for _, n := range calls {
		hashes, paths = append(hashes, n.recording.SHA256), append(paths, n.sighting.Path)
		sightings, transcripts, results = append(sightings, n.sighting), append(transcripts, n.transcript), append(results, n.result)
		if n.job != "" {
			endings = append(endings, ending{n.job, n.recording.ID})
		}
	}
	if err := refuseErased(ctx, tx, hashes...); err != nil {
		return err
	}
	queries := append([]any{
		sighted(tx, sightings), tx.NewInsert().Model(&transcripts), tx.NewInsert().Model(&results),
		tx.NewDelete().Model((*failureRow)(nil)).Where("path IN (?)", bun.List(paths)),
	}, putViolations(tx, results)...)
	if len(endings) > 0 {
		queries = append(queries, s.ended(tx, endings))
	}
	return together(ctx, tx, queries...)
}
