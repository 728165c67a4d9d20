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

// recordingRow is a row of recordings.
type recordingRow struct {
	bun.BaseModel `bun:"table:recordings,alias:recording"`

	SHA256       string   `bun:"sha256,pk"`
	ID           string   `bun:"id"`
	Path         diskPath `bun:"path"`
	DurationMS   int64    `bun:"duration_ms"`
	Agent        string   `bun:"agent"`
	AgentName    string   `bun:"agent_name"`
	Team         string   `bun:"team"`
	Customer     string   `bun:"customer"`
	StartedAtMS  *int64   `bun:"started_at_ms"`
	StartedZoneS int      `bun:"started_zone_s"`
	Direction    string   `bun:"direction"`
	Scenario     string   `bun:"scenario"`
	AgentChannel *int     `bun:"agent_channel"`
	Satisfaction *bool    `bun:"satisfaction"`
	Complaint    *bool    `bun:"complaint"`
	Settled      *bool    `bun:"settled"`
	Resolved     *bool    `bun:"resolved"`
	Rings        *int     `bun:"rings"`
	HungUpBy     string   `bun:"hung_up_by"`
	AnswerDelay  *int64   `bun:"answer_delay_ms"`
	ResultKey    *string  `bun:"result_key"`
	PreviousKey  *string  `bun:"previous_key"`
	Conflict     string   `bun:"metadata_conflict"` // fields, joined by commas
	CreatedAtMS  int64    `bun:"created_at_ms"`
}

// sightingRow is a row of sightings: the recording that was seen last at a path.
type sightingRow struct {
	bun.BaseModel `bun:"table:sightings,alias:sighting"`

	Path        diskPath `bun:"path,pk"`
	Name        diskPath `bun:"name"`
	SHA256      string   `bun:"sha256"`
	Conflicts   string   `bun:"conflicts"` // fields, joined by commas
	CreatedAtMS int64    `bun:"created_at_ms"`
}

// AddSighting records that rec was seen at rec.Path, and rec itself when it is new. The same audio
// at another path is the same recording: metadata it lacked are filled in, and where the two
// contradict, the first are kept, the recording names the fields and conflict is true. Seen again at its first path with other
// metadata, these are taken as a correction.
func (s *Store) AddSighting(ctx context.Context, rec call.Recording) (conflict bool, err error) {
	err = s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		fields, err := s.see(ctx, tx, rec)
		if err != nil {
			return err
		}
		conflict = len(fields) > 0
		return noteConflicts(ctx, tx, rec, fields)
	})
	if err != nil {
		return false, fmt.Errorf("save sighting: %w", err)
	}
	return conflict, nil
}

// FindRecording returns the recording with the given content hash and the metadata that are kept for it.
func (s *Store) FindRecording(ctx context.Context, sha256 string) (call.Recording, error) {
	row, err := s.findRecording(ctx, sha256)
	if err != nil {
		return call.Recording{}, fmt.Errorf("find recording: %w", err)
	}
	return row.recording(), nil
}

// Paths returns where the recording with the given content hash was seen, the path seen last first.
func (s *Store) Paths(ctx context.Context, sha256 string) ([]string, error) {
	var seen []diskPath
	err := s.read.NewSelect().Model((*sightingRow)(nil)).Column("path").
		Where("sha256 = ?", sha256).OrderExpr("created_at_ms DESC, path").Scan(ctx, &seen)
	if err != nil {
		return nil, fmt.Errorf("find paths: %w", err)
	}
	paths := make([]string, len(seen))
	for i, path := range seen {
		paths[i] = string(path)
	}
	return paths, nil
}

// findRecording reads a recording, also when the server goes away meanwhile.
func (s *Store) findRecording(ctx context.Context, sha256 string) (row *recordingRow, err error) {
	err = s.tried(ctx, func() error {
		row, err = findRecording(ctx, s.read.NewSelect(), sha256)
		return err
	})
	return row, err
}

func findRecording(ctx context.Context, query *bun.SelectQuery, sha256 string) (*recordingRow, error) {
	row := new(recordingRow)
	err := query.Model(row).Where("sha256 = ?", sha256).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, call.ErrNotFound
	}
	return row, err
}

// see inserts rec or merges its metadata into the row that is there, and puts down the sighting, together with more. It
// returns the fields that rec contradicts.
func (s *Store) see(ctx context.Context, tx bun.Tx, rec call.Recording, more ...any) (conflicts []string, err error) {
	if err := keyed(rec); err != nil {
		return nil, err
	}
	inserted, err := insertNew(ctx, tx.NewInsert().Model(newRecordingRow(rec, s.nowMS())))
	if err == nil && !inserted {
		conflicts, err = s.update(ctx, tx, rec)
	}
	if err == nil {
		err = refuseErased(ctx, tx, rec.SHA256)
	}
	if err != nil {
		return nil, err
	}
	seen := sighted(tx, []*sightingRow{newSightingRow(rec, s.nowMS())})
	return conflicts, together(ctx, tx, append([]any{seen}, more...)...)
}

// keyed fails when rec lacks what it is known by.
func keyed(rec call.Recording) error {
	if rec.SHA256 == "" || rec.Path == "" {
		return fmt.Errorf("%w: a recording needs a path and a content hash", call.ErrInvalid)
	}
	return nil
}

