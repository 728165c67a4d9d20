package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Alertmanager is the part of its API, version 2, that shows alerts and puts them to rest. A silence there
// is the only record of that: it ends by itself, all of a cluster know it, and Alertmanager's own page shows
// it and can end it.
type Alertmanager struct {
	Address string       // such as http://127.0.0.1:9093
	Client  *http.Client // nil for http.DefaultClient
}

// Active is an alert that Alertmanager holds now.
type Active struct {
	Fingerprint string            `json:"fingerprint"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	StartsAt    time.Time         `json:"startsAt"`
	Status      struct {
		State      string   `json:"state"` // active, suppressed or unprocessed
		SilencedBy []string `json:"silencedBy"`
	} `json:"status"`
}

// Resting reports whether the alert was put to rest.
func (a Active) Resting() bool { return len(a.Status.SilencedBy) > 0 }

// Silence is what puts alerts to rest.
type Silence struct {
	Matchers  []Matcher `json:"matchers"`
	StartsAt  time.Time `json:"startsAt"`
	EndsAt    time.Time `json:"endsAt"`
	CreatedBy string    `json:"createdBy"`
	Comment   string    `json:"comment"`
}

// Matcher is one label that an alert must have.
type Matcher struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	IsRegex bool   `json:"isRegex"`
	IsEqual bool   `json:"isEqual"`
}

// mostReply bounds what is read of Alertmanager's answers, in bytes.
const mostReply = 32 << 20

// Alerts returns the alerts of now, those that rest too, by name and labels.
func (am Alertmanager) Alerts(ctx context.Context) ([]Active, error) {
	var alerts []Active
	if err := am.do(ctx, http.MethodGet, "/api/v2/alerts", nil, &alerts); err != nil {
		return nil, fmt.Errorf("list alerts: %w", err)
	}
	slices.SortFunc(alerts, func(a, b Active) int { return strings.Compare(describeLabels(a.Labels), describeLabels(b.Labels)) })
	return alerts, nil
}

// Rest puts the alert with exactly these labels to rest until an instant and returns the silence's ID.
func (am Alertmanager) Rest(ctx context.Context, labels map[string]string, from, until time.Time, by, why string) (string, error) {
	s := Silence{StartsAt: from, EndsAt: until, CreatedBy: by, Comment: why}
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		if labels[name] != "" {
			s.Matchers = append(s.Matchers, Matcher{Name: name, Value: labels[name], IsEqual: true})
		}
	}
	var made struct {
		ID string `json:"silenceID"`
	}
	if err := am.do(ctx, http.MethodPost, "/api/v2/silences", s, &made); err != nil {
		return "", fmt.Errorf("put alert to rest: %w", err)
	}
	return made.ID, nil
}

func (am Alertmanager) do(ctx context.Context, method, path string, body, reply any) error {
	var data bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&data).Encode(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, am.Address+path, &data)
	if err != nil {
		return hideURL(err)
	}
	request.Header.Set("Content-Type", "application/json")
	client := am.Client
	if client == nil {
		client = http.DefaultClient
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("reach Alertmanager: %w", hideURL(err))
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, mostReply))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("Alertmanager answered %s: %s", response.Status, plain(string(answer)))
	}
	return json.Unmarshal(answer, reply)
}

func describeLabels(labels map[string]string) string {
	var b strings.Builder
	for _, name := range []string{"alertname", "agent", "rule", "window"} {
		b.WriteString(labels[name] + "\x00")
	}
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		b.WriteString(name + "\x00" + labels[name] + "\x00")
	}
	return b.String()
}
