package notify_test

import (
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
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/notify"
)

const (
	token      = "0123456789abcdef0123456789abcdef"
	linkSecret = "fedcba9876543210fedcba9876543210"
	dingSecret = "SEC000000000000000000000000000000"
	feiSecret  = "feishu-secret-of-the-test"
)

// post is what a robot's server was sent.
type post struct {
	path string
	body map[string]any
}

// chats is a server that answers as those of the three products do, and refuses what is not signed as
// each wants.
type chats struct {
	*httptest.Server
	mutex  sync.Mutex
	posts  []post
	answer func(n int) (status int, body string) // of the n-th message; nil takes it
}

func newChats(t *testing.T) *chats {
	t.Helper()
	c := &chats{}
	c.Server = httptest.NewServer(c)
	t.Cleanup(c.Close)
	return c
}

func (c *chats) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.posts = append(c.posts, post{r.URL.Path, body})
	if c.answer != nil {
		if status, said := c.answer(len(c.posts)); said != "" {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, said)
			return
		}
	}
	_, _ = io.WriteString(w, verify(r, body))
}

func (c *chats) received() []post {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return append([]post(nil), c.posts...)
}

// verify answers as the product at the path does.
func verify(r *http.Request, body map[string]any) string {
	query := r.URL.Query()
	fresh := func(stamp string, unit time.Duration) bool {
		n, err := strconv.ParseInt(stamp, 10, 64)
		age := time.Since(time.Unix(0, n*int64(unit)))
		return err == nil && age > -time.Hour && age < time.Hour
	}
	mac := func(key, text string) string {
		m := hmac.New(sha256.New, []byte(key))
		m.Write([]byte(text))
		return base64.StdEncoding.EncodeToString(m.Sum(nil))
	}
	switch r.URL.Path {
	case "/robot/send":
		stamp := query.Get("timestamp")
		if query.Get("access_token") != "ding" || !fresh(stamp, time.Millisecond) || query.Get("sign") != mac(dingSecret, stamp+"\n"+dingSecret) {
			return `{"errcode":310000,"errmsg":"sign not match"}`
		}
		if markdown, _ := body["markdown"].(map[string]any); body["msgtype"] != "markdown" || markdown["title"] == "" || markdown["text"] == "" {
			return `{"errcode":40035,"errmsg":"bad body"}`
		}
		return `{"errcode":0,"errmsg":"ok"}`
	case "/cgi-bin/webhook/send":
		if markdown, _ := body["markdown"].(map[string]any); query.Get("key") != "wecom" || len(fmt.Sprint(markdown["content"])) > 4096 {
			return `{"errcode":93000,"errmsg":"invalid webhook url"}`
		}
		return `{"errcode":0,"errmsg":"ok"}`
	}
	stamp, _ := body["timestamp"].(string)
	if !fresh(stamp, time.Second) || body["sign"] != mac(stamp+"\n"+feiSecret, "") {
		return `{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}`
	}
	return `{"code":0,"msg":"success","data":{}}`
}

