package report_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/store"
)

// evening is a time whose day differs between UTC and China.
var evening = time.Date(2026, 11, 20, 18, 5, 0, 0, time.UTC)

// The columns stand below each other however long an ID is, and times are of the report's zone.
func TestAlertsStandInColumns(t *testing.T) {
	t.Parallel()
	labels := map[string]string{"agent": "1031", "rule": "greeting.opening"}
	alerts := []report.Alert{
		{ID: "4f2a", Name: "short", Labels: labels, Since: evening},
		{ID: "0123456789abcdef", Name: "long", Labels: labels, Since: evening, Resting: true},
	}
	golden(t, "alerts.txt", text(t, func(w *bytes.Buffer) error {
		return report.WriteAlerts(w, alerts, report.Options{Zone: time.FixedZone("", 8*3600)})
	}))
}

func TestJobsThatWereSetAside(t *testing.T) {
	t.Parallel()
	jobs := []store.Job{
		{ID: "4f2a", Source: "pbx", Key: "2026/a.wav", Attempts: 1, Reason: "empty", Message: "no audio", UpdatedAt: evening},
	}
	for _, lang := range []string{"zh", "en"} {
		golden(t, "jobs."+lang+".txt", text(t, func(w *bytes.Buffer) error {
			return report.WriteJobs(w, jobs, report.Options{Lang: lang, Zone: time.FixedZone("", 8*3600)})
		}))
	}
	if got := text(t, func(w *bytes.Buffer) error { return report.WriteJobs(w, nil, report.Options{}) }); got != "没有被搁置的通话\n" {
		t.Errorf("got %q", got)
	}
}
