package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/internal/promtest"
)

const (
	robotSecret = "SECc0ffee00c0ffee00c0ffee00c0ffee00"
	alertToken  = "0123456789abcdef0123456789abcdef"
	// noGreeting breaks three minor rules, shirking one that fails the whole call.
	noGreeting = "20261120-102055-1031.wav"
	shirking   = "20261120-110820-2015.wav"
	// patience is how long the whole chain may take on a busy machine: recognising a call, counting, scraping,
	// judging, grouping.
	patience = 4 * time.Minute
)

// site is an installation: the program, Prometheus and Alertmanager as they are shipped, but for times and
// addresses, and a robot of a chat.
type site struct {
	t                     *testing.T
	binary, config, calls string
	server, metrics       string
	prometheus, alerts    string
	chat                  *chat
}

// chat answers as a robot of DingTalk does and keeps what it was told.
type chat struct {
	mutex sync.Mutex
	texts []string
	wrong []string
}

func (c *chat) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	stamp := r.URL.Query().Get("timestamp")
	mac := hmac.New(sha256.New, []byte(robotSecret))
	mac.Write([]byte(stamp + "\n" + robotSecret))
	var message struct {
		Type     string `json:"msgtype"`
		Markdown struct{ Title, Text string }
	}
	err := json.NewDecoder(r.Body).Decode(&message)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if err != nil || message.Type != "markdown" || r.URL.Query().Get("sign") != base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
		c.wrong = append(c.wrong, r.URL.Path)
		_, _ = io.WriteString(w, `{"errcode":310000,"errmsg":"sign not match"}`)
		return
	}
	c.texts = append(c.texts, message.Markdown.Text)
	_, _ = io.WriteString(w, `{"errcode":0,"errmsg":"ok"}`)
}

// about returns the messages that hold word.
func (c *chat) about(word string) []string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return slices.DeleteFunc(slices.Clone(c.texts), func(text string) bool { return !strings.Contains(text, word) })
}

// Two calls against a rule are nobody's business; the third of a day makes one message, about that agent alone.
// What is alerted can be looked at and put to rest.
func TestRepeatedViolationsReachPeople(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for i := range 2 {
		s.add(noGreeting, "1031", i)
		s.add(noGreeting, "1040", 10+i)
	}
	s.add(shirking, "2015", 20)
	s.wait("the counts of two each", func() bool {
		return s.ask(`max by (agent, rule) (zhijian_agent_violations{window="day",rule="greeting.opening"})`) == "1031=2 1040=2"
	})
	// One who fails a call at one stroke is told: that shows that messages arrive.
	s.wait("the veto", func() bool { return len(s.chat.about("2015")) > 0 })
	time.Sleep(5 * time.Second) // several rounds of scraping, judging and grouping
	for _, agent := range []string{"1031", "1040"} {
		if told := s.chat.about("**" + agent + "**"); len(told) > 0 {
			t.Fatalf("agent %s is told of after two calls: %s", agent, told)
		}
	}

	s.add(noGreeting, "1031", 2)
	s.wait("the third call", func() bool { return len(s.chat.about("**1031**")) > 0 })
	text := s.chat.about("**1031**")[0]
	for _, want := range []string{
		"质检告警：坐席重复违规", "（报修组）", "**开场问候**", "greeting.opening", "一般 minor", "2026-11-20 当天 3 通违反同一规则", "3 calls of a day",
		s.server + "/alerts/calls?", s.server + "/alerts/rest?",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	if told := s.chat.about("1040"); len(told) > 0 {
		t.Errorf("agent 1040 is told of: %s", told)
	}
	s.showsCalls(text)
	s.putsToRest(text)
	s.metricsAreDocumented()
	if len(s.chat.wrong) > 0 {
		t.Errorf("%d messages were not signed as the robot wants", len(s.chat.wrong))
	}
}

// showsCalls follows the link to the calls of an alert.
func (s *site) showsCalls(text string) {
	s.t.Helper()
	page := s.get(link(s.t, text, "calls"))
	if n := strings.Count(page, "<code>"); n != 4 || !strings.Contains(page, "2026-11-20") { // three calls and the command
		s.t.Errorf("the page names %d calls: %s", n-1, page)
	}
}

// putsToRest confirms the link of a message, and the others by the command.
func (s *site) putsToRest(text string) {
	s.t.Helper()
	target := link(s.t, text, "rest")
	if page := s.get(target); !strings.Contains(page, "24 小时") || s.resting() != 0 {
		s.t.Errorf("asking put %d alerts to rest: %s", s.resting(), page)
	}
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, target, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if page := s.do(request); !strings.Contains(page, "已暂停") {
		s.t.Errorf("not put to rest: %s", page)
	}
	s.wait("the silence", func() bool { return s.resting() == 1 })
	var listed []struct {
		ID      string
		Labels  map[string]string
		Resting bool
	}
	for line := range strings.Lines(s.run("alerts", "list", "--json")) {
		var alert struct {
			ID      string
			Labels  map[string]string
			Resting bool
		}
		if err := json.Unmarshal([]byte(line), &alert); err != nil {
			s.t.Fatalf("%v: %s", err, line)
		}
		listed = append(listed, alert)
	}
	var rest []string
	for _, alert := range listed {
		if alert.Labels["agent"] == "1031" && !alert.Resting {
			rest = append(rest, alert.ID)
		}
	}
	if len(rest) != 2 {
		s.t.Fatalf("%d alerts about 1031 do not rest, want 2: %v", len(rest), listed)
	}
	s.run(append([]string{"alerts", "ack", "--alert-rest", "8h", "--note", "已约谈"}, rest...)...)
	s.wait("three silences", func() bool { return s.resting() == 3 })
	if table := s.run("alerts", "list"); !strings.Contains(table, "（已暂停）") || !strings.Contains(table, "greeting.opening") {
		s.t.Errorf("the table does not tell what rests: %s", table)
	}
}

func link(t *testing.T, text, action string) string {
	t.Helper()
	found := regexp.MustCompile(`\((http[^)]*/alerts/` + action + `\?[^)]*)\)`).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no link to %s in %s", action, text)
	}
	return found[1]
}

