package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
)

// API answers what programs ask about calls and jobs. Personal data are hidden by Mask.
type API struct {
	Store *store.Store
	// Retry queues jobs that were set aside again, all of them without ids, and returns how many; away says that they
	// reach workers when the queue is back.
	Retry func(ctx context.Context, ids []string) (n int, away bool, err error)
	Mask  func(string) string
	Zone  *time.Location // of days
	Log   *slog.Logger
}

// The sizes of a page.
const (
	pageSize = 100
	mostPage = 1000
)

// Register lets s answer for the API, to whom guard lets through.
func (a *API) Register(s Router, guard func(http.Handler) http.Handler) {
	s.Handle("GET /api/v1/calls", guard(a.answer(a.calls)))
	s.Handle("GET /api/v1/calls/{id}", guard(http.HandlerFunc(a.call)))
	s.Handle("GET /api/v1/jobs", guard(a.answer(a.jobs)))
	s.Handle("POST /api/v1/jobs/retry", guard(a.answer(a.retry)))
}

// answer answers with what ask returns, or with its error.
func (a *API) answer(ask func(r *http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		value, err := ask(r)
		if err != nil {
			a.fail(w, err)
			return
		}
		writeJSON(w, http.StatusOK, value)
	})
}

// fail answers with err. What went wrong inside is logged and not shown.
func (a *API) fail(w http.ResponseWriter, err error) {
	for _, known := range []struct {
		sentinel error
		status   int
		code     string
	}{
		{call.ErrNotFound, http.StatusNotFound, "not_found"},
		{call.ErrInvalid, http.StatusBadRequest, "invalid"},
		{call.ErrConflict, http.StatusConflict, "conflict"},
	} {
		if errors.Is(err, known.sentinel) {
			refuse(w, known.status, call.NewFault(known.code, a.Mask(err.Error()), nil))
			return
		}
	}
	a.Log.Error("request failed", slog.String("error", err.Error()))
	refuse(w, http.StatusInternalServerError, call.NewFault("internal", "internal error", nil))
}

// callSummary is one call in a list.
type callSummary struct {
	ID         string        `json:"id"`
	Path       string        `json:"path"`
	Agent      string        `json:"agent,omitempty"`
	Team       string        `json:"team,omitempty"`
	Scenario   string        `json:"scenario,omitempty"`
	StartedAt  time.Time     `json:"started_at,omitzero"`
	DurationMS call.Millis   `json:"duration_ms"`
	Scorecard  string        `json:"scorecard"`
	Points     float64       `json:"points"`
	Potential  float64       `json:"potential"`
	Normalised *float64      `json:"normalised"`
	Verdict    score.Verdict `json:"verdict"`
	Vetoed     bool          `json:"vetoed"`
	Failed     []string      `json:"failed"` // rules
}

func (a *API) calls(r *http.Request) (any, error) {
	filter, err := a.filter(r)
	if err != nil {
		return nil, err
	}
	limit, err := limitOf(r)
	if err != nil {
		return nil, err
	}
	page := struct {
		Calls []callSummary `json:"calls"`
		Next  string        `json:"next,omitempty"` // after it the next page begins
	}{Calls: []callSummary{}}
	filter.After = r.FormValue("after")
	for rec, err := range a.Store.Calls(r.Context(), filter) {
		if err != nil {
			return nil, err
		}
		if len(page.Calls) == limit {
			page.Next = page.Calls[limit-1].ID
			break
		}
		page.Calls = append(page.Calls, a.summary(rec))
	}
	return page, nil
}

func (a *API) filter(r *http.Request) (store.CallFilter, error) {
	if err := r.ParseForm(); err != nil {
		return store.CallFilter{}, fmt.Errorf("%w: %w", call.ErrInvalid, err)
	}
	filter := store.CallFilter{Agents: r.Form["agent"], Teams: r.Form["team"], Scenarios: r.Form["scenario"]}
	for name, at := range map[string]*time.Time{"since": &filter.Since, "until": &filter.Until} {
		text := r.Form.Get(name)
		if text == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, text, a.Zone)
		if err != nil {
			return filter, fmt.Errorf("%w: %s is not a day such as 2026-11-20", call.ErrInvalid, name)
		}
		*at = day
	}
	if !filter.Until.IsZero() {
		filter.Until = filter.Until.AddDate(0, 0, 1) // inclusive
	}
	return filter, nil
}