// settings are a file as operations write it.
func settings(t *testing.T, chats *chats, alertmanager string) notify.Settings {
	t.Helper()
	text := fmt.Sprintf(`
token: %s
link_secret: %s
public_url: https://qa.example.cn
alertmanager: %s
rest: 12h
robots:
  - {name: quality, kind: dingtalk, url: "%[4]s/robot/send?access_token=ding", secret: %[5]s}
  - {name: leaders, kind: wecom, url: "%[4]s/cgi-bin/webhook/send?key=wecom"}
  - {name: operations, kind: feishu, url: "%[4]s/open-apis/bot/v2/hook/x", secret: %[6]s}
`, token, linkSecret, alertmanager, chats.URL, dingSecret, feiSecret)
	s, err := notify.Parse("alerts.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newBridge(t *testing.T, chats *chats, alertmanager string, change func(*notify.Config)) *notify.Bridge {
	t.Helper()
	cfg := notify.Config{
		Words: notify.Words{
			Rule: func(id string) (string, string) {
				if id == "forbidden.shirking" {
					return "推诿", "shirking"
				}
				return "", ""
			},
			Span: func(_, _, window string) (string, string) {
				if window == "day" {
					return "2026-11-21", "on 2026-11-21"
				}
				return "", ""
			},
		},
		Calls: func(_ context.Context, agent, rule, window string, _ int) ([]notify.CallLine, error) {
			return []notify.CallLine{{ID: "8f3a" + agent, Started: time.Date(2026, 11, 21, 9, 15, 0, 0, time.UTC), Quote: "<b>这个不归我管</b>", Note: rule + " " + window}}, nil
		},
	}
	if change != nil {
		change(&cfg)
	}
	return notify.NewBridge(settings(t, chats, alertmanager), cfg)
}

// violation is the post of Alertmanager about agents who broke a rule.
func violation(agents ...string) string {
	g := notify.Group{Version: "4", Status: "firing", Receiver: "quality"}
	for _, agent := range agents {
		g.Alerts = append(g.Alerts, notify.Alert{
			Status: "firing", Fingerprint: "f" + agent, StartsAt: time.Now(),
			Labels: map[string]string{
				"alertname": "ZhijianRepeatedViolation", "agent": agent, "team": "报修组", "rule": "forbidden.shirking", "severity": "serious", "window": "day",
			},
			Annotations: map[string]string{
				"title": "坐席重复违规", "title_en": "Repeated violations", "summary": "当天 3 通", "summary_en": "3 calls that day",
			},
		})
	}
	data, err := json.Marshal(g)
	if err != nil {
		panic(err)
	}
	return string(data)
}

func send(t *testing.T, b http.Handler, robot, shown, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/alerts/webhook/"+robot, strings.NewReader(body))
	if shown != "" {
		r.Header.Set("Authorization", "Bearer "+shown)
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w
}

// textOf returns what a message says, wherever its product has that.
func textOf(t *testing.T, p post) string {
	t.Helper()
	data, err := json.Marshal(p.body)
	if err != nil {
		t.Fatal(err)
	}
	text, err := strconv.Unquote(`"` + strings.NewReplacer(`"`, `\"`, `\"`, `'`, `\u0026`, "&").Replace(string(data)) + `"`)
	if err != nil {
		return string(data)
	}
	return text
}

func TestAlertsReachEachChat(t *testing.T) {
	t.Parallel()
	server := newChats(t)
	b := newBridge(t, server, "http://127.0.0.1:9093", nil)
	for _, robot := range []string{"quality", "leaders", "operations"} {
		if w := send(t, b, robot, token, violation("1031")); w.Code != http.StatusNoContent {
			t.Errorf("%s: got %d %s", robot, w.Code, w.Body)
		}
	}
	posts := server.received()
	if len(posts) != 3 {
		t.Fatalf("got %d messages, want 3", len(posts))
	}
	for _, p := range posts {
		text := textOf(t, p)
		for _, want := range []string{
			"质检告警：坐席重复违规", "Repeated violations", "**1031**（报修组）", "**推诿** shirking（forbidden.shirking）", "严重 serious",
			"2026-11-21 当天 3 通", "3 calls that day", "https://qa.example.cn/alerts/calls?", "https://qa.example.cn/alerts/rest?",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in %s", p.path, want, text)
			}
		}
	}
}

func TestOnlyAlertmanagerIsHeard(t *testing.T) {
	t.Parallel()
	server := newChats(t)
	b := newBridge(t, server, "", nil)
	for _, test := range []struct {
		name, robot, token, body string
		want                     int
	}{
		{"no token", "quality", "", violation("1"), http.StatusUnauthorized},
		{"another token", "quality", token + "0", violation("1"), http.StatusUnauthorized},
		{"unknown robot", "nobody", token, violation("1"), http.StatusNotFound},
		{"no JSON", "quality", token, "alert!", http.StatusBadRequest},
		{"another format", "quality", token, `{"version":"3","alerts":[{}]}`, http.StatusBadRequest},
		{"no alerts", "quality", token, `{"version":"4","alerts":[]}`, http.StatusBadRequest},
		{"too long", "quality", token, `{"version":"4","receiver":"` + strings.Repeat("x", 5<<20) + `"}`, http.StatusBadRequest},
	} {
		if w := send(t, b, test.robot, test.token, test.body); w.Code != test.want {
			t.Errorf("%s: got %d, want %d", test.name, w.Code, test.want)
		}
	}
	if posts := server.received(); len(posts) != 0 {
		t.Errorf("got %d messages, want none", len(posts))
	}
}

// A chat that is away for a moment is asked again; one that stays away makes Alertmanager try again.
func TestAlertsAreTriedAgain(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		answer func(n int) (int, string)
		want   int // of the webhook
		posts  int
	}{
		{"away once", func(n int) (int, string) {
			if n == 1 {
				return http.StatusBadGateway, "away"
			}
			return 0, ""
		}, http.StatusNoContent, 2},
		{"busy once", func(n int) (int, string) {
			if n == 1 {
				return http.StatusOK, `{"errcode":-1,"errmsg":"system busy"}`
			}
			return 0, ""
		}, http.StatusNoContent, 2},
		{"away for good", func(int) (int, string) { return http.StatusBadGateway, "away" }, http.StatusServiceUnavailable, 3},
		{"no JSON", func(int) (int, string) { return http.StatusOK, "<html>" }, http.StatusServiceUnavailable, 3},
		{"refused", func(int) (int, string) { return http.StatusOK, `{"errcode":310000,"errmsg":"keywords not in content"}` }, http.StatusServiceUnavailable, 3},
		{"sent elsewhere", func(int) (int, string) { return http.StatusFound, "go" }, http.StatusServiceUnavailable, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := newChats(t)
			server.answer = test.answer
			w := send(t, newBridge(t, server, "", nil), "quality", token, violation("1031"))
			if w.Code != test.want || len(server.received()) != test.posts {
				t.Errorf("got %d after %d messages, want %d after %d: %s", w.Code, len(server.received()), test.want, test.posts, w.Body)
			}
			if strings.Contains(w.Body.String(), "ding") || strings.Contains(w.Body.String(), server.URL) {
				t.Errorf("the answer shows the robot's address: %s", w.Body)
			}
		})
	}
}

