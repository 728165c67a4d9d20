package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/internal/proctest"
	"github.com/zhijian-qa/zhijian/internal/s3test"
)

const apiToken, uploadToken = "token-of-the-operators", "token-of-the-exchange"

// until waits until ok, and fails the test after a while.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for start := time.Now(); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > 2*time.Minute {
			t.Fatalf("%s: it did not come", what)
		}
	}
}

// serving starts serve and returns its address; stop ends it and waits.
func serving(t *testing.T, b *bench) (address string, stop func()) {
	t.Helper()
	said := &proctest.Log{}
	env := b.Env
	env.Err, env.Registerer = said, prometheus.NewRegistry()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- app.Serve(ctx, env) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("serve ended with %v", err)
		}
	})
	t.Cleanup(stop)
	until(t, "an address", func() bool {
		select {
		case err := <-ended:
			t.Fatalf("serve ended with %v: %s", err, said)
		default:
		}
		_, rest, ok := strings.Cut(said.String(), "监听 ")
		address, _, _ = strings.Cut(rest, "\n")
		return ok
	})
	return address, stop
}

func upload(t *testing.T, address, token, file string) (status int, answer map[string]any) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("agent", "1031"); err != nil {
		t.Fatal(err)
	}
	w, err := form.CreateFormFile("file", filepath.Base(file))
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return ask(t, http.MethodPost, "http://"+address+"/api/v1/recordings", token, form.FormDataContentType(), &body)
}

func ask(t *testing.T, method, url, token, kind string, body io.Reader) (status int, answer map[string]any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	_ = json.NewDecoder(resp.Body).Decode(&answer) // metrics are no JSON
	return resp.StatusCode, answer
}

func withTokens(t *testing.T) func(*config.Config) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "api"), []byte("# operators\n\n"+apiToken+" # from 2026-11\nanother-token-of-theirs\n"))
	write(t, filepath.Join(dir, "upload"), []byte(uploadToken+"\n"))
	return func(c *config.Config) {
		c.Listen, c.TokenFile, c.UploadTokenFile = "127.0.0.1:0", filepath.Join(dir, "api"), filepath.Join(dir, "upload")
	}
}

func TestAnUploadIsScored(t *testing.T) {
	t.Parallel()
	b := setup(t, withTokens(t))
	address, stop := serving(t, b)
	recording := filepath.Join(demo, noGreeting)
	for token, want := range map[string]int{"": 401, "token-of-a-stranger": 401, apiToken[1:]: 401} {
		if status, _ := upload(t, address, token, recording); status != want {
			t.Errorf("with %q: got %d, want %d", token, status, want)
		}
	}
	status, receipt := upload(t, address, uploadToken, recording)
	if status != http.StatusCreated || receipt["new"] != true {
		t.Fatalf("got %d, %v", status, receipt)
	}
	url := "http://" + address + receipt["status_url"].(string)
	if status, _ := ask(t, http.MethodGet, url, "", "", nil); status != 401 {
		t.Errorf("what became of it is told to anyone: %d", status)
	}
	var answer map[string]any
	until(t, "a score", func() bool {
		status, answer = ask(t, http.MethodGet, url, uploadToken, "", nil)
		return answer["state"] == "done"
	})
	if status != 200 || answer["score"].(map[string]any)["verdict"] == "" {
		t.Errorf("got %d, %v", status, answer)
	}
	if status, receipt := upload(t, address, apiToken, recording); status != 200 || receipt["new"] != false {
		t.Errorf("once more: got %d, %v", status, receipt)
	}
	for path, want := range map[string]int{"/metrics": 401, "/healthz": 200, "/readyz": 200, "/api/v1/recordings/0123456789abcdef": 404, "/api/v1/recordings/x": 404} {
		token := ""
		if strings.HasPrefix(path, "/api") {
			token = uploadToken
		}
		if status, _ := ask(t, http.MethodGet, "http://"+address+path, token, "", nil); status != want {
			t.Errorf("%s: got %d, want %d", path, status, want)
		}
	}
	for token, want := range map[string]int{apiToken: 200, uploadToken: 401} {
		if status, _ := ask(t, http.MethodGet, "http://"+address+"/metrics", token, "", nil); status != want {
			t.Errorf("metrics with %s: got %d, want %d", token, status, want)
		}
	}
	stop()
	for _, secret := range []string{apiToken, uploadToken, "another-token"} {
		if strings.Contains(b.logs.String(), secret) {
			t.Error("a token is in the log")
		}
	}
	id := receipt["id"].(string)
	if err := app.Erase(t.Context(), b.again(t).Env, []string{id}, nil); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(b.Config.DataDir, "uploads", "[0-9a-f]*")); len(left) != 0 {
		t.Errorf("the data were deleted, and the upload lies here still: %v", left)
	}
}

