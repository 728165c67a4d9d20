package notify

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"time"
)

//go:embed pages/*.html
var pageFiles embed.FS

var pages = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// CallFinder returns the calls that an alert with these labels counts, at most limit of them.
type CallFinder func(ctx context.Context, agent, rule, window string, limit int) ([]CallLine, error)

// CallLine is a call in which an agent broke a rule, with personal data masked.
type CallLine struct {
	ID      string
	Started time.Time
	Quote   string // what proves it
	Note    string // what was found
}

const mostCallLines = 200

// subject is an alert as its page names it.
type subject struct {
	Agent, Team, Rule, RuleID, Window, Alert string
	Query                                    template.URL // of the link, to post it back
	Rest                                     string
	Until                                    string
	Calls                                    []CallLine
	More                                     bool
}

func (b *Bridge) subject(labels map[string]string, r *http.Request) subject {
	zh, en := b.words.Rule(labels["rule"])
	span, _ := b.words.Span(labels["agent"], labels["rule"], labels["window"])
	return subject{
		Agent: labels["agent"], Team: labels["team"], Rule: join(zh, en), RuleID: labels["rule"], Window: span, Alert: labels["alertname"],
		Query: template.URL(r.URL.RawQuery), Rest: fmt.Sprintf("%g", b.settings.Rest.Hours()), //nolint:gosec // the query was signed by us
	}
}

// askRest shows what would be put to rest. Chats open links by themselves to show what is behind them, so
// opening one changes nothing.
func (b *Bridge) askRest(w http.ResponseWriter, r *http.Request) {
	labels, err := b.openLink("rest", r.URL.Query())
	if err != nil {
		b.page(w, http.StatusForbidden, "refused.html", nil)
		return
	}
	b.page(w, http.StatusOK, "rest.html", b.subject(labels, r))
}

func (b *Bridge) rest(w http.ResponseWriter, r *http.Request) {
	labels, err := b.openLink("rest", r.URL.Query())
	if err != nil || b.settings.Alertmanager == "" {
		b.page(w, http.StatusForbidden, "refused.html", nil)
		return
	}
	now := b.now()
	until := now.Add(b.settings.Rest)
	am := Alertmanager{Address: b.settings.Alertmanager, Client: b.client}
	id, err := am.Rest(r.Context(), labels, now, until, "zhijian", "已知悉（消息中的链接） · acknowledged by the link in a message")
	if err != nil {
		b.log.Error("alert not put to rest", slog.String("error", err.Error()))
		b.page(w, http.StatusBadGateway, "failed.html", nil)
		return
	}
	b.log.Info("alert put to rest", slog.String("silence", id))
	s := b.subject(labels, r)
	s.Until = until.In(b.zone).Format("2006-01-02 15:04 MST")
	b.page(w, http.StatusOK, "rested.html", s)
}

func (b *Bridge) showCalls(w http.ResponseWriter, r *http.Request) {
	labels, err := b.openLink("calls", r.URL.Query())
	if err != nil || b.calls == nil {
		b.page(w, http.StatusForbidden, "refused.html", nil)
		return
	}
	s := b.subject(labels, r)
	s.Calls, err = b.calls(r.Context(), labels["agent"], labels["rule"], labels["window"], mostCallLines)
	if err != nil {
		b.log.Error("calls of alert not found", slog.String("error", err.Error()))
		b.page(w, http.StatusInternalServerError, "failed.html", nil)
		return
	}
	s.More = len(s.Calls) == mostCallLines
	b.page(w, http.StatusOK, "calls.html", s)
}

func (b *Bridge) page(w http.ResponseWriter, status int, name string, data any) {
	var body bytes.Buffer
	if err := pages.ExecuteTemplate(&body, name, data); err != nil {
		b.log.Error("page not made", slog.String("error", err.Error()))
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = body.WriteTo(w) // who asked has gone
}
