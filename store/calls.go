package store

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// CallFilter chooses calls. Its zero value chooses all; every field that is set must hold.
type CallFilter struct {
	Since     time.Time // the call started then or later; calls without a start are left out
	Until     time.Time // the call started before; calls without a start are left out
	Agents    []string  // any of these staff numbers
	Teams     []string  // any of these
	Scenarios []string  // any of these
	Paths     []string  // seen at, or in a folder below, any of these
	After     string    // ID of one of the calls chosen: those that come after it. Calls alone knows it.
}

// callRow is a recording with its current result and the transcript of it.
type callRow struct {
	recordingRow `bun:",extend"`

	Health         string `bun:"health"`
	TranscriptBody []byte `bun:"transcript_body"`
	ResultBody     []byte `bun:"result_body"`
}

// Calls returns the result saved last of every recording that filter chooses, with what people decided
// about it, in order of the calls' start, those without one at the end. It reads them one by one as they are asked for.
// After an error there is nothing more. The error is call.ErrConflict where After is none of the calls chosen, as
// when it was erased since.
func (s *Store) Calls(ctx context.Context, filter CallFilter) iter.Seq2[score.Record, error] {
	return func(yield func(score.Record, error) bool) {
		if err := s.eachCall(ctx, filter, func(rec score.Record) bool { return yield(rec, nil) }); err != nil {
			yield(score.Record{}, fmt.Errorf("read calls: %w", err))
		}
	}
}

// eachCall yields in the order of the hashes, which it looks up first: the rows themselves are heavy, and
// a day's list of paths is longer than a query may be.
func (s *Store) eachCall(ctx context.Context, filter CallFilter, yield func(score.Record) bool) error {
	hashes, err := s.hashes(ctx, filter)
	if err != nil {
		return err
	}
	if hashes, err = after(hashes, filter.After); err != nil {
		return err
	}
	decisions, err := s.decisions(ctx, nil)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(hashes, 100) {
		records, err := s.records(ctx, chunk)
		if err != nil {
			return err
		}
		for _, hash := range chunk {
			rec, ok := records[hash]
			if !ok {
				continue
			}
			rec.Score = rec.Score.Decided(decisions[hash])
			if !yield(rec) {
				return nil
			}
		}
	}
	return nil
}

// after returns the hashes that come after that of the recording with that ID, all of them for none.
func after(hashes []string, id string) ([]string, error) {
	if id == "" {
		return hashes, nil
	}
	at := slices.IndexFunc(hashes, func(hash string) bool { return call.NewID(hash) == id })
	if at < 0 {
		return nil, fmt.Errorf("%w: the call %s, after which to go on, was erased or no longer fits what is asked for: begin anew", call.ErrConflict, id)
	}
	return hashes[at+1:], nil
}

// byStart orders calls by their start, those without one at the end.
const byStart = "recording.started_at_ms IS NULL, recording.started_at_ms, recording.path, recording.sha256"

// hashes returns the content hashes of the calls that filter chooses, in order. A recording whose
// every path holds another recording by now is left out.
func (s *Store) hashes(ctx context.Context, filter CallFilter) ([]string, error) {
	chosen, err := s.seenAt(ctx, filter.Paths)
	if err != nil {
		return nil, err
	}
	query := filtered(s.read.NewSelect().Model((*recordingRow)(nil)), filter).Column("recording.sha256").
		Where("recording.result_key IS NOT NULL").
		Where("EXISTS (SELECT 1 FROM sightings WHERE sightings.sha256 = recording.sha256)").
		OrderExpr(byStart)
	var hashes []string
	if err := query.Scan(ctx, &hashes); err != nil {
		return nil, err
	}
	if chosen == nil {
		return hashes, nil
	}
	return slices.DeleteFunc(hashes, func(hash string) bool { return !chosen[hash] }), nil
}

// records returns the calls with the given content hashes.
func (s *Store) records(ctx context.Context, hashes []string) (map[string]score.Record, error) {
	var rows []callRow
	err := s.selectCalls().Model(&rows).Where("recording.sha256 IN (?)", bun.List(hashes)).Scan(ctx)
	if err != nil {
		return nil, err
	}
	records := make(map[string]score.Record, len(rows))
	for i := range rows {
		rec, err := rows[i].record()
		if err != nil {
			return nil, fmt.Errorf("recording %s: %w", rows[i].ID, err)
		}
		records[rows[i].SHA256] = rec
	}
	return records, nil
}

// selectCalls selects calls with their current result.
func (s *Store) selectCalls() *bun.SelectQuery {
	return s.read.NewSelect().Model((*callRow)(nil)).
		ColumnExpr("recording.*, transcript.health, transcript.body AS transcript_body, result.body AS result_body").
		Join("JOIN results AS result ON result.result_key = recording.result_key").
		Join("JOIN transcripts AS transcript ON transcript.sha256 = result.sha256 AND transcript.revision = result.transcript_revision")
}

// filtered adds what filter asks of the recording, but for its paths.
func filtered(query *bun.SelectQuery, filter CallFilter) *bun.SelectQuery {
	if !filter.Since.IsZero() {
		query.Where("recording.started_at_ms >= ?", filter.Since.UnixMilli())
	}
	if !filter.Until.IsZero() {
		query.Where("recording.started_at_ms < ?", filter.Until.UnixMilli())
	}
	for column, values := range map[string][]string{
		"agent": filter.Agents, "team": filter.Teams, "scenario": filter.Scenarios,
	} {
		if len(values) > 0 {
			query.Where("recording.? IN (?)", bun.Ident(column), bun.List(values))
		}
	}
	return query
}

// seenAt returns the content hashes of the recordings seen at or below paths, nil for no paths.
// It looks through the sightings here: a day's list of paths is longer than a query may be.
func (s *Store) seenAt(ctx context.Context, paths []string) (map[string]bool, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	wanted := asked(paths)
	rows, err := s.read.NewSelect().Model((*sightingRow)(nil)).Column("path", "sha256").Rows(ctx)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	chosen := make(map[string]bool)
	for rows.Next() {
		var path diskPath
		var sha256 string
		if err := rows.Scan(&path, &sha256); err != nil {
			return nil, err
		}
		if underAny(string(path), wanted) {
			chosen[sha256] = true
		}
	}
	return chosen, rows.Err()
}

func (row *callRow) record() (score.Record, error) {
	health, transcript, err := decodeTranscript(row.Health, row.TranscriptBody)
	if err != nil {
		return score.Record{}, err
	}
	var body resultBody
	if err := unpackResult(row.ResultBody, &body); err != nil {
		return score.Record{}, err
	}
	return score.Record{
		Recording: row.recording(), Health: body.Score.HealthOf(health), Transcript: transcript,
		Measures: body.Measures, Score: body.Score,
	}, nil
}
