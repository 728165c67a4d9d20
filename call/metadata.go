package call

import (
	"slices"
	"time"
)

// Merge returns m with its gaps filled from other. Where both have a value and the two differ, m's is
// kept and conflict is true; other.Merge(m) is the correction of m by other. Times are compared to
// the millisecond, whatever their zones.
func (m Metadata) Merge(other Metadata) (merged Metadata, conflict bool) {
	conflicts := []bool{
		fill(&m.Agent, other.Agent),
		fill(&m.AgentName, other.AgentName),
		fill(&m.Team, other.Team),
		fill(&m.Customer, other.Customer),
		fillTime(&m.StartedAt, other.StartedAt),
		fill(&m.Direction, other.Direction),
		fill(&m.Scenario, other.Scenario),
		fillPointer(&m.AgentChannel, other.AgentChannel),
		fillPointer(&m.Satisfaction, other.Satisfaction),
		fillPointer(&m.Complaint, other.Complaint),
		fillPointer(&m.Settled, other.Settled),
		fillPointer(&m.Resolved, other.Resolved),
		fillPointer(&m.Rings, other.Rings),
		fillPointer(&m.AnswerDelay, other.AnswerDelay),
		fill(&m.HungUpBy, other.HungUpBy),
	}
	return m, slices.Contains(conflicts, true)
}

// fill sets an empty field to other and reports whether both have a value and the two differ.
func fill[T comparable](field *T, other T) (conflict bool) {
	var empty T
	if *field == empty {
		*field = other
	}
	return other != empty && *field != other
}

func fillTime(field *time.Time, other time.Time) (conflict bool) {
	if field.IsZero() {
		*field = other
	}
	return !other.IsZero() && !field.Truncate(time.Millisecond).Equal(other.Truncate(time.Millisecond))
}

func fillPointer[T comparable](field **T, other *T) (conflict bool) {
	if *field == nil {
		*field = other
	}
	return other != nil && **field != *other
}