// resting counts the alerts that a silence holds back.
func (s *site) resting() int {
	s.t.Helper()
	var alerts []struct {
		Status struct{ SilencedBy []string }
	}
	if err := json.Unmarshal([]byte(s.get(s.alerts+"/api/v2/alerts")), &alerts); err != nil {
		s.t.Fatal(err)
	}
	n := 0
	for _, alert := range alerts {
		n += min(1, len(alert.Status.SilencedBy))
	}
	return n
}

// metricsAreDocumented holds docs/metrics.md against what the server shows, both ways, with types.
func (s *site) metricsAreDocumented() {
	s.t.Helper()
	docs, err := os.ReadFile(filepath.Join("..", "..", "docs", "metrics.md"))
	if err != nil {
		s.t.Fatal(err)
	}
	documented, shown := map[string]string{}, map[string]string{}
	for _, found := range regexp.MustCompile("(?m)^\\| `(zhijian_[a-z_]+)` \\| ([a-z]+) \\|.*\\|.*\\|.*\\|$").FindAllStringSubmatch(string(docs), -1) {
		documented[found[1]] = found[2]
	}
	for _, found := range regexp.MustCompile(`(?m)^# TYPE (zhijian_[a-z_]+) ([a-z]+)$`).FindAllStringSubmatch(s.get(s.metrics+"/metrics"), -1) {
		shown[found[1]] = found[2]
	}
	for name, kind := range documented {
		if shown[name] != kind {
			s.t.Errorf("docs/metrics.md: %s is %q, the server shows %q", name, kind, shown[name])
		}
	}
	for name := range shown {
		if documented[name] == "" {
			s.t.Errorf("%s is not in docs/metrics.md", name)
		}
	}
}

