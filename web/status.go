package web

import (
	"context"
	"errors"
	"net/http"
	"regexp"

	"github.com/zhijian-qa/zhijian/call"
)

// RecordingStatus tells what became of a recording.
type RecordingStatus struct {
	ID       string `json:"id"`
	State    string `json:"state"` // received, queued, working, done or set_aside
	Attempts int    `json:"attempts,omitempty"`
	Reason   string `json:"reason,omitempty"` // code of the last fault
	Message  string `json:"message,omitempty"`
	Score    *Score `json:"score,omitempty"` // when it is done
}

// Score is the outcome of a call in short.
type Score struct {
	Scorecard string  `json:"scorecard"`
	Points    float64 `json:"points"`
	Potential float64 `json:"potential"`
	Verdict   string  `json:"verdict"`
}

// recordingID is what an ID looks like.
var recordingID = regexp.MustCompile(`^[0-9a-f]{16}$`)

// Status answers GET /api/v1/recordings/{id} by find, whose error is a call.ErrNotFound for an unknown recording.
func Status(find func(ctx context.Context, id string) (RecordingStatus, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		if !recordingID.MatchString(id) {
			refuse(w, http.StatusNotFound, call.NewFault("not_found", "this is no ID of a recording: 16 hexadecimal digits", nil))
			return
		}
		status, err := find(r.Context(), id)
		switch {
		case errors.Is(err, call.ErrNotFound):
			refuse(w, http.StatusNotFound, call.NewFault("not_found", "no recording with this ID is known", nil))
		case err != nil:
			refuse(w, http.StatusInternalServerError, call.NewFault("internal", "what became of it cannot be told now", nil))
		default:
			writeJSON(w, http.StatusOK, status)
		}
	})
}

// Refuse answers everything with fault.
func Refuse(status int, fault *call.Fault) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { refuse(w, status, fault) })
}
