package report

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Alert is an alert as a list shows it.
type Alert struct {
	ID      string            `json:"id"` // what Alertmanager knows it by
	Name    string            `json:"name"`
	Labels  map[string]string `json:"labels"`
	Summary string            `json:"summary,omitempty"`
	Since   time.Time         `json:"since"`
	Resting bool              `json:"resting"` // put to rest, or held back by another
}

// WriteAlertsJSON writes an object a line.
func WriteAlertsJSON(w io.Writer, alerts []Alert) error {
	encoder := json.NewEncoder(w)
	for _, a := range alerts {
		if err := encoder.Encode(a); err != nil {
			return fmt.Errorf("write json: %w", err)
		}
	}
	return nil
}

// WriteAlerts writes a table.
func WriteAlerts(w io.Writer, alerts []Alert, opt Options) error {
	opt = opt.withDefaults()
	words, t := newWords(opt.Lang), newTerminal(w, opt.Colour)
	if len(alerts) == 0 {
		t.line(words.t("alerts.none"))
		return t.flush()
	}
	const id, since, who, rule = 10, 18, 10, 24
	t.line(t.left("ID", id), t.left(words.t("alerts.since"), since), t.left(words.t("col.agent"), who), t.left(words.t("col.rule"), rule), words.t("alerts.what"))
	t.rule()
	for _, a := range alerts {
		what, tone := a.Summary, toneWarn
		if what == "" {
			what = a.Name
		}
		if a.Resting {
			what, tone = words.t("alerts.resting")+" "+what, toneMuted
		}
		t.line(t.left(a.ID[:min(id-2, len(a.ID))], id), t.left(opt.local(a.Since).Format("2006-01-02 15:04"), since),
			t.left(a.Labels["agent"], who), t.left(a.Labels["rule"], rule), t.paint(tone, Printable(what)))
	}
	return t.flush()
}
