package loopback_test

import (
	"testing"

	"github.com/zhijian-qa/zhijian/internal/loopback"
)

func TestHost(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "127.8.8.8": true, "::1": true, "::ffff:127.0.0.1": true,
		"": false, "0.0.0.0": false, "::": false, "10.0.0.1": false, "localhost.example.cn": false, "127.0.0.1.example.cn": false, "[::1]": false,
	} {
		if got := loopback.Host(host); got != want {
			t.Errorf("%q: got %v, want %v", host, got, want)
		}
	}
}