func TestAnUploadThatIsNoRecordingIsSetAside(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *config.Config) { c.Listen = "127.0.0.1:0" })
	address, stop := serving(t, b)
	file := filepath.Join(t.TempDir(), "13800138000.wav")
	write(t, file, []byte("<html>this is no recording at all, only text</html>"))
	status, receipt := upload(t, address, "", file)
	if status != http.StatusCreated {
		t.Fatalf("got %d, %v", status, receipt)
	}
	var answer map[string]any
	until(t, "a reason", func() bool {
		_, answer = ask(t, http.MethodGet, "http://"+address+receipt["status_url"].(string), "", "", nil)
		return answer["state"] == "set_aside"
	})
	if answer["reason"] != "text_file" || answer["message"] == "" {
		t.Errorf("got %v", answer)
	}
	stop()
	erase := func(dry bool) string {
		t.Helper()
		use := b.again(t, asJSON, func(c *config.Config) { c.Customer, c.DryRun = "138 0013 8000", dry })
		if err := app.Erase(t.Context(), use.Env, nil, nil); err != nil {
			t.Fatal(err)
		}
		return use.out.String()
	}
	uploaded := func() []string {
		left, _ := filepath.Glob(filepath.Join(b.Config.DataDir, "uploads", "[0-9a-f]*"))
		return left
	}
	if said := erase(true); !strings.Contains(said, `"set_aside":1`) || len(uploaded()) != 1 {
		t.Errorf("a dry run says %s and leaves %v", said, uploaded())
	}
	if erase(false); len(uploaded()) != 0 {
		t.Errorf("the customer's data were deleted, and the upload lies here still: %v", uploaded())
	}
	gone := b.again(t, func(c *config.Config) { c.Customer = "13800138000" })
	if err := app.Erase(t.Context(), gone.Env, nil, nil); !errors.Is(err, call.ErrNotFound) {
		t.Errorf("got %v, want nothing left of the customer", err)
	}
}

func TestRecordingsOfABucketAreScoredAndMoved(t *testing.T) {
	t.Parallel()
	var server s3test.Server
	t.Cleanup(server.Stop)
	place := server.Bucket(t)
	data, err := os.ReadFile(filepath.Join(demo, shirking))
	if err != nil {
		t.Fatal(err)
	}
	place.Put(t, "in/"+shirking, string(data), map[string]string{"agent": "2015"})
	place.Put(t, "in/broken.wav", "RIFF no more", nil)
	source := config.Source{
		Name: "calls", URL: place.URL + "&prefix=in/", Credentials: place.Credentials, When: "settled", MoveDone: "done", MoveFailed: "failed",
	}
	b := setup(t, func(c *config.Config) {
		c.Listen, c.Sources, c.ScanEvery = "127.0.0.1:0", []config.Source{source}, time.Second
	})
	_, stop := serving(t, b)
	until(t, "both moved", func() bool {
		keys := strings.Join(place.Keys(t), " ")
		return keys == "done/"+shirking+" failed/broken.wav"
	})
	if place.Get(t, "done/"+shirking) != string(data) {
		t.Error("the recording was changed")
	}
	stop()
	clips := b.again(t, func(c *config.Config) { c.Rule, c.Out = "forbidden.shirking", t.TempDir() })
	if err := app.Clip(t.Context(), clips.Env, shirking); err != nil || !strings.Contains(clips.out.String(), "forbidden.shirking-1.wav") {
		t.Errorf("got %v, %s", err, clips.out)
	}
	if left, _ := filepath.Glob(filepath.Join(b.Config.DataDir, "scratch", "*", "*")); len(left) != 0 {
		t.Errorf("copies are left: %v", left)
	}
}

func TestServeIsNotOpenToOthers(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty")
	write(t, empty, []byte("# nobody yet\n"))
	short := filepath.Join(t.TempDir(), "short")
	write(t, short, []byte("secret\n"))
	for want, change := range map[string]func(*config.Config){
		"other machines can reach 0.0.0.0:0":         func(c *config.Config) { c.Listen = "0.0.0.0:0" },
		"other machines can reach :0":                func(c *config.Config) { c.Listen = ":0" },
		"and the rest of the API for none":           func(c *config.Config) { c.Listen, c.UploadTokenFile = ":0", withUpload(t) },
		"holds no token":                             func(c *config.Config) { c.TokenFile = empty },
		"line 1 of " + short + " is no token":        func(c *config.Config) { c.TokenFile = short },
		"read token_file: open /no/such: no such":    func(c *config.Config) { c.TokenFile = "/no/such" },
		"metrics_guard asks for a token and none is": func(c *config.Config) { c.MetricsGuard = true },
		"read tls_cert and tls_key":                  func(c *config.Config) { c.TLSCert, c.TLSKey = "/no/such", "/no/such" },
	} {
		err := app.Serve(t.Context(), setup(t, change).Env)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func withUpload(t *testing.T) string {
	name := filepath.Join(t.TempDir(), "upload")
	write(t, name, []byte(uploadToken))
	return name
}
