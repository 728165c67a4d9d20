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
func WriteJobs(w io.Writer, jobs []store.Job, opts Options) error {
	t := newTerminal(w, opts.Colour)
	say := func(zh, en string) string {
		if opts.Lang == "en" {
			return en
		}
		return zh
	}
	if len(jobs) == 0 {
		t.line(say("没有被搁置的通话", "no call was set aside"))
		return t.flush()
	}
	zone := opts.Zone
	if zone == nil {
		zone = time.UTC
	}
	t.line(t.left(say("编号", "ID"), 10), t.left(say("搁置时间", "since"), 18), t.right(say("次数", "tries"), 5), "  ",
		t.left(say("原因", "reason"), 20), say("来源与录音", "source and recording"))
	t.rule()
	reasons := map[string]string{}
	var order []string
	for _, job := range jobs {
		masked := JobOf(job, opts.Mask)
		t.line(t.left(job.ID[:min(8, len(job.ID))], 10), t.left(job.UpdatedAt.In(zone).Format("2006-01-02 15:04"), 18),
			t.right(fmt.Sprint(job.Attempts), 5), "  ", t.left(job.Reason, 20), t.left(masked.Source+" "+masked.Key, terminalWidth-55))
		if _, ok := reasons[job.Reason]; !ok {
			order = append(order, job.Reason)
			reasons[job.Reason] = call.FaultText(opts.Lang, job.Reason, masked.Message)
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
	t.line(say(fmt.Sprintf("共 %d 通。重做：zhijian calls retry 编号… 或 --all", len(jobs)), fmt.Sprintf("%d calls. To try them again: zhijian calls retry ID… or --all", len(jobs))))
	return t.flush()
}