// No minute sees more messages than the chat takes; what is held comes later.
func TestRobotsKeepTheirPace(t *testing.T) {
	t.Parallel()
	server := newChats(t)
	now := time.Now()
	b := newBridge(t, server, "", func(cfg *notify.Config) { cfg.Now = func() time.Time { return now } })
	for i := range 20 {
		if w := send(t, b, "quality", token, violation("1031")); w.Code != http.StatusNoContent {
			t.Fatalf("message %d: got %d %s", i+1, w.Code, w.Body)
		}
		now = now.Add(2 * time.Second)
	}
	w := send(t, b, "quality", token, violation("1031"))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "20" {
		t.Errorf("message 21: got %d, again after %s s; want %d after 20", w.Code, w.Header().Get("Retry-After"), http.StatusServiceUnavailable)
	}
	if w := send(t, b, "leaders", token, violation("1031")); w.Code != http.StatusNoContent {
		t.Errorf("another robot: got %d", w.Code)
	}
	now = now.Add(20 * time.Second)
	if w := send(t, b, "quality", token, violation("1031")); w.Code != http.StatusNoContent {
		t.Errorf("a minute after the first: got %d %s", w.Code, w.Body)
	}
}

// What stands in metadata can neither mention people, nor put links into a message, nor make it too long.
func TestMessagesHoldWhatTheyMay(t *testing.T) {
	t.Parallel()
	server := newChats(t)
	b := newBridge(t, server, "", nil)
	agents := []string{"[来领奖](http://evil.example)<@all>@all\n# 1031", strings.Repeat("9", 500)}
	for i := range 60 {
		agents = append(agents, fmt.Sprint(2000+i))
	}
	for _, robot := range []string{"quality", "leaders", "operations"} {
		if w := send(t, b, robot, token, violation(agents...)); w.Code != http.StatusNoContent {
			t.Errorf("%s: got %d %s", robot, w.Code, w.Body)
		}
	}
	for _, p := range server.received() {
		text := textOf(t, p)
		for _, bad := range []string{"](http://evil", "@all", strings.Repeat("9", 100)} {
			if strings.Contains(text, bad) {
				t.Errorf("%s: %q in %s", p.path, bad, text)
			}
		}
		if !strings.Contains(text, "共 62 项") {
			t.Errorf("%s: the number of alerts is not told: %s", p.path, text)
		}
		told := strings.Count(text, "**推诿**") // by name, and the rest by number
		if told < 15 || !strings.Contains(text, fmt.Sprintf("另有 %d 项", 62-told)) {
			t.Errorf("%s: %d of 62 are named, and nothing tells of the rest: %s", p.path, told, text)
		}
	}
}