func newSightingRow(rec call.Recording, createdMS int64) *sightingRow {
	return &sightingRow{Path: diskPath(rec.Path), Name: diskPath(baseName(rec.Path)), SHA256: rec.SHA256, CreatedAtMS: createdMS}
}

// sighted returns the query that puts sightings down.
func sighted(tx bun.Tx, rows []*sightingRow) *bun.InsertQuery {
	return tx.NewInsert().Model(&rows).On("CONFLICT (path) DO UPDATE").Set("sha256 = EXCLUDED.sha256")
}

// noteConflicts puts down the fields that the sighting rec contradicts, and gives the recording those of all
// its sightings.
func noteConflicts(ctx context.Context, tx bun.Tx, rec call.Recording, fields []string) error {
	_, err := tx.NewUpdate().Model((*sightingRow)(nil)).
		Set("conflicts = ?", strings.Join(fields, ",")).Where("path = ?", diskPath(rec.Path)).Exec(ctx)
	if err != nil {
		return err
	}
	var lists []string
	err = tx.NewSelect().Model((*sightingRow)(nil)).Column("conflicts").
		Where("sha256 = ?", rec.SHA256).Where("conflicts <> ''").Scan(ctx, &lists)
	if err != nil {
		return err
	}
	all := fieldsOf(strings.Join(lists, ","))
	slices.Sort(all)
	_, err = tx.NewUpdate().Model((*recordingRow)(nil)).
		Set("metadata_conflict = ?", strings.Join(slices.Compact(all), ",")).Where("sha256 = ?", rec.SHA256).Exec(ctx)
	return err
}

// fieldsOf is the inverse of joining by commas; nothing joined is nil.
func fieldsOf(joined string) []string {
	if joined == "" {
		return nil
	}
	return strings.Split(joined, ",")
}

// insertNew tells whether query, without its rows that are there already, inserted any.
func insertNew(ctx context.Context, query *bun.InsertQuery) (bool, error) {
	result, err := query.On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// update merges what is newly known of rec into the row that is there. The row is held meanwhile: another
// process may see the same audio at the same time.
func (s *Store) update(ctx context.Context, tx bun.Tx, rec call.Recording) (conflicts []string, err error) {
	row, err := findRecording(ctx, s.locked(tx.NewSelect()), rec.SHA256)
	if err != nil {
		return nil, err
	}
	correction := rec.Path == string(row.Path)
	merged := row.recording()
	merged.Metadata, conflicts = mergeMetadata(merged.Metadata, rec.Metadata, correction)
	if merged.Duration == 0 {
		merged.Duration = rec.Duration
	}
	next := newRecordingRow(merged, row.CreatedAtMS)
	_, err = tx.NewUpdate().Model(next).ExcludeColumn("result_key", "previous_key").WherePK().Exec(ctx)
	if correction {
		conflicts = nil
	}
	return conflicts, err
}

func newRecordingRow(rec call.Recording, createdMS int64) *recordingRow {
	row := &recordingRow{
		SHA256: rec.SHA256, ID: rec.ID, Path: diskPath(rec.Path), DurationMS: int64(rec.Duration),
		Agent: rec.Agent, AgentName: rec.AgentName, Team: rec.Team, Customer: rec.Customer,
		Direction: rec.Direction, Scenario: rec.Scenario, AgentChannel: rec.AgentChannel,
		Satisfaction: rec.Satisfaction, Complaint: rec.Complaint, Settled: rec.Settled, Resolved: rec.Resolved,
		Rings: rec.Rings, HungUpBy: rec.HungUpBy, Conflict: strings.Join(rec.MetadataConflict, ","), AnswerDelay: (*int64)(rec.AnswerDelay),
		CreatedAtMS: createdMS,
	}
	if row.ID == "" {
		row.ID = call.NewID(rec.SHA256)
	}
	if !rec.StartedAt.IsZero() {
		ms := rec.StartedAt.UnixMilli()
		row.StartedAtMS = &ms
		_, row.StartedZoneS = rec.StartedAt.Zone()
	}
	return row
}

func (row *recordingRow) recording() call.Recording {
	rec := call.Recording{
		ID: row.ID, Path: string(row.Path), SHA256: row.SHA256, Duration: call.Millis(row.DurationMS),
		Metadata: call.Metadata{
			Agent: row.Agent, AgentName: row.AgentName, Team: row.Team, Customer: row.Customer,
			Direction: row.Direction, Scenario: row.Scenario, AgentChannel: row.AgentChannel,
			Satisfaction: row.Satisfaction, Complaint: row.Complaint, Settled: row.Settled, Resolved: row.Resolved,
			Rings: row.Rings, HungUpBy: row.HungUpBy, AnswerDelay: (*call.Millis)(row.AnswerDelay),
		},
		MetadataConflict: fieldsOf(row.Conflict),
	}
	if row.StartedAtMS != nil {
		zone := time.UTC
		if row.StartedZoneS != 0 {
			zone = time.FixedZone("", row.StartedZoneS)
		}
		rec.StartedAt = time.UnixMilli(*row.StartedAtMS).In(zone)
	}
	return rec
}

// baseName returns the last element of a path written with slashes of either kind.
func baseName(path string) string {
	return path[strings.LastIndexAny(path, `/\`)+1:]
}
