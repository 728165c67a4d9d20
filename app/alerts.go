package app

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/notify"
	"github.com/zhijian-qa/zhijian/report"
)

// ListAlerts prints the alerts that Alertmanager holds now.
func ListAlerts(ctx context.Context, env Env) error {
	_, am, err := env.alertmanager()
	if err != nil {
		return err
	}
	active, err := am.Alerts(ctx)
	if err != nil {
		return err
	}
	alerts := make([]report.Alert, len(active))
	for i, a := range active {
		alerts[i] = report.Alert{
			ID: a.Fingerprint, Name: a.Labels["alertname"], Labels: a.Labels, Since: a.StartsAt, Resting: a.Resting(),
			Summary: strings.TrimSpace(env.text(a.Annotations["title"]+" "+a.Annotations["summary"], a.Annotations["title_en"]+": "+a.Annotations["summary_en"])),
		}
	}
	if env.Config.JSON {
		return report.WriteAlertsJSON(env.Out, alerts)
	}
	return report.WriteAlerts(env.Out, alerts, env.reportOptions(nil))
}

// AckAlerts puts the alerts that refs name by their IDs, or unique beginnings of them, to rest for a while.
func AckAlerts(ctx context.Context, env Env, refs []string) error {
	settings, am, err := env.alertmanager()
	if err != nil {
		return err
	}
	active, err := am.Alerts(ctx)
	if err != nil {
		return err
	}
	found := make([]notify.Active, len(refs))
	for i, ref := range refs {
		if found[i], err = findAlert(active, ref); err != nil {
			return err
		}
	}
	by, now := cmp.Or(env.Config.Reviewer, account()), time.Now()
	until := now.Add(cmp.Or(env.Config.AlertRest, settings.Rest))
	for _, a := range found {
		if err := env.audit(fmt.Sprintf("alerts ack %s until %s by %s", a.Fingerprint, until.Format(time.RFC3339), by)); err != nil {
			return fmt.Errorf("alerts are put to rest only when that can be logged: %w", err)
		}
		if _, err := am.Rest(ctx, a.Labels, now, until, by, cmp.Or(env.Config.Note, env.text("已知悉", "acknowledged"))); err != nil {
			return err
		}
		env.say("已暂停 %s，到 %s 为止", "%s rests until %s", a.Fingerprint, until.In(env.zone()).Format("2006-01-02 15:04"))
	}
	return nil
}

func findAlert(active []notify.Active, ref string) (notify.Active, error) {
	var found []notify.Active
	for _, a := range active {
		if ref != "" && strings.HasPrefix(a.Fingerprint, ref) {
			found = append(found, a)
		}
	}
	switch len(found) {
	case 0:
		return notify.Active{}, fmt.Errorf("no alert %q is active now: %w; see zhijian alerts list", ref, call.ErrNotFound)
	case 1:
		return found[0], nil
	}
	return notify.Active{}, fmt.Errorf("%q means %d alerts: %w", ref, len(found), call.ErrConflict)
}

// alertmanager returns the alert settings and the Alertmanager that they name.
func (e Env) alertmanager() (notify.Settings, notify.Alertmanager, error) {
	if e.Config.AlertFile == "" {
		return notify.Settings{}, notify.Alertmanager{}, fmt.Errorf("no alert settings are set: name the file by alerts, as docs/alerts.md says: %w", call.ErrInvalid)
	}
	settings, err := notify.Load(e.Config.AlertFile)
	if err != nil {
		return notify.Settings{}, notify.Alertmanager{}, err
	}
	if settings.Alertmanager == "" {
		return notify.Settings{}, notify.Alertmanager{}, fmt.Errorf("%s names no alertmanager: %w", e.Config.AlertFile, call.ErrInvalid)
	}
	return settings, notify.Alertmanager{Address: settings.Alertmanager}, nil
}
