package source_test

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/certtest"
	"github.com/zhijian-qa/zhijian/internal/s3test"
	"github.com/zhijian-qa/zhijian/source"
)

// A real S3 server that speaks TLS alone, with a certificate that only AWS_CA_BUNDLE vouches for.
func TestBucketOverTLS(t *testing.T) {
	ours, others := certtest.New(t), certtest.New(t)
	server := s3test.Server{Client: ours.Client(t)}
	server.Cert, server.Key = ours.Issue(t, t.TempDir(), "server")
	t.Cleanup(server.Stop)
	place := server.Bucket(t)
	place.Put(t, "a.wav", "bytes", nil)
	cfg := source.BucketConfig{Name: "calls", URL: place.URL, Credentials: place.Credentials}
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	t.Setenv("AWS_CA_BUNDLE", ours.File)
	b := open(t, cfg)
	found := look(t, b, nothing)
	wantKeys(t, found, "a.wav")
	fetch(t, b, found[0])
	t.Setenv("AWS_CA_BUNDLE", others.File)
	if err := open(t, cfg).Reach(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("trusting others: got %v", err)
	}
	t.Setenv("AWS_CA_BUNDLE", "")
	if err := open(t, cfg).Reach(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("trusting the system alone: got %v", err)
	}
}

// The keys of another are refused by the store, and the error shows none.
func TestBucketWithOtherKeys(t *testing.T) {
	place := server.Bucket(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "somebody-else")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "geheim-of-others")
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	err := open(t, source.BucketConfig{Name: "calls", URL: place.URL}).Reach(t.Context())
	if err == nil || strings.Contains(err.Error(), "geheim") {
		t.Errorf("got %v", err)
	}
}

// A machine at Amazon that is asked for its keys and never answers holds nobody up.
func TestAmazonWithoutKeys(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_CONFIG_FILE": "/dev/null", "AWS_PROFILE": "",
		"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://" + silent.Addr().String(), "AWS_EC2_METADATA_DISABLED": "",
	} {
		t.Setenv(name, value)
	}
	began := time.Now()
	err = open(t, source.BucketConfig{Name: "calls", URL: "s3://calls?region=cn-north-1"}).Reach(t.Context())
	if took := time.Since(began); took > 10*time.Second || err == nil || !strings.Contains(err.Error(), "there are no access keys: name a file by credentials") {
		t.Errorf("got %v after %s, want what to do", err, took)
	}
}

func TestBucketWithoutKeys(t *testing.T) {
	metadata := httptest.NewServer(http.NotFoundHandler()) // what a machine of a cloud's answers that has no role
	defer metadata.Close()
	t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.URL)
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_CONFIG_FILE": "/dev/null", "AWS_PROFILE": "",
	} {
		t.Setenv(name, value)
	}
	for _, url := range []string{"s3://calls?endpoint=http://127.0.0.1:1", "s3://calls?region=cn-north-1"} {
		b, err := source.OpenBucket(t.Context(), source.BucketConfig{Name: "calls", URL: url})
		if err == nil {
			err = b.Reach(t.Context())
		}
		if err == nil || !strings.Contains(err.Error(), "calls: there are no access keys: name a file by credentials") || !errors.Is(err, call.ErrInvalid) {
			t.Errorf("%s: got %v", url, err)
		}
	}
}
