package report

import (
	"fmt"
	"io"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/store"
)

// Job is a job as programs read it.
type Job struct {
	ID        string         `json:"id"`
	Source    string         `json:"source"`
	Key       string         `json:"key"`
	Lane      string         `json:"lane"`
	State     store.JobState `json:"state"`
	Attempts  int            `json:"attempts"`
	Reason    string         `json:"reason,omitempty"`
	Message   string         `json:"message,omitempty"`
	Recording string         `json:"recording,omitempty"` // ID
	Received  time.Time      `json:"received_at"`
	Updated   time.Time      `json:"updated_at"`
}

// JobOf returns job with personal data hidden by mask; a nil mask shows them.
func JobOf(job store.Job, mask func(string) string) Job {
	f := MaskFailure(call.Failure{Path: job.Key, Message: job.Message}, mask)
	return Job{
		ID: job.ID, Source: job.Source, Key: MaskPath(f.Path, job.Metadata.Customer, mask), Lane: job.Lane, State: job.State,
		Attempts: job.Attempts, Reason: job.Reason, Message: f.Message, Recording: job.Recording,
		Received: job.ReceivedAt.UTC(), Updated: job.UpdatedAt.UTC(),
	}
}

// WriteJobs writes a table of jobs that were set aside for a terminal, with their reasons in words below it.
func WriteJobs(w io.Writer, jobs []store.Job, opt Options) error {
	opt = opt.withDefaults()
	words, t := newWords(opt.Lang), newTerminal(w, opt.Colour)
	if len(jobs) == 0 {
		t.line(words.t("jobs.none"))
		return t.flush()
	}
	t.line(t.left(words.t("jobs.id"), 10), t.left(words.t("jobs.since"), 18), t.right(words.t("jobs.tries"), 5), "  ",
		t.left(words.t("jobs.reason"), 20), words.t("jobs.what"))
	t.rule()
	reasons := map[string]string{}
	var order []string
	for _, job := range jobs {
		masked := JobOf(job, opt.Mask)
		t.line(t.left(job.ID[:min(8, len(job.ID))], 10), t.left(opt.local(job.UpdatedAt).Format("2006-01-02 15:04"), 18),
			t.right(fmt.Sprint(job.Attempts), 5), "  ", t.left(job.Reason, 20), t.left(masked.Source+" "+masked.Key, terminalWidth-55))
		if _, ok := reasons[job.Reason]; !ok {
			order = append(order, job.Reason)
			reasons[job.Reason] = call.FaultText(opt.Lang, job.Reason, masked.Message)
		}
	}
	t.rule()
	for _, reason := range order {
		for i, line := range t.wrap(reasons[reason], terminalWidth-22) {
			name := reason
			if i > 0 {
				name = ""
			}
			t.line(t.left(name, 22), line)
		}
	}
	t.line(words.t("jobs.n", len(jobs)))
	return t.flush()
}
