package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A program with private libraries that are gone says so, from wherever it is started.
func TestTheLauncherSaysWhatIsGone(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "zhijian")
	if output, err := exec.Command(filepath.Join("..", "..", "scripts", "build.sh"), "./cmd/zhijian", binary).CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, output)
	}
	run := func() (string, error) {
		cmd := exec.Command(binary, "version")
		cmd.Dir = "/"
		output, err := cmd.CombinedOutput()
		return string(output), err
	}
	if output, err := run(); err != nil || !strings.Contains(output, "libwhisper") {
		t.Fatalf("%v: %s", err, output)
	}
	launcher, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	interpreter := regexp.MustCompile(`(?m)^interpreter='.*'$`)
	if !interpreter.Match(launcher) {
		return // built on the system's libwhisper: there is no launcher
	}
	broken := interpreter.ReplaceAll(launcher, []byte("interpreter='/no/such/prefix/ld.so'"))
	if err := os.WriteFile(binary, broken, 0o700); err != nil {
		t.Fatal(err)
	}
	if output, err := run(); err == nil || !strings.Contains(output, "are gone: run scripts/setup.sh") {
		t.Errorf("%v: %s", err, output)
	}
}
