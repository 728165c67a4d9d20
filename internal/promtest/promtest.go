package promtest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
)

// startLimit is how long a server may take until it answers.
const startLimit = time.Minute

// Program returns the path of prometheus, promtool, prometheus-alertmanager or amtool: the private one of
// this checkout, or else the system's.
func Program(t testing.TB, name string) string {
	t.Helper()
	root, err := checkout()
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

// checkout returns the folder of go.mod.
func checkout() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			return "", fmt.Errorf("the tests do not run inside the checkout")
		}
	}
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
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
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

// Start starts a program, waits until the URL ready answers 200, and stops it with the test. What it said is
// logged when the test fails.
func Start(t testing.TB, ready, program string, args ...string) {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = filepath.Dir(program) // the private Alertmanager finds its template from there
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.WaitDelay = time.Second // a child may hold the pipe
	said := &sharedBuffer{}
	cmd.Stdout, cmd.Stderr = said, said
	started, ended := make(chan error, 1), make(chan error, 1)
	go func() { // the program ends with the thread that started it: the thread must stay
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			ended <- cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
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
			t.Logf("%s said:\n%s", filepath.Base(program), said.text())
		}
	})
	if err := wait(t.Context(), ready, ended); err != nil {
		t.Fatalf("start %s: %v: %s", filepath.Base(program), err, said.text())
	}
}

// wait waits until url answers 200. It gives ended back what it takes from it.
func wait(ctx context.Context, url string, ended chan error) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
			err = fmt.Errorf("it answers %s", response.Status)
		}
		select {
		case end := <-ended:
			ended <- end
			return fmt.Errorf("it ended: %w", end)
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// sharedBuffer is written by a program while it may be read.
type sharedBuffer struct {
	mutex sync.Mutex
	data  bytes.Buffer
}

// Write adds to the buffer.
func (b *sharedBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.data.Write(p)
}

func (b *sharedBuffer) text() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.data.String()
}
