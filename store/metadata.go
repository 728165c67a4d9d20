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

// merger joins two sets of metadata field by field and remembers whether any two contradict.
type merger struct {
	replace  bool // later values win; otherwise the first are kept
	conflict bool
}

// mergeMetadata returns kept with its gaps filled from seen. Where both have a value and they
// differ, replace decides which stays; conflict tells that there was such a field.
func mergeMetadata(kept, seen call.Metadata, replace bool) (merged call.Metadata, conflict bool) {
	m := &merger{replace: replace}
	m.text(&kept.Agent, seen.Agent)
	m.text(&kept.AgentName, seen.AgentName)
	m.text(&kept.Team, seen.Team)
	m.text(&kept.Customer, seen.Customer)
	m.time(&kept.StartedAt, seen.StartedAt)
	m.text(&kept.Direction, seen.Direction)
	m.text(&kept.Scenario, seen.Scenario)
	mergePointer(m, &kept.AgentChannel, seen.AgentChannel)
	mergePointer(m, &kept.Satisfaction, seen.Satisfaction)
	mergePointer(m, &kept.Complaint, seen.Complaint)
	mergePointer(m, &kept.Settled, seen.Settled)
	mergePointer(m, &kept.Resolved, seen.Resolved)
	mergePointer(m, &kept.Rings, seen.Rings)
	m.text(&kept.HungUpBy, seen.HungUpBy)
	return kept, m.conflict
}

func (m *merger) text(kept *string, seen string) {
	if m.take(*kept == "", seen == "", *kept == seen) {
		*kept = seen
	}
}

func (m *merger) time(kept *time.Time, seen time.Time) {
	same := kept.Truncate(time.Millisecond).Equal(seen.Truncate(time.Millisecond))
	if m.take(kept.IsZero(), seen.IsZero(), same) {
		*kept = seen
	}
}

func mergePointer[T comparable](m *merger, kept **T, seen *T) {
	same := *kept != nil && seen != nil && **kept == *seen
	if m.take(*kept == nil, seen == nil, same) {
		*kept = seen
	}
}

// take decides whether a field takes the value seen later.
func (m *merger) take(keptEmpty, seenEmpty, same bool) bool {
	switch {
	case seenEmpty || same:
		return false
	case keptEmpty:
		return true
	}
	m.conflict = true
	return m.replace
}
