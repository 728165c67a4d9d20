package call

import "time"

// Failure is a recording that could not be worked on, as it is kept and reported.
type Failure struct {
	Path    string
	Code    string // the code of its Fault
	Message string // the sentence of its Fault
	Times   int    // how often it failed
	First   time.Time
	Last    time.Time
	// StartedAt is when the call began, zero where the metadata don't say.
	StartedAt time.Time
}
