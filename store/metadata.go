package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/zhijian-qa/zhijian/call"
)

// metadataRevision returns a hash of m, equal for equal metadata whatever their time zone's name.
func metadataRevision(m call.Metadata) (string, error) {
	if !m.StartedAt.IsZero() {
		m.StartedAt = m.StartedAt.UTC().Truncate(time.Millisecond)
	}
	text, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("encode metadata: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8]), nil
}

// mergeMetadata returns kept with its gaps filled from seen. Where both have a value and they
// differ, replace decides which stays; conflicts names such fields.
func mergeMetadata(kept, seen call.Metadata, replace bool) (merged call.Metadata, conflicts []string) {
	if replace {
		return seen.Merge(kept)
	}
	return kept.Merge(seen)
}
