package promtest

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/internal/proctest"
)

// Program returns the path of prometheus, promtool, prometheus-alertmanager or amtool: the private one of
// this checkout, or else the system's.
func Program(t testing.TB, name string) string {
	t.Helper()
	root, err := proctest.Checkout()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(root, ".cache/prometheus/usr/bin", name), filepath.Join("/usr/bin", name)} {
		if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o111 != 0 {
			return path
		}
	}
	t.Fatalf("there is no %s on this machine: run scripts/setup.sh test", name)
	return ""
}

// Run runs a tool in folder and returns what it said.
func Run(t testing.TB, folder, name string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), Program(t, name), args...)
	cmd.Dir = folder
	said, err := cmd.CombinedOutput()
	return string(said), err
}

// Address returns a free address of loopback. Nothing holds it: take it at once.
func Address(t testing.TB) string {
	t.Helper()
	address, err := proctest.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// Prometheus starts one with the configuration file at path and returns its address.
func Prometheus(t testing.TB, path string) string {
	t.Helper()
	address := Address(t)
	Start(t, "http://"+address+"/-/ready", Program(t, "prometheus"), "--config.file="+path,
		"--storage.tsdb.path="+t.TempDir(), "--web.listen-address="+address)
	return "http://" + address
}

// Alertmanager starts one with the configuration file at path and returns its address.
func Alertmanager(t testing.TB, path string) string {
	t.Helper()
	address := Address(t)
	Start(t, "http://"+address+"/-/ready", Program(t, "prometheus-alertmanager"), "--config.file="+path,
		"--storage.path="+t.TempDir(), "--web.listen-address="+address, "--cluster.listen-address=")
	return "http://" + address
}

// Start starts a program, waits until url answers 200, and stops it with the test. What it said is
// logged when the test fails.
func Start(t testing.TB, url, program string, args ...string) {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = filepath.Dir(program) // the private Alertmanager finds its template from there
	cmd.WaitDelay = time.Second     // a child may hold the pipe
	said := &proctest.Log{}
	cmd.Stdout, cmd.Stderr = said, said
	ended, err := proctest.Start(cmd)
	if err != nil {
		t.Fatalf("start %s: %v", filepath.Base(program), err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			_ = cmd.Process.Kill()
			t.Errorf("%s did not end in 20 s", filepath.Base(program))
		}
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(program), said)
		}
	})
	err = proctest.Wait(t.Context(), ended, func(ctx context.Context) error { return ready(ctx, url) })
	if err != nil {
		t.Fatalf("start %s: %v: %s", filepath.Base(program), err, said)
	}
}

// ready returns an error until url answers 200.
func ready(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("it answers %s", response.Status)
	}
	return nil
}
