package app

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"time"
)

// healthLimit is how long a server may take to say that it runs.
const healthLimit = 4 * time.Second

// Health fails unless the server that the settings name runs on this machine.
func Health(ctx context.Context, env Env) error {
	ctx, cancel := context.WithTimeout(ctx, healthLimit)
	defer cancel()
	host, port, err := net.SplitHostPort(cmp.Or(env.Config.MetricsListen, env.Config.Listen))
	if err != nil {
		return fmt.Errorf("read address: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	scheme, client := "http://", http.DefaultClient
	if !env.metricsApart() && env.Config.TLSCert != "" {
		// The certificate is made out for another name than this machine's own address.
		scheme, client = "https://", &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // loopback
	}
	address := scheme + net.JoinHostPort(host, port) + "/healthz"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("ask server: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the server answers %s", response.Status)
	}
	fmt.Fprintln(env.Out, "ok")
	return nil
}
