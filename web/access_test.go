package web_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/internal/certtest"
	"github.com/zhijian-qa/zhijian/web"
)

var hello = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })

func TestOnlyBearersOfATokenAreLetIn(t *testing.T) {
	t.Parallel()
	guarded := web.NewAccess(false, "the-token-of-today", "", "another-long-token").Guard(hello)
	for header, want := range map[string]int{
		"Bearer the-token-of-today": 200, "bearer  another-long-token": 200, "Bearer the-token-of-toda": 401, "Bearer the-token-of-today1": 401,
		"Basic the-token-of-today": 401, "Bearer": 401, "Bearer ": 401, "": 401, "the-token-of-today": 401,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", header)
		w := httptest.NewRecorder()
		guarded.ServeHTTP(w, r)
		if w.Code != want || want == 401 && (w.Header().Get("WWW-Authenticate") == "" || strings.Contains(w.Body.String(), "today")) {
			t.Errorf("%q: got %d %s, want %d", header, w.Code, w.Body, want)
		}
	}
	w := httptest.NewRecorder()
	web.NewAccess(false, "").Guard(hello).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != 200 {
		t.Errorf("without any token: got %d", w.Code)
	}
}

func TestAddressesThatOthersReachNeedAToken(t *testing.T) {
	t.Parallel()
	for address, here := range map[string]bool{
		"127.0.0.1:8090": true, "127.9.9.9:1": true, "[::1]:8090": true, "localhost:8090": true, "unix:/run/z.sock": true,
		":8090": false, "0.0.0.0:8090": false, "[::]:8090": false, "10.0.0.7:8090": false, "myhost:8090": false, "localhost.evil:80": false, "nonsense": false,
	} {
		err := web.CheckAddress(address, web.NewAccess(false))
		if (err == nil) != here {
			t.Errorf("%s: got %v", address, err)
		}
		for _, access := range []web.Access{web.NewAccess(false, "sixteen-letters-x"), web.NewAccess(true)} {
			if err := web.CheckAddress(address, access); err != nil {
				t.Errorf("%s with access: got %v", address, err)
			}
		}
	}
}

func status(t testing.TB, client *http.Client, url, token string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	must(t, err)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Log(err)
		return 0
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

func TestClientsShowACertificateOrAToken(t *testing.T) {
	t.Parallel()
	ours, others, dir := certtest.New(t), certtest.New(t), t.TempDir()
	cert, key := ours.Issue(t, dir, "server")
	cfg, err := web.Certificates{Cert: cert, Key: key, ClientCA: ours.File}.TLS()
	must(t, err)
	access := web.NewAccess(true, "the-token-of-today")
	address := serve(t, web.Config{TLS: cfg}, map[string]http.Handler{"GET /api": access.Guard(hello), "GET /healthz": hello})
	api, health := "https://"+address+"/api", "https://"+address+"/healthz"
	certFile, keyFile := ours.Issue(t, dir, "client")
	strangeCert, strangeKey := others.Issue(t, dir, "stranger")
	for name, tt := range map[string]struct {
		got, want int
	}{
		"nothing shown":           {status(t, ours.Client(t), api, ""), 401},
		"a token":                 {status(t, ours.Client(t), api, "the-token-of-today"), 200},
		"a certificate":           {status(t, ours.Client(t, certFile, keyFile), api, ""), 200},
		"a stranger's":            {status(t, ours.Client(t, strangeCert, strangeKey), api, ""), 0},
		"health without either":   {status(t, ours.Client(t), health, ""), 200},
		"who trusts others alone": {status(t, others.Client(t), health, ""), 0},
		"without TLS":             {status(t, http.DefaultClient, "http://"+address+"/api", "the-token-of-today"), 400},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %d, want %d", name, tt.got, tt.want)
		}
	}
	old := ours.Client(t).Transport.(*http.Transport)
	old.TLSClientConfig.MaxVersion = tls.VersionTLS11
	if got := status(t, &http.Client{Transport: old}, health, ""); got != 0 {
		t.Errorf("TLS 1.1 is spoken: %d", got)
	}
}

