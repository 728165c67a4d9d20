package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/zhijian-qa/zhijian/call"
)

// transcriptRow is a row of transcripts.
type transcriptRow struct {
	bun.BaseModel `bun:"table:transcripts,alias:transcript"`

	SHA256      string `bun:"sha256,pk"`
	Revision    string `bun:"revision,pk"`
	Model       string `bun:"model"`
	Health      string `bun:"health"`
	Body        []byte `bun:"body"`
	CreatedAtMS int64  `bun:"created_at_ms"`
}

// heardRow is a recording with one of its transcripts.
type heardRow struct {
	recordingRow `bun:",extend"`

	Health string `bun:"health"`
	Body   []byte `bun:"body"`
}

// SaveTranscript saves rec, the sighting at its path and its transcript. A transcript that is
// there already under the same content hash and revision stays as it is.
func (s *Store) SaveTranscript(ctx context.Context, rec call.Recording, health []call.ChannelHealth, tr call.Transcript) error {
	row, err := s.newTranscriptRow(rec.SHA256, health, tr)
	if err != nil {
		return fmt.Errorf("save transcript: %w", err)
	}
	err = s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := s.see(ctx, tx, rec, tx.NewInsert().Model(row).On("CONFLICT (sha256, revision) DO NOTHING"))
		return err
	})
	if err != nil {
		return fmt.Errorf("save transcript: %w", err)
	}
	return nil
}

func (s *Store) newTranscriptRow(sha256 string, health []call.ChannelHealth, tr call.Transcript) (*transcriptRow, error) {
	if tr.Revision == "" {
		return nil, fmt.Errorf("%w: a transcript needs a revision", call.ErrInvalid)
	}
	body, err := packTranscript(tr)
	if err != nil {
		return nil, err
	}
	healthJSON, err := json.Marshal(health)
	if err != nil {
		return nil, fmt.Errorf("encode health: %w", err)
	}
	return &transcriptRow{
		SHA256: sha256, Revision: tr.Revision, Model: tr.Model,
		Health: string(healthJSON), Body: body, CreatedAtMS: s.nowMS(),
	}, nil
}

// FindTranscript returns a recording as it is kept, and its channels' health and transcript of the
// given revision; call.ErrNotFound when there is none.
func (s *Store) FindTranscript(ctx context.Context, sha256, revision string) (call.Recording, []call.ChannelHealth, call.Transcript, error) {
	fail := func(err error) (call.Recording, []call.ChannelHealth, call.Transcript, error) {
		return call.Recording{}, nil, call.Transcript{}, fmt.Errorf("find transcript: %w", err)
	}
	row := new(heardRow)
	err := s.tried(ctx, func() error {
		return s.read.NewSelect().Model(row).ColumnExpr("recording.*, transcript.health, transcript.body").
			Join("JOIN transcripts AS transcript ON transcript.sha256 = recording.sha256").
			Where("recording.sha256 = ?", sha256).Where("transcript.revision = ?", revision).Scan(ctx)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return fail(call.ErrNotFound)
	}
	if err != nil {
		return fail(err)
	}
	health, tr, err := decodeTranscript(row.Health, row.Body)
	if err != nil {
		return fail(err)
	}
	return row.recording(), health, tr, nil
}

func decodeTranscript(healthJSON string, body []byte) (health []call.ChannelHealth, tr call.Transcript, err error) {
	if err := json.Unmarshal([]byte(healthJSON), &health); err != nil {
		return nil, tr, fmt.Errorf("decode health: %w", err)
	}
	return health, tr, unpackTranscript(body, &tr)
}
