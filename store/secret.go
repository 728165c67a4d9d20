package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"

	"github.com/uptrace/bun"
)

// secretSize is that of a key of HMAC-SHA-256 (RFC 2104), in bytes.
const secretSize = 32

type secretRow struct {
	bun.BaseModel `bun:"table:secrets,alias:secret"`

	Name   string `bun:"name,pk"`
	Secret string `bun:"secret"`
}

// Secret returns the 32 random bytes that all processes on this database know by that name. They are made when they
// are first asked for, and stay.
func (s *Store) Secret(ctx context.Context, name string) ([]byte, error) {
	made := make([]byte, secretSize)
	_, _ = rand.Read(made) // it never fails
	row := secretRow{Name: name, Secret: hex.EncodeToString(made)}
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewInsert().Model(&row).On("CONFLICT (name) DO NOTHING").Exec(ctx); err != nil {
			return err
		}
		return tx.NewSelect().Model((*secretRow)(nil)).Column("secret").Where("name = ?", name).Scan(ctx, &row.Secret)
	})
	if err != nil {
		return nil, fmt.Errorf("read secret: %w", err)
	}
	secret, err := hex.DecodeString(row.Secret)
	if err != nil {
		return nil, fmt.Errorf("read secret: %w", err)
	}
	return secret, nil
}