func newSite(t *testing.T) *site {
	t.Helper()
	dir := t.TempDir()
	s := &site{
		t: t, binary: filepath.Join(dir, "zhijian"), config: filepath.Join(dir, "zhijian.yml"), calls: filepath.Join(dir, "calls"),
		server: "http://" + promtest.Address(t), metrics: "http://" + promtest.Address(t), chat: &chat{},
	}
	if output, err := exec.CommandContext(t.Context(), filepath.Join("..", "..", "scripts", "build.sh"), "./cmd/zhijian", s.binary).CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, output)
	}
	robot := httptest.NewServer(s.chat)
	t.Cleanup(robot.Close)
	if err := os.Mkdir(s.calls, 0o700); err != nil {
		t.Fatal(err)
	}
	tokenFile := filepath.Join(dir, "token")
	s.write(tokenFile, alertToken)
	s.alerts = promtest.Alertmanager(t, s.derive(dir, "alertmanager/alertmanager.yml",
		"group_wait: 30s", "group_wait: 1s", "group_wait: 10s", "group_wait: 1s", "group_interval: 5m", "group_interval: 1s",
		"http://server:8090", s.server, "/etc/alertmanager/zhijian-token", tokenFile))
	rules, err := filepath.Abs("../../deploy/prometheus/rules")
	if err != nil {
		t.Fatal(err)
	}
	prometheus := s.derive(dir, "prometheus/prometheus.yml",
		"scrape_interval: 15s", "scrape_interval: 1s", "evaluation_interval: 15s", "evaluation_interval: 1s",
		"server:8091", strings.TrimPrefix(s.metrics, "http://"), "alertmanager:9093", strings.TrimPrefix(s.alerts, "http://"), "rules/*.yml", rules+"/*.yml")
	alerts := filepath.Join(dir, "alerts.yaml")
	s.write(alerts, fmt.Sprintf("token: %s\nlink_secret: %s\npublic_url: %s\nalertmanager: %s\nrobots:\n"+
		"  - {name: quality, kind: dingtalk, url: %q, secret: %s}\n  - {name: operations, kind: dingtalk, url: %q, secret: %s}\n",
		alertToken, alertToken, s.server, s.alerts, robot.URL+"/robot/send?access_token=x", robotSecret, robot.URL+"/robot/send?access_token=y", robotSecret))
	s.write(s.config, fmt.Sprintf("data_dir: %s\nalerts: %s\nlisten: %s\nmetrics_listen: %s\nscan_every: 1s\nmin_free_mb: 0\n"+
		"sources:\n  - {name: calls, url: %q, when: sidecar, settle: 1s}\n",
		filepath.Join(dir, "data"), alerts, strings.TrimPrefix(s.server, "http://"), strings.TrimPrefix(s.metrics, "http://"), "file://"+s.calls))
	promtest.Start(t, s.metrics+"/readyz", s.binary, "serve", "--config", s.config)
	s.prometheus = promtest.Prometheus(t, prometheus)
	return s
}

// derive writes a shipped file with texts replaced: times and addresses only.
func (s *site) derive(dir, file string, replacements ...string) string {
	s.t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "deploy", filepath.FromSlash(file)))
	if err != nil {
		s.t.Fatal(err)
	}
	whole := string(data)
	for i := 0; i < len(replacements); i += 2 {
		if !strings.Contains(whole, replacements[i]) {
			s.t.Fatalf("%s has no %q", file, replacements[i])
		}
		whole = strings.ReplaceAll(whole, replacements[i], replacements[i+1])
	}
	path := filepath.Join(dir, filepath.Base(file))
	s.write(path, whole)
	return path
}

func (s *site) write(path, text string) {
	s.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// add puts the n-th copy of a demo call, which differs in its last samples, into the source, as one of the
// agent's on 20 November 2026.
func (s *site) add(name, agent string, n int) {
	s.t.Helper()
	sound, err := os.ReadFile(filepath.Join("..", "..", "testdata", "demo", name))
	if err != nil {
		s.t.Fatal(err)
	}
	sound[len(sound)-2] ^= byte(n)
	sound[len(sound)-4] ^= byte(1 + n)
	path := filepath.Join(s.calls, fmt.Sprintf("call-%d.wav", n))
	s.write(path, string(sound))
	s.write(path+".json", fmt.Sprintf(`{"agent": %q, "name": "王小明", "team": "报修组", "started_at": "2026-11-20T%02d:15:00+08:00"}`, agent, n%24))
}

// wait waits until true comes true.
func (s *site) wait(what string, isSo func() bool) {
	s.t.Helper()
	for end := time.Now().Add(patience); !isSo(); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("%s: not after %s; messages: %q; violations: %s", what, patience, s.chat.about(""), s.ask("zhijian_agent_violations"))
		}
	}
}

// ask returns what Prometheus answers to a query, as agent=value in order.
func (s *site) ask(query string) string {
	s.t.Helper()
	var answer struct {
		Data struct {
			Result []struct {
				Metric map[string]string
				Value  [2]any
			}
		}
	}
	if err := json.Unmarshal([]byte(s.get(s.prometheus+"/api/v1/query?query="+url.QueryEscape(query))), &answer); err != nil {
		s.t.Fatal(err)
	}
	var values []string
	for _, r := range answer.Data.Result {
		values = append(values, fmt.Sprintf("%s=%v", r.Metric["agent"], r.Value[1]))
	}
	slices.Sort(values)
	return strings.Join(values, " ")
}

func (s *site) get(address string) string {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.do(request)
}

func (s *site) do(request *http.Request) string {
	s.t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s, %v: %s", request.URL.Path, response.Status, err, body)
	}
	return string(body)
}

// run runs a command of the program.
func (s *site) run(args ...string) string {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.binary, append(args, "--config", s.config)...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("zhijian %v: %v: %s", args, err, &said)
	}
	return string(out)
}
