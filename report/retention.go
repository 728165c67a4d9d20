package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"
)

// Retention is what went, or would go, since it has outlived its keeping.
type Retention struct {
	DryRun   bool            `json:"dry_run"`
	Calls    int             `json:"calls"`
	Failures int             `json:"failures"`            // recordings that could not be worked on
	Aside    int             `json:"set_aside,omitempty"` // jobs that were set aside
	Finished int             `json:"finished,omitempty"`  // jobs that were done, of recordings that no source has any more
	Lines    []RetentionLine `json:"lines"`

	opt   Options
	words words
}

// RetentionLine is a line of the policy with the calls that it let go.
type RetentionLine struct {
	Keep   string    `json:"keep"`
	Calls  int       `json:"calls"`
	Oldest time.Time `json:"oldest,omitzero"`
	Newest time.Time `json:"newest,omitzero"`
}

// NewRetention returns one for the lines of a policy, that no call has been added to.
func NewRetention(dryRun bool, lines []string, opt Options) *Retention {
	r := &Retention{DryRun: dryRun, Lines: []RetentionLine{}, opt: opt.withDefaults(), words: newWords(opt.Lang)}
	for _, line := range lines {
		r.Lines = append(r.Lines, RetentionLine{Keep: line})
	}
	return r
}

// Add counts a call that began at that time and that a line let go.
func (r *Retention) Add(line string, at time.Time) {
	r.Calls++
	for i := range r.Lines {
		l := &r.Lines[i]
		if l.Keep != line {
			continue
		}
		l.Calls++
		if l.Oldest.IsZero() || at.Before(l.Oldest) {
			l.Oldest = at
		}
		if at.After(l.Newest) {
			l.Newest = at
		}
	}
}

// WriteJSON writes one JSON object.
func (r *Retention) WriteJSON(w io.Writer) error {
	if err := json.NewEncoder(w).Encode(r); err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	return nil
}

// The widths of the columns of a policy in a terminal.
const (
	keepWidth  = 40
	goneWidth  = 10
	sinceWidth = 12
)

// Write writes the lines of the policy for a terminal.
func (r *Retention) Write(to io.Writer) error {
	t, w := newTerminal(to, r.opt.Colour), r.words
	gone := w.t("retention.gone")
	if r.DryRun {
		gone = w.t("retention.due")
	}
	t.line(t.bold(t.left(w.t("retention.keep"), keepWidth) + gap + t.right(gone, goneWidth) + gap +
		t.left(w.t("retention.oldest"), sinceWidth) + gap + w.t("retention.newest")))
	t.rule()
	for _, l := range r.Lines {
		t.line(t.left(l.Keep, keepWidth) + gap + t.right(strconv.Itoa(l.Calls), goneWidth) + gap +
			t.left(r.day(l.Oldest), sinceWidth) + gap + r.day(l.Newest))
	}
	t.rule()
	key := "retention.sum"
	if r.DryRun {
		key = "retention.would"
	}
	t.line(w.t(key, r.Calls, r.Failures))
	if r.Aside > 0 {
		t.line(w.t("retention.aside", r.Aside))
	}
	if r.Finished > 0 {
		t.line(w.t("retention.finished", r.Finished))
	}
	return t.flush()
}

func (r *Retention) day(at time.Time) string {
	if at.IsZero() {
		return r.words.t("none")
	}
	return r.opt.local(at).Format(time.DateOnly)
}
