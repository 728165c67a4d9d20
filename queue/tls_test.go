package queue_test

import (
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/zhijian-qa/zhijian/internal/certtest"
	"github.com/zhijian-qa/zhijian/queue"
)

// A real server that takes nobody without TLS, a certificate that it knows, and a password.
func TestQueueOverTLS(t *testing.T) {
	t.Parallel()
	ours, others, dir := certtest.New(t), certtest.New(t), t.TempDir()
	const password = "geheim-for-tests"
	cert, key := ours.Issue(t, dir, "server")
	tls, err := server.GenTLSConfig(&server.TLSConfigOpts{CertFile: cert, KeyFile: key, CaFile: ours.File, Verify: true})
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true,
		TLSConfig: tls, Username: "qa", Password: password,
	})
	if err != nil {
		t.Fatal(err)
	}
	go s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(20 * time.Second) {
		t.Fatal("the server did not start")
	}
	url := strings.Replace(s.ClientURL(), "nats://", "tls://", 1)
	clientCert, clientKey := ours.Issue(t, dir, "client")
	strangeCert, strangeKey := others.Issue(t, dir, "stranger")
	good := queue.Config{URL: url, User: "qa", Password: password, CA: ours.File, Cert: clientCert, Key: clientKey}
	for _, test := range []struct {
		want   string
		change func(*queue.Config)
	}{
		{"", func(*queue.Config) {}},
		{"certificate signed by", func(c *queue.Config) { c.CA = others.File }},
		{"tls", func(c *queue.Config) { c.Cert, c.Key = "", "" }},
		{"tls", func(c *queue.Config) { c.Cert, c.Key = strangeCert, strangeKey }},
		{"Authorization Violation", func(c *queue.Config) { c.Password = "geheim-of-others" }},
		{"no such file", func(c *queue.Config) { c.CA = "/no/such.pem" }},
		{"failed to verify", func(c *queue.Config) {
			c.URL = strings.Replace(url, "tls://", "nats://", 1)
			c.CA, c.Cert, c.Key = "", "", ""
		}},
	} {
		want, change := test.want, test.change
		cfg := good
		change(&cfg)
		q, err := queue.Open(t.Context(), cfg)
		switch {
		case want == "" && err == nil:
			offer(t, q, queue.Short, "one")
			if got := ack(t, take(t, q)); got != "one" {
				t.Errorf("got %s", got)
			}
			q.Close()
		case want == "" || err == nil || !strings.Contains(err.Error(), want):
			t.Errorf("got %v, want %q", err, want)
		case strings.Contains(err.Error(), "geheim"):
			t.Errorf("a password is shown: %v", err)
		}
	}
}
