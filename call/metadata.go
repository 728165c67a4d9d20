package call

import "time"

// Merge returns m with its gaps filled from other. Where both have a value and the two differ, m's is
// kept and conflicts names the field, as JSON has it; other.Merge(m) is the correction of m by other. Times
// are compared to the millisecond, whatever their zones.
func (m Metadata) Merge(other Metadata) (merged Metadata, conflicts []string) {
	for _, field := range []struct {
		name     string
		conflict bool
	}{
		{"agent", fill(&m.Agent, other.Agent)},
		{"agent_name", fill(&m.AgentName, other.AgentName)},
		{"team", fill(&m.Team, other.Team)},
		{"customer", fill(&m.Customer, other.Customer)},
		{"started_at", fillTime(&m.StartedAt, other.StartedAt)},
		{"direction", fill(&m.Direction, other.Direction)},
		{"scenario", fill(&m.Scenario, other.Scenario)},
		{"agent_channel", fillPointer(&m.AgentChannel, other.AgentChannel)},
		{"satisfaction", fillPointer(&m.Satisfaction, other.Satisfaction)},
		{"complaint", fillPointer(&m.Complaint, other.Complaint)},
		{"settled", fillPointer(&m.Settled, other.Settled)},
		{"resolved", fillPointer(&m.Resolved, other.Resolved)},
		{"rings", fillPointer(&m.Rings, other.Rings)},
		{"answer_delay_ms", fillPointer(&m.AnswerDelay, other.AnswerDelay)},
		{"hung_up_by", fill(&m.HungUpBy, other.HungUpBy)},
	} {
		if field.conflict {
			conflicts = append(conflicts, field.name)
		}
	}
	return m, conflicts
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
