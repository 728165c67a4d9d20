package queue

import (
	"cmp"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/zhijian-qa/zhijian/internal/loopback"
)

// Config says where the queue is. Its zero value but for Dir is a queue in this process.
type Config struct {
	URL      string        // nats://… or tls://…, several divided by commas. Defaults to a queue in this process.
	Dir      string        // folder of a queue in this process
	Name     string        // of this process, as the cluster's tools show it. Defaults to zhijian.
	Stream   string        // defaults to ZHIJIAN; another one keeps two installations on one cluster apart
	Replicas int           // copies that a cluster keeps. Defaults to 1.
	AckWait  time.Duration // how long a message that nobody renews stays with a worker. Defaults to 30 s.

	Credentials string // file with a NATS credential (JWT and key)
	User        string
	Password    string // never logged
	Token       string // never logged
	CA          string // file with the certificate of who signed the servers' certificates
	Cert, Key   string // files with the certificate and key of this client
	Plain       bool   // speak to other machines without TLS, too. Defaults to loopback only.

	Log *slog.Logger // defaults to no log
}

// defaultAckWait is what AckWait defaults to.
const defaultAckWait = 30 * time.Second

func (c Config) withDefaults() Config {
	c.Name = cmp.Or(c.Name, "zhijian")
	c.Stream = cmp.Or(c.Stream, "ZHIJIAN")
	c.Replicas = max(1, c.Replicas)
	c.AckWait = cmp.Or(c.AckWait, defaultAckWait)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// tls returns the option that asks for TLS where a server is on another machine.
func (c Config) tls() []nats.Option {
	if c.Plain || c.URL == "" || !slices.ContainsFunc(strings.Split(c.URL, ","), elsewhere) {
		return nil
	}
	return []nats.Option{nats.Secure(&tls.Config{MinVersion: tls.VersionTLS12})}
}

// elsewhere reports whether the server at location may be on another machine. A name could be anything.
func elsewhere(location string) bool {
	parsed, err := url.Parse(strings.TrimSpace(location))
	if err != nil {
		return true
	}
	return !loopback.Host(parsed.Hostname())
}

func (c Config) validate() error {
	switch {
	case c.URL == "" && c.Dir == "":
		return fmt.Errorf("a queue needs a URL or a folder")
	case c.URL == "" && c.Replicas > 1:
		return fmt.Errorf("a queue in this process has no %d copies: that takes a cluster", c.Replicas)
	case (c.Cert == "") != (c.Key == ""):
		return fmt.Errorf("a client certificate takes a certificate and a key")
	}
	return nil
}
