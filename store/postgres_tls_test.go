package store_test

import (
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/internal/certtest"
	"github.com/zhijian-qa/zhijian/internal/pgtest"
	"github.com/zhijian-qa/zhijian/store"
)

// A real server that takes nobody over the network without TLS and a password.
func TestPostgresOverTLS(t *testing.T) {
	ours, others := certtest.New(t), certtest.New(t)
	var server pgtest.Server
	server.Cert, server.Key = ours.Issue(t, t.TempDir(), "server")
	t.Cleanup(server.Stop)
	local := server.Database(t)
	database := local[strings.LastIndex(local, "/test_"):strings.Index(local, "?")]
	const password = "geheim-for-tests"
	if err := server.Do(t.Context(), "CREATE ROLE qa LOGIN SUPERUSER PASSWORD '"+password+"'"); err != nil {
		t.Fatal(err)
	}
	url := "postgres://qa@" + server.Address() + database
	t.Setenv("PGPASSWORD", password)
	for name, test := range map[string]struct{ url, want string }{
		"verified":                 {url + "?sslmode=verify-full&sslrootcert=" + ours.File, ""},
		"encrypted alone":          {url + "?sslmode=require", ""},
		"another authority":        {url + "?sslmode=verify-full&sslrootcert=" + others.File, "certificate"},
		"another name":             {strings.Replace(url, "127.0.0.1", "localhost", 1) + "?sslmode=verify-full&sslrootcert=" + ours.File, "certificate"},
		"in the clear":             {url + "?sslmode=disable", "rejects connection"},
		"a file that is not there": {url + "?sslmode=verify-full&sslrootcert=/no/such.pem", "no such file"},
		"another password":         {strings.Replace(url, "qa@", "qa:geheim-of-others@", 1) + "?sslmode=require", "password authentication failed"},
	} {
		s, err := store.Open(t.Context(), test.url)
		switch {
		case err == nil && test.want != "":
			t.Errorf("%s: got no error, want %q", name, test.want)
		case err != nil && (test.want == "" || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		case err != nil && strings.Contains(err.Error(), "geheim"):
			t.Errorf("%s: a password is shown: %v", name, err)
		}
		if err == nil {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
