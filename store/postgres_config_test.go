package store

import "testing"

// A server on another machine is spoken to over TLS unless the URL or the environment says otherwise.
func TestPostgresOverTLS(t *testing.T) {
	for _, test := range []struct {
		url, mode string
		tls       bool
	}{
		{"postgres://zhijian@db.example/zhijian", "", true},
		{"postgresql://zhijian@10.0.0.7:5433/zhijian", "", true},
		{"postgres://zhijian@[2001:db8::1]/zhijian", "", true},
		{"postgres://zhijian@/zhijian?host=db.example", "", true},
		{"postgres://zhijian@db.example/zhijian?sslmode=disable", "", false},
		{"postgres://zhijian@db.example/zhijian", "disable", false},
		{"postgres://zhijian@db.example/zhijian?sslmode=verify-full", "", true},
	} {
		t.Setenv("PGSSLMODE", test.mode)
		cfg, err := postgresConfig(test.url)
		if err != nil {
			t.Errorf("%s: %v", test.url, err)
			continue
		}
		plain := cfg.TLSConfig == nil
		for _, fallback := range cfg.Fallbacks {
			plain = plain || fallback.TLSConfig == nil
		}
		if plain == test.tls {
			t.Errorf("%s, PGSSLMODE=%s: got plain %v, want TLS %v", test.url, test.mode, plain, test.tls)
		}
	}
	t.Setenv("PGSSLMODE", "")
	for _, host := range []string{"", "localhost", "127.0.0.1", "::1", "/run/postgresql"} {
		if !onThisMachine(host) {
			t.Errorf("%q is this machine", host)
		}
	}
}
