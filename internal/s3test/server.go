package s3test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/zhijian-qa/zhijian/internal/proctest"
)

// The keys of the server's owner. They open nothing but the temporary folder of a test.
const (
	accessKey = "zhijian-test"
	secretKey = "only-for-tests"
	region    = "us-east-1"
)

// errNoServer says what to do where there is no server.
var errNoServer = errors.New("there is no S3 server for tests in this checkout: run scripts/setup.sh test")

// Server is a private S3 server that starts when the first bucket is asked for. Its zero value is ready for
// use; TestMain must call Stop.
type Server struct {
	// Cert and Key are files of a certificate for 127.0.0.1, and Client one who trusts its authority: with them the
	// server speaks TLS alone.
	Cert, Key string
	Client    *http.Client

	mutex   sync.Mutex
	dir     string // of its objects, empty before the start
	address string
	client  *s3.Client
	process *exec.Cmd
	ended   <-chan error
	count   int
	failed  error
}

// Bucket is an empty bucket of a server.
type Bucket struct {
	Name        string
	URL         string // s3://…, to which further parts can be added with &
	Credentials string // file with the keys
	server      *Server
}

// Bucket makes a new bucket. It is gone with the server.
func (s *Server) Bucket(t testing.TB) Bucket {
	t.Helper()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.dir == "" && s.failed == nil {
		s.failed = s.start()
	}
	if s.failed != nil {
		t.Fatalf("start S3 server: %v", s.failed)
	}
	s.count++
	b := Bucket{Name: fmt.Sprintf("test-%d", s.count), Credentials: s.credentials(), server: s}
	b.URL = "s3://" + b.Name + "?endpoint=" + url.QueryEscape(s.endpoint()) + "&region=" + region
	if _, err := s.client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &b.Name}); err != nil {
		t.Fatalf("create bucket: %v", err)
	}
	return b
}

// Put stores an object with metadata of its own, nil for none.
func (b Bucket) Put(t testing.TB, key, body string, metadata map[string]string) {
	t.Helper()
	_, err := b.server.client.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: &b.Name, Key: &key, Body: strings.NewReader(body), Metadata: metadata,
	})
	if err != nil {
		t.Fatalf("put %s: %v", key, err)
	}
}

// Delete removes an object.
func (b Bucket) Delete(t testing.TB, key string) {
	t.Helper()
	if _, err := b.server.client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &b.Name, Key: &key}); err != nil {
		t.Fatalf("delete %s: %v", key, err)
	}
}

// Get returns an object's bytes.
func (b Bucket) Get(t testing.TB, key string) string {
	t.Helper()
	got, err := b.server.client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &b.Name, Key: &key})
	if err != nil {
		t.Fatalf("get %s: %v", key, err)
	}
	defer got.Body.Close()
	data, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatalf("get %s: %v", key, err)
	}
	return string(data)
}

// Keys returns the names of all objects, in order.
func (b Bucket) Keys(t testing.TB) []string {
	t.Helper()
	var keys []string
	pages := s3.NewListObjectsV2Paginator(b.server.client, &s3.ListObjectsV2Input{Bucket: &b.Name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatalf("list: %v", err)
		}
		for _, o := range page.Contents {
			keys = append(keys, *o.Key)
		}
	}
	slices.Sort(keys)
	return keys
}

func (s *Server) endpoint() string {
	if s.Cert != "" {
		return "https://" + s.address
	}
	return "http://" + s.address
}

func (s *Server) credentials() string { return filepath.Join(s.dir, "credentials") }

// start makes a folder for the server and starts it.
func (s *Server) start() (err error) {
	if s.dir, err = os.MkdirTemp("", "zhijian-s3-"); err != nil {
		return err
	}
	for _, folder := range []string{"objects", "sidecars"} {
		if err := os.Mkdir(filepath.Join(s.dir, folder), 0o700); err != nil {
			return err
		}
	}
	keys := fmt.Sprintf("[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n", accessKey, secretKey)
	if err := os.WriteFile(s.credentials(), []byte(keys), 0o600); err != nil {
		return err
	}
	if s.address, err = proctest.FreeAddress(); err != nil {
		return err
	}
	s.client = s3.New(s3.Options{
		BaseEndpoint: aws.String(s.endpoint()), Region: region, UsePathStyle: true, HTTPClient: cmp.Or(s.Client, http.DefaultClient),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: accessKey, SecretAccessKey: secretKey}, nil
		}),
	})
	return s.Start()
}

// Start starts a server that Halt has stopped and waits until it answers.
func (s *Server) Start() error {
	program, err := find()
	if err != nil {
		return err
	}
	args := []string{"--port", s.address, "--region", region, "--quiet"}
	if s.Cert != "" {
		args = append(args, "--cert", s.Cert, "--key", s.Key)
	}
	args = append(args, "posix", "--sidecar", filepath.Join(s.dir, "sidecars"), filepath.Join(s.dir, "objects"))
	s.process = exec.Command(program, args...)
	s.process.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+accessKey, "ROOT_SECRET_KEY="+secretKey)
	s.ended, err = proctest.Serve(s.process, filepath.Join(s.dir, "log"), func(ctx context.Context) error {
		_, err := s.client.ListBuckets(ctx, &s3.ListBucketsInput{})
		return err
	})
	return err
}

// Halt stops the server at once, as a crash does. Start takes it up again.
func (s *Server) Halt() error {
	if err := s.process.Process.Kill(); err != nil {
		return err
	}
	<-s.ended
	return nil
}

// Stop ends the server, if it was started, and removes all it had.
func (s *Server) Stop() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.process != nil && s.process.Process != nil {
		_ = s.Halt()
	}
	if s.dir != "" {
		_ = os.RemoveAll(s.dir)
	}
}

// find returns the program that scripts/setup.sh has put into this checkout.
func find() (string, error) {
	checkout, err := proctest.Checkout()
	if err != nil {
		return "", err
	}
	program := filepath.Join(checkout, ".cache", "tools", "versitygw")
	if _, err := os.Stat(program); err != nil {
		return "", errNoServer
	}
	return program, nil
}
