package call

import "time"

// Role says who is heard on a channel.
type Role string

// The roles.
const (
	RoleAgent    Role = "agent"
	RoleCustomer Role = "customer"
	RoleUnknown  Role = "unknown"
)

// Other returns the party across the line; RoleUnknown has none and returns itself.
func (r Role) Other() Role {
	switch r {
	case RoleAgent:
		return RoleCustomer
	case RoleCustomer:
		return RoleAgent
	}
	return RoleUnknown
}

// Recording is the stored audio of one call and what is known about it.
type Recording struct {
	ID       string `json:"id"`     // the first 16 hexadecimal digits of SHA256
	Path     string `json:"path"`   // where it was first seen
	SHA256   string `json:"sha256"` // of the file's bytes
	Duration Millis `json:"duration_ms"`
	Metadata
	// MetadataConflict names the fields of Metadata of which another sighting of the same audio, under
	// another path, says something else; the first is kept.
	MetadataConflict []string `json:"metadata_conflict,omitempty"`
}

// NewID returns the ID of a recording with the given content hash.
func NewID(sha256 string) string { return sha256[:min(16, len(sha256))] }

// Metadata is what the contact centre says about a call: from a manifest, a sidecar file or the
// file's name. All of it may be missing.
type Metadata struct {
	Agent        string    `json:"agent,omitempty"`      // the agent's ID (staff number)
	AgentName    string    `json:"agent_name,omitempty"` // personal data: never logged, never a label
	Team         string    `json:"team,omitempty"`
	Customer     string    `json:"customer,omitempty"` // the customer's number; personal data
	StartedAt    time.Time `json:"started_at,omitzero"`
	Direction    string    `json:"direction,omitempty"` // inbound or outbound
	Scenario     string    `json:"scenario,omitempty"`  // repair, consultation, complaint, callback, …
	AgentChannel *int      `json:"agent_channel,omitempty"`
	Satisfaction *bool     `json:"satisfaction,omitempty"`    // the customer said to be satisfied
	Complaint    *bool     `json:"complaint,omitempty"`       // the call led to, or was, a complaint
	Settled      *bool     `json:"settled,omitempty"`         // the complaint was settled in time
	Resolved     *bool     `json:"resolved,omitempty"`        // settled at the first contact
	Rings        *int      `json:"rings,omitempty"`           // rings before the call was answered
	AnswerDelay  *Millis   `json:"answer_delay_ms,omitempty"` // how long it rang before the call was answered
	HungUpBy     string    `json:"hung_up_by,omitempty"`      // agent or customer
}

// Status is the state of one channel.
type Status string

// The states of a channel, from best to worst.
const (
	StatusOK   Status = "ok"
	StatusWarn Status = "warn"
	StatusBad  Status = "bad"
)

// The reasons that a channel's health can name. The list may grow.
const (
	ReasonMono      = "mono"      // one channel only: who spoke cannot be told
	ReasonDuplicate = "duplicate" // both channels carry the same sound
	ReasonSwapped   = "swapped"   // the customer's channel holds the agent's phrases
	ReasonCorrected = "corrected" // the channels were swapped, and the roles have been put right
	ReasonCrosstalk = "crosstalk" // the channel also carries the other party
	ReasonShorter   = "shorter"   // the channel ends before the other
	ReasonSilent    = "silent"    // digital silence, or as good as
	ReasonNoSpeech  = "no_speech" // sound, but nobody speaks
	ReasonQuiet     = "quiet"     // speech is too quiet to trust its measures
	ReasonFaint     = "faint"     // so quiet, or so deep in noise, that a part of the speech is not heard
	ReasonClipped   = "clipped"   // many samples at full scale
	ReasonTone      = "tone"      // ringback, busy tone or DTMF only
	ReasonNoise     = "noise"     // speech barely above the noise
	ReasonTruncated = "truncated" // the file ends before its header says
	ReasonShort     = "short"     // too little speech to judge
	ReasonLanguage  = "language"  // the call is not in Chinese
)

// ChannelHealth is the state of one channel and the reasons for it.
type ChannelHealth struct {
	Channel int      `json:"channel"`
	Role    Role     `json:"role"`
	Status  Status   `json:"status"`
	Reasons []string `json:"reasons"`
	LevelDB *float64 `json:"level_db,omitempty"` // median level of the speech, in dBFS
}
