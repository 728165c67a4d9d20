package notify

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/zhijian-qa/zhijian/call"
)

// Group is what Alertmanager posts: alerts that belong together. The format is version 4 of its webhook,
// https://prometheus.io/docs/alerting/latest/configuration/#webhook_config.
type Group struct {
	Version     string            `json:"version"`
	GroupKey    string            `json:"groupKey"`
	Truncated   int               `json:"truncatedAlerts"`
	Status      string            `json:"status"`
	Receiver    string            `json:"receiver"`
	GroupLabels map[string]string `json:"groupLabels"`
	Alerts      []Alert           `json:"alerts"`
}

// Alert is one alert of a Group.
type Alert struct {
	Status      string            `json:"status"` // firing or resolved
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	StartsAt    time.Time         `json:"startsAt"`
	EndsAt      time.Time         `json:"endsAt"`
	Fingerprint string            `json:"fingerprint"`
}

// resolved is the status of an alert that is over.
const resolved = "resolved"

// mostBody bounds what is read of a request, in bytes: hundreds of alerts.
const mostBody = 512 << 10

// ReadGroup reads a post of Alertmanager. What is none is a call.ErrInvalid.
func ReadGroup(body io.Reader) (Group, error) {
	data, err := io.ReadAll(io.LimitReader(body, mostBody+1))
	if err != nil {
		return Group{}, fmt.Errorf("read alerts: %w", err)
	}
	if len(data) > mostBody {
		return Group{}, fmt.Errorf("read alerts: %w: more than %d bytes", call.ErrInvalid, mostBody)
	}
	var g Group
	if err := json.Unmarshal(data, &g); err != nil {
		return Group{}, fmt.Errorf("read alerts: %w: %w", call.ErrInvalid, err)
	}
	if g.Version != "4" || len(g.Alerts) == 0 {
		return Group{}, fmt.Errorf("read alerts: %w: this is no group of alerts in version 4 of Alertmanager's webhook", call.ErrInvalid)
	}
	return g, nil
}