func TestLinksOfMessages(t *testing.T) {
	t.Parallel()
	server := newChats(t)
	var made []notify.Silence
	am := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var s notify.Silence
		if r.URL.Path != "/api/v2/silences" || json.NewDecoder(r.Body).Decode(&s) != nil {
			http.Error(w, "bad", http.StatusBadRequest)
			return
		}
		made = append(made, s)
		_, _ = io.WriteString(w, `{"silenceID":"1234"}`)
	}))
	t.Cleanup(am.Close)
	zone := time.FixedZone("CST", 8*3600)
	now := time.Now()
	b := newBridge(t, server, am.URL, func(cfg *notify.Config) { cfg.Now, cfg.Zone = func() time.Time { return now }, zone })
	send(t, b, "leaders", token, violation("1031"))
	content := server.received()[0].body["markdown"].(map[string]any)["content"].(string)
	link := func(action string) string {
		_, rest, _ := strings.Cut(content, "https://qa.example.cn/alerts/"+action+"?")
		query, _, _ := strings.Cut(rest, ")")
		return "/alerts/" + action + "?" + query
	}
	visit := func(method, target string) (int, string) {
		w := httptest.NewRecorder()
		b.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, target, nil))
		return w.Code, w.Body.String()
	}
	code, page := visit(http.MethodGet, link("calls"))
	if code != http.StatusOK || !strings.Contains(page, "8f3a1031") || !strings.Contains(page, "&lt;b&gt;这个不归我管") {
		t.Errorf("calls: got %d %s", code, page)
	}
	// A chat opens links to show what is behind them: that puts nothing to rest.
	if code, page = visit(http.MethodGet, link("rest")); code != http.StatusOK || len(made) != 0 || !strings.Contains(page, "12 小时") {
		t.Errorf("asking: got %d, %d silences, %s", code, len(made), page)
	}
	if !strings.Contains(page, `action="?alert=`) {
		t.Errorf("the form does not post to where it is, below the path of public_url: %s", page)
	}
	if code, page = visit(http.MethodPost, link("rest")); code != http.StatusOK || len(made) != 1 {
		t.Fatalf("resting: got %d, %d silences, %s", code, len(made), page)
	}
	if until := now.Add(12 * time.Hour).In(zone).Format("2006-01-02 15:04 MST"); !strings.Contains(page, until) {
		t.Errorf("got %s, want %s", page, until)
	}
	if got := made[0].EndsAt.Sub(made[0].StartsAt); got != 12*time.Hour || len(made[0].Matchers) != 6 {
		t.Errorf("got a silence of %s for %v", got, made[0].Matchers)
	}
	forged := strings.Replace(link("rest"), "alert=", "alert=e30", 1)
	other := strings.Replace(link("calls"), "/calls?", "/rest?", 1)
	for _, target := range []string{"/alerts/rest", forged, other} {
		if code, _ := visit(http.MethodPost, target); code != http.StatusForbidden {
			t.Errorf("%s: got %d, want %d", target, code, http.StatusForbidden)
		}
	}
	now = now.Add(8 * 24 * time.Hour)
	if code, _ := visit(http.MethodPost, link("rest")); code != http.StatusForbidden || len(made) != 1 {
		t.Errorf("an old link: got %d, %d silences", code, len(made))
	}
}

func TestSettingsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	good := "token: " + token + "\nrobots:\n  - {name: a, kind: wecom, url: \"https://host/x?key=secret-key\"}\n"
	if _, err := notify.Parse("alerts.yaml", []byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, text, want string }{
		{"no token", strings.Replace(good, "token: "+token, "rest: 1h", 1), `"token" is missing`},
		{"short token", strings.Replace(good, token, "short", 1), "16 characters or more"},
		{"unknown kind", strings.Replace(good, "wecom", "slack", 1), `"slack" is unknown`},
		{"no address", strings.Replace(good, "https://host/x", "host/x", 1), "wants an address"},
		{"a file", strings.Replace(good, "https://host", "file:///etc", 1), "wants an address"},
		{"twice", good + "  - {name: a, kind: wecom, url: \"https://host/y\"}\n", `two robots "a"`},
		{"name with a slash", strings.Replace(good, "name: a", "name: a/b", 1), "lower-case letters"},
		{"secret of WeCom", strings.Replace(good, "kind: wecom", "kind: wecom, secret: abc", 1), "have no secret"},
		{"links without secret", good + "public_url: https://qa\n", "needs link_secret"},
		{"rest of a second", good + "rest: 1s\n", "from 1m to 720h"},
		{"unknown key", good + "tokn: x\n", `unknown key "tokn"`},
		{"empty", "", "documents"},
	} {
		_, err := notify.Parse("alerts.yaml", []byte(test.text))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		} else if strings.Contains(err.Error(), "secret-key") {
			t.Errorf("%s: the error shows a key: %v", test.name, err)
		}
	}
}

func TestSettingsAreNotForEveryone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "alerts.yaml")
	text := "token: " + token + "\nrobots:\n  - {name: a, kind: wecom, url: \"https://host/x\"}\n"
	for _, test := range []struct {
		mode os.FileMode
		want string
	}{{0o600, ""}, {0o640, ""}, {0o644, "chmod"}} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, test.mode); err != nil {
			t.Fatal(err)
		}
		_, err := notify.Load(path)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%o: got %v, want %q", test.mode, err, test.want)
		}
	}
}

func FuzzReadGroup(f *testing.F) {
	f.Add(violation("1031"))
	f.Add(`{"version":"4","alerts":[{"labels":null}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		g, err := notify.ReadGroup(strings.NewReader(text))
		if err == nil && len(g.Alerts) == 0 {
			t.Error("a group without alerts")
		}
	})
}

func FuzzOpenLink(f *testing.F) {
	f.Add("alert=e30&until=1&sign=x")
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	s := notify.Settings{Token: token, LinkSecret: linkSecret, Alertmanager: server.URL, PublicURL: "https://qa.example.cn"}
	b := notify.NewBridge(s, notify.Config{})
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/alerts/rest?"+values.Encode(), nil)
		b.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden {
			t.Errorf("%s: got %d", query, w.Code)
		}
	})
}

// What operations must know has no agent, and what is over says so.
func TestAlertsOfOperations(t *testing.T) {
	t.Parallel()
	server := newChats(t)
	b := newBridge(t, server, "http://127.0.0.1:9093", nil)
	g := notify.Group{Version: "4", Status: "resolved", Receiver: "operations", Truncated: 3, Alerts: []notify.Alert{{
		Status: "resolved", Labels: map[string]string{"alertname": "ZhijianBacklogOld", "lane": "urgent", "level": "warning"},
		Annotations: map[string]string{"title": "录音积压", "title_en": "Recordings wait too long", "summary": "urgent 队列里最早的录音已等待 16m", "summary_en": "the oldest has waited 16m"},
	}}}
	data, err := json.Marshal(g)
	if err != nil {
		t.Fatal(err)
	}
	if w := send(t, b, "operations", token, string(data)); w.Code != http.StatusNoContent {
		t.Fatalf("got %d %s", w.Code, w.Body)
	}
	text := textOf(t, server.received()[0])
	for _, want := range []string{"质检恢复：录音积压", "已恢复", "已等待 16m", "the oldest has waited 16m", "共 4 项"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	for _, bad := range []string{"坐席", "/alerts/rest"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q in %s", bad, text)
		}
	}
}
