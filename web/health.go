package web

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

// Check is one thing that a server needs in order to do its work.
type Check struct {
	Name string // as in database, queue, model, disk
	Test func(ctx context.Context) error
}

// checkLimit is how long one check may take: whoever asks gives up soon after.
const checkLimit = 3 * time.Second

// Health answers that the process is alive, and nothing more: it does not fail when a server that it needs is
// away, or it would be restarted for that.
func Health() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("ok\n"))
	})
}

// readiness is what Ready answers.
type readiness struct {
	Ready  bool              `json:"ready"`
	Checks map[string]string `json:"checks"` // ok, or what is wrong
}

// Ready answers 200 when all checks pass and 503 otherwise, and of each check whether it passed; why not is told
// to whom access lets in, since it can name servers and folders.
func Ready(access Access, checks ...Check) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := readiness{Ready: true, Checks: map[string]string{}}
		for name, err := range runChecks(r.Context(), checks) {
			answer.Checks[name] = "ok"
			if err != nil {
				answer.Ready, answer.Checks[name] = false, "failed"
				if access.allows(r) {
					answer.Checks[name] = err.Error()
				}
			}
		}
		status := http.StatusOK
		if !answer.Ready {
			status = http.StatusServiceUnavailable
		}
		writeJSON(w, status, answer)
	})
}

// runChecks runs all at once. One that does not answer in time fails.
func runChecks(ctx context.Context, checks []Check) map[string]error {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	errs := make([]error, len(checks))
	var running sync.WaitGroup
	for i, check := range checks {
		running.Go(func() {
			done := make(chan error, 1)
			go func() { done <- check.Test(ctx) }()
			select {
			case errs[i] = <-done:
			case <-ctx.Done():
				errs[i] = ctx.Err()
			}
		})
	}
	running.Wait()
	results := make(map[string]error, len(checks))
	for i, check := range checks {
		results[check.Name] = errs[i]
	}
	return results
}

// writeJSON answers with value.
func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // who asked has gone
}
