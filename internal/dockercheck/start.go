package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	healthyWithin = 90 * time.Second
	stopsWithin   = 40 * time.Second
)

// check starts the image as it is meant to run: its user, a read-only root, /tmp in memory, its volumes from
// outside. It must answer its health check, do its work, and stop when it is asked to.
func (img *image) check(ctx context.Context, recording string) error {
	if img.user == "" || strings.HasPrefix(img.user, "0") || strings.HasPrefix(img.user, "root") {
		return fmt.Errorf("the image runs as %q", img.user)
	}
	volumes, err := img.makeVolumes(recording)
	if err != nil {
		return err
	}
	defer os.RemoveAll(volumes)
	for _, test := range []struct {
		name    string
		command []string
		fails   bool
	}{
		{"it says its version", append(slices.Clone(img.entrypoint), "version"), false},
		{"it cannot write to its root", []string{"/bin/sh", "-c", "echo x >/usr/local/bin/x"}, true},
		{"it cannot become root", []string{"/bin/sh", "-c", `test "$(id -u)" = 0`}, true},
		{"it can write to /data and /tmp", []string{"/bin/sh", "-c", "echo x >/data/x && echo x >/tmp/x && rm /data/x"}, false},
		{"it transcribes a call", append(slices.Clone(img.entrypoint), "transcribe", "/recordings/call.wav"), false},
		{"it scores a call", append(slices.Clone(img.entrypoint), "score", "/recordings", "--data-dir", "/data/scored"), false},
	} {
		said, err := img.command(ctx, volumes, test.command).CombinedOutput()
		if (err != nil) != test.fails {
			return fmt.Errorf("%s: no: %v: %s", test.name, err, said)
		}
		say("%s: yes", test.name)
		if !test.fails {
			fmt.Printf("%s\n", bytes.TrimSpace(said))
		}
	}
	return img.serve(ctx, volumes)
}

// makeVolumes makes the folders that are mounted from outside.
func (img *image) makeVolumes(recording string) (string, error) {
	folder, err := os.MkdirTemp("", "docker-check-")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		return "", err
	}
	for _, volume := range append(slices.Clone(img.volumes), "/recordings") {
		inside := filepath.Join(img.root, volume)
		if err := os.MkdirAll(inside, 0o755); err != nil {
			return "", err
		}
		// A new volume takes over what the image has at its place, owner and mode included.
		if err := execute(context.Background(), "cp", "-aT", inside, filepath.Join(folder, volume)); err != nil {
			return "", err
		}
	}
	return folder, execute(context.Background(), "cp", recording, filepath.Join(folder, "recordings", "call.wav"))
}

// command runs a command in the image as its user.
func (img *image) command(ctx context.Context, volumes string, command []string) *exec.Cmd {
	script := `set -e
mount --make-rprivate /
mount --bind "$0" "$0"
mount -t proc proc "$0/proc"
mount --rbind /dev "$0/dev"
mount -t tmpfs -o mode=1777 tmpfs "$0/tmp"
for v in $VOLUMES /recordings; do mount --bind "$VOLUME_FOLDER$v" "$0$v"; done
mount -o remount,bind,ro "$0"
user=$1 dir=$2
shift 2
exec chroot --userspec="$user" "$0" /usr/bin/env -i $IMAGE_ENV HOME=/data /bin/sh -c 'cd "$0" && exec "$@"' "$dir" "$@"`
	args := append([]string{"--mount", "--pid", "--fork", "--kill-child=SIGTERM", "/bin/sh", "-c", script, img.root, img.user, img.dir}, command...)
	cmd := exec.CommandContext(ctx, "unshare", args...)
	cmd.Env = append(os.Environ(), "VOLUMES="+strings.Join(img.volumes, " "), "VOLUME_FOLDER="+volumes, "IMAGE_ENV="+strings.Join(img.env, " "))
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// serve starts the server, waits until the image's own health check passes, and stops it.
func (img *image) serve(ctx context.Context, volumes string) error {
	server := img.command(ctx, volumes, append(slices.Clone(img.entrypoint), "serve"))
	var said bytes.Buffer
	server.Stdout, server.Stderr = &said, &said
	server.SysProcAttr.Setpgid = true
	if err := server.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	began := time.Now()
	for {
		err := img.command(ctx, volumes, img.health).Run()
		if err == nil {
			break
		}
		select {
		case end := <-ended:
			return fmt.Errorf("the server ended: %v: %s", end, &said)
		case <-time.After(time.Second):
		}
		if time.Since(began) > healthyWithin {
			_ = syscall.Kill(-server.Process.Pid, syscall.SIGKILL)
			return fmt.Errorf("not healthy after %s: %w: %s", healthyWithin, err, &said)
		}
	}
	say("its health check passes after %s (%s)", time.Since(began).Round(100*time.Millisecond), strings.Join(img.health, " "))
	if err := syscall.Kill(-server.Process.Pid, syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-ended:
		if !strings.Contains(said.String(), "已停止") && !strings.Contains(said.String(), "stopped") {
			return fmt.Errorf("the server did not say that it stopped: %s", &said)
		}
		say("it stops when it is asked to")
		return nil
	case <-time.After(stopsWithin):
		_ = syscall.Kill(-server.Process.Pid, syscall.SIGKILL)
		return errors.New("the server does not stop")
	}
}