func TestARenewedCertificateIsTakenUp(t *testing.T) {
	t.Parallel()
	first, second, dir := certtest.New(t), certtest.New(t), t.TempDir()
	cert, key := first.Issue(t, dir, "server")
	cfg, err := web.Certificates{Cert: cert, Key: key}.TLS()
	must(t, err)
	url := "https://" + serve(t, web.Config{TLS: cfg}, map[string]http.Handler{"GET /": hello})
	if got := status(t, first.Client(t), url, ""); got != 200 {
		t.Fatalf("got %d", got)
	}
	must(t, os.WriteFile(cert, []byte("half"), 0o600))
	must(t, os.Chtimes(cert, time.Now(), time.Now().Add(time.Second)))
	if got := status(t, first.Client(t), url, ""); got != 200 {
		t.Errorf("while it is written: got %d", got)
	}
	second.Issue(t, dir, "server")
	must(t, os.Chtimes(cert, time.Now(), time.Now().Add(2*time.Second)))
	if got := status(t, second.Client(t), url, ""); got != 200 {
		t.Errorf("after it was renewed: got %d", got)
	}
}

func TestCertificatesThatCannotBeUsedAreNamed(t *testing.T) {
	t.Parallel()
	a, dir := certtest.New(t), t.TempDir()
	cert, key := a.Issue(t, dir, "server")
	for want, files := range map[string]web.Certificates{
		"read tls_cert and tls_key": {Cert: "/no/such.pem", Key: key},
		"tls_client_ca":             {Cert: cert, Key: key, ClientCA: key},
		"read tls_client_ca":        {Cert: cert, Key: key, ClientCA: "/no/such.pem"},
	} {
		if _, err := files.TLS(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if cfg, err := (web.Certificates{}).TLS(); cfg != nil || err != nil {
		t.Errorf("got %v, %v", cfg, err)
	}
}

func TestOtherSitesCannotWriteThroughABrowser(t *testing.T) {
	t.Parallel()
	address := serve(t, web.Config{}, map[string]http.Handler{"POST /": hello, "GET /": hello})
	for origin, want := range map[string]int{"": 200, "http://" + address: 200, "https://evil.example": 403} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+"/", nil)
		must(t, err)
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		resp, err := http.DefaultClient.Do(r)
		must(t, err)
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("from %q: got %d, want %d", origin, resp.StatusCode, want)
		}
	}
}

func TestNamesThatLeadHereAreRefused(t *testing.T) {
	t.Parallel()
	address := serve(t, web.Config{OnlyHere: true}, map[string]http.Handler{"GET /": hello})
	_, port, err := net.SplitHostPort(address)
	must(t, err)
	for host, want := range map[string]int{address: 200, "localhost:" + port: 200, "[::1]:" + port: 200, "evil.example:" + port: 421, "evil.example": 421, "10.0.0.7": 421} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/", nil)
		must(t, err)
		r.Host = host
		resp, err := http.DefaultClient.Do(r)
		must(t, err)
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: got %d, want %d", host, resp.StatusCode, want)
		}
	}
}

func TestWhyItIsNotReadyIsNotToldToAll(t *testing.T) {
	t.Parallel()
	access := web.NewAccess(false, "the-token-of-today")
	ready := web.Ready(access, web.Check{Name: "database", Test: func(context.Context) error { return errors.New("db.internal is away") }})
	for token, told := range map[string]bool{"": false, "the-token-of-today": true} {
		r := httptest.NewRequest(http.MethodGet, "/readyz", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		ready.ServeHTTP(w, r)
		if w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "db.internal") != told {
			t.Errorf("with %q: got %d %s", token, w.Code, w.Body)
		}
	}
}

func TestRequestsHaveLimits(t *testing.T) {
	t.Parallel()
	echo := web.Limit(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
	}))
	address := serve(t, web.Config{HeaderLimit: 300 * time.Millisecond}, map[string]http.Handler{"/": echo})
	post := func(size int) int {
		resp, err := http.Post("http://"+address+"/", "text/plain", strings.NewReader(strings.Repeat("x", size)))
		must(t, err)
		defer resp.Body.Close()
		return resp.StatusCode
	}
	if got := post(1 << 20); got != 200 {
		t.Errorf("a megabyte: got %d", got)
	}
	if got := post(1<<20 + 1); got != 413 {
		t.Errorf("more: got %d", got)
	}
	r, err := http.NewRequest(http.MethodGet, "http://"+address+"/", nil)
	must(t, err)
	r.Header.Set("X-Large", strings.Repeat("x", 100<<10))
	resp, err := http.DefaultClient.Do(r)
	must(t, err)
	resp.Body.Close()
	if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a large header: got %d", resp.StatusCode)
	}
	conn, err := net.Dial("tcp", address)
	must(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
	must(t, err)
	must(t, conn.SetReadDeadline(time.Now().Add(20*time.Second)))
	if _, err := io.ReadAll(conn); err != nil {
		t.Errorf("a client that never ends its header keeps its connection: %v", err)
	}
}