func limitOf(r *http.Request) (int, error) {
	text := r.FormValue("limit")
	if text == "" {
		return pageSize, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > mostPage {
		return 0, fmt.Errorf("%w: limit is not in 1…%d", call.ErrInvalid, mostPage)
	}
	return limit, nil
}

func (a *API) summary(rec score.Record) callSummary {
	c := callSummary{
		ID: rec.Recording.ID, Path: report.MaskPath(rec.Recording.Path, rec.Recording.Customer, a.Mask), Agent: rec.Recording.Agent, Team: rec.Recording.Team,
		Scenario: rec.Recording.Scenario, StartedAt: rec.Recording.StartedAt, DurationMS: rec.Recording.Duration, Scorecard: rec.Score.Scorecard,
		Points: rec.Score.Points, Potential: rec.Score.Potential, Normalised: rec.Score.Normalised, Verdict: rec.Score.Verdict, Vetoed: rec.Score.Vetoed,
		Failed: []string{},
	}
	for _, criterion := range rec.Score.Criteria {
		if criterion.Outcome == score.OutcomeFail {
			c.Failed = append(c.Failed, criterion.Rule)
		}
	}
	return c
}

// call answers with the result of one call, as the public contract says.
func (a *API) call(w http.ResponseWriter, r *http.Request) {
	rec, err := a.Store.FindCall(r.Context(), r.PathValue("id"))
	if err != nil {
		a.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = report.NewLines(w, a.Mask).Call(rec) // who asked has gone
}

// jobStates are the states that can be asked for.
var jobStates = map[string]store.JobState{
	"queued": store.JobQueued, "working": store.JobWorking, "done": store.JobDone, "set_aside": store.JobSetAside,
}

func (a *API) jobs(r *http.Request) (any, error) {
	limit, err := limitOf(r)
	if err != nil {
		return nil, err
	}
	filter := store.JobFilter{After: r.FormValue("after"), Limit: limit + 1}
	for _, name := range r.Form["state"] {
		state, ok := jobStates[name]
		if !ok {
			return nil, fmt.Errorf("%w: state is none of queued, working, done, set_aside", call.ErrInvalid)
		}
		filter.States = append(filter.States, state)
	}
	jobs, err := a.Store.Jobs(r.Context(), filter)
	if err != nil {
		return nil, err
	}
	page := struct {
		Jobs []report.Job `json:"jobs"`
		Next string       `json:"next,omitempty"`
	}{Jobs: []report.Job{}}
	for i, job := range jobs {
		if i == limit {
			page.Next = jobs[i-1].ID
			break
		}
		page.Jobs = append(page.Jobs, report.JobOf(job, a.Mask))
	}
	return page, nil
}

// mostRetried bounds the body of a request for retries, in bytes.
const mostRetried = 1 << 20

// Retried is the answer to a request for retries.
type Retried struct {
	Queued int    `json:"queued"`         // jobs
	Note   string `json:"note,omitempty"` // why they are not worked on yet
}

func (a *API) retry(r *http.Request) (any, error) {
	var asked struct {
		IDs []string `json:"ids"`
		All bool     `json:"all"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, mostRetried)).Decode(&asked); err != nil {
		return nil, fmt.Errorf("%w: the body is no JSON object with ids or all", call.ErrInvalid)
	}
	if (len(asked.IDs) > 0) == asked.All {
		return nil, fmt.Errorf("%w: give ids, or all", call.ErrInvalid)
	}
	n, away, err := a.Retry(r.Context(), asked.IDs)
	if err != nil {
		return nil, err
	}
	answer := Retried{Queued: n}
	if away {
		answer.Note = "the queue is away: workers are offered them when it is back"
	}
	return answer, nil
}
