package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// builder makes the roots of stages.
type builder struct {
	context string // folder of the Dockerfile
	work    string
	roots   map[string]string // of stages by name
	made    []string
}

// image is a root with what is set for it.
type image struct {
	root            string
	env             []string
	dir, user       string
	entrypoint, cmd []string
	volumes         []string
	health          []string
}

// handedOn are the variables of this machine that a build may need, as build arguments give them. The file that
// SSL_CERT_FILE names is shown to the steps too: a site's own proxy may sign for others.
var handedOn = []string{"SSL_CERT_FILE", "GOPROXY", "GOSUMDB", "GONOSUMDB", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"}

func (b *builder) build(ctx context.Context, s stage, n int) (*image, error) {
	base, err := b.base(ctx, s.from)
	if err != nil {
		return nil, err
	}
	root := filepath.Join(b.work, fmt.Sprintf("stage-%d", n+1))
	if err := os.RemoveAll(root); err != nil {
		return nil, err
	}
	begun, layer := b.kept(s)
	if begun > 0 {
		base = layer
		say("line %d: %s is kept from a run before", s.steps[begun-1].line, s.steps[begun-1].instruction)
	}
	if err := execute(ctx, "cp", "-a", "--reflink=auto", base, root); err != nil {
		return nil, err
	}
	b.made = append(b.made, root)
	if err := carryApt(ctx, root); err != nil {
		return nil, err
	}
	if s.name != "" {
		b.roots[s.name] = root
	}
	img := &image{root: root, dir: "/", env: []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}}
	for i, step := range s.steps[begun:] {
		began := time.Now()
		if err := b.do(ctx, img, step); err != nil {
			return nil, fmt.Errorf("line %d: %s: %w", step.line, step.instruction, err)
		}
		say("line %d: %s done in %s", step.line, step.instruction, time.Since(began).Round(100*time.Millisecond))
		if begun == 0 && i == 0 {
			if err := b.keep(ctx, s, root); err != nil {
				return nil, err
			}
		}
	}
	return img, nil
}

// layer is where the root is kept after the first step of a stage, which installs packages: it depends on
// nothing of the context and takes longest.
func (b *builder) layer(s stage) string {
	hash := sha256.Sum256([]byte(s.from + "\n" + s.steps[0].rest))
	return filepath.Join(b.work, "layer-"+hex.EncodeToString(hash[:6]))
}

// kept returns how many steps need not be done, and the root after them. A week later packages are newer.
func (b *builder) kept(s stage) (int, string) {
	if len(s.steps) == 0 || s.steps[0].instruction != "RUN" {
		return 0, ""
	}
	layer := b.layer(s)
	if info, err := os.Stat(layer); err != nil || time.Since(info.ModTime()) > 7*24*time.Hour {
		return 0, ""
	}
	return 1, layer
}

func (b *builder) keep(ctx context.Context, s stage, root string) error {
	if s.steps[0].instruction != "RUN" {
		return nil
	}
	layer := b.layer(s)
	if err := errors.Join(os.RemoveAll(layer), os.RemoveAll(layer+".partial")); err != nil {
		return err
	}
	if err := execute(ctx, "cp", "-a", "--reflink=auto", root, layer+".partial"); err != nil {
		return err
	}
	now := time.Now()
	if err := os.Chtimes(layer+".partial", now, now); err != nil {
		return err
	}
	return os.Rename(layer+".partial", layer)
}

// base returns the root that a stage begins with: Debian's, which is kept, or that of a stage before.
func (b *builder) base(ctx context.Context, from string) (string, error) {
	if root, ok := b.roots[from]; ok {
		return root, nil
	}
	suite, isDebian := strings.CutPrefix(from, "debian:")
	if !isDebian {
		return "", fmt.Errorf("the image %s is not Debian's", from)
	}
	suite = strings.TrimSuffix(suite, "-slim")
	root := filepath.Join(b.work, "debian-"+suite)
	if _, err := os.Stat(filepath.Join(root, "etc/debian_version")); err == nil {
		return root, nil
	}
	if _, err := exec.LookPath("debootstrap"); err != nil {
		return "", fmt.Errorf("debootstrap is missing: apt-get install debootstrap")
	}
	say("Debian %s is made by debootstrap", suite)
	partial := root + ".partial"
	if err := os.RemoveAll(partial); err != nil {
		return "", err
	}
	if err := os.MkdirAll(b.work, 0o755); err != nil {
		return "", err
	}
	if err := execute(ctx, "debootstrap", "--variant=minbase", "--include=ca-certificates", suite, partial, mirror()); err != nil {
		return "", err
	}
	return root, os.Rename(partial, root)
}

// carryApt lets apt in root be as strict about old lists as this machine's is: a mirror may be a snapshot.
func carryApt(ctx context.Context, root string) error {
	set, err := exec.CommandContext(ctx, "apt-config", "dump", "Acquire::Check-Valid-Until").Output()
	if err != nil || len(set) == 0 {
		return err
	}
	return os.WriteFile(filepath.Join(root, "etc/apt/apt.conf.d/99docker-check"), set, 0o644)
}

// mirror returns the Debian mirror of this machine.
func mirror() string {
	const common = "http://deb.debian.org/debian"
	files, _ := filepath.Glob("/etc/apt/sources.list.d/*.sources")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(data)) {
			if uris, ok := strings.CutPrefix(line, "URIs:"); ok && strings.Contains(uris, "/debian") && !strings.Contains(uris, "security") {
				return strings.Fields(uris)[0]
			}
		}
	}
	return common
}

func (b *builder) do(ctx context.Context, img *image, s step) error {
	switch s.instruction {
	case "RUN":
		return img.run(ctx, s.command())
	case "COPY":
		return b.copy(ctx, img, s)
	case "WORKDIR":
		img.dir = s.rest
		return os.MkdirAll(filepath.Join(img.root, s.rest), 0o755)
	case "ENV":
		img.env = append(img.env, strings.Fields(s.rest)...)
	case "USER":
		img.user = s.rest
	case "VOLUME":
		img.volumes = append(img.volumes, s.list()...)
	case "ENTRYPOINT":
		img.entrypoint = s.command()
	case "CMD":
		img.cmd = s.command()
	case "HEALTHCHECK":
		check := newStep(s.line, s.rest)
		if check.instruction != "CMD" {
			return fmt.Errorf("HEALTHCHECK CMD is known only")
		}
		img.health = check.command()
	}
	return nil
}

// copy copies from the context, without what .dockerignore names, or from a stage before.
func (b *builder) copy(ctx context.Context, img *image, s step) error {
	words := s.list()
	from, to := b.context, words[len(words)-1]
	if name := s.flags["from"]; name != "" {
		root, ok := b.roots[name]
		if !ok {
			return fmt.Errorf("there is no stage %s", name)
		}
		from = root
	}
	target := filepath.Join(img.root, to)
	if !filepath.IsAbs(to) {
		target = filepath.Join(img.root, img.dir, to)
	}
	for _, source := range words[:len(words)-1] {
		if s.flags["from"] == "" && source == "." {
			if err := b.copyContext(ctx, target); err != nil {
				return err
			}
			continue
		}
		if err := execute(ctx, "cp", "-aT", filepath.Join(from, source), destination(target, to, source)); err != nil {
			return err
		}
	}
	return nil
}

// destination is the file that source becomes: to itself, or in the folder to.
func destination(target, to, source string) string {
	info, err := os.Stat(target)
	if strings.HasSuffix(to, "/") || err == nil && info.IsDir() {
		return filepath.Join(target, filepath.Base(source))
	}
	return target
}

// copyContext copies the context less what .dockerignore names. The folder of git is left out too, since the
// context may be one of several work trees.
func (b *builder) copyContext(ctx context.Context, target string) error {
	ignored, err := os.ReadFile(filepath.Join(b.context, ".dockerignore"))
	if err != nil {
		return err
	}
	exclude := []string{"--exclude=./.git"}
	for _, name := range strings.Fields(string(ignored)) {
		exclude = append(exclude, "--exclude=./"+name)
	}
	if err := os.MkdirAll(target, 0o755); err != nil {
		return err
	}
	pack := exec.CommandContext(ctx, "tar", append(append([]string{"-C", b.context}, exclude...), "-cf", "-", ".")...)
	unpack := exec.CommandContext(ctx, "tar", "-C", target, "--no-same-owner", "-xf", "-")
	var said bytes.Buffer
	pack.Stderr, unpack.Stderr = &said, &said
	if unpack.Stdin, err = pack.StdoutPipe(); err != nil {
		return err
	}
	if err := unpack.Start(); err != nil {
		return err
	}
	packed, unpacked := pack.Run(), unpack.Wait()
	if packed != nil || unpacked != nil {
		return fmt.Errorf("copy context: %v, %v: %s", packed, unpacked, &said)
	}
	return nil
}

// run runs a step as root in the stage's root, with namespaces of its own for mounts and processes.
func (img *image) run(ctx context.Context, command []string) error {
	script := `set -e
mount --make-rprivate /
mount -t proc proc "$0/proc"
mount --rbind /dev "$0/dev"
if [ -n "$SSL_CERT_FILE" ]; then : >"$0/run/authorities.pem"; mount --bind "$SSL_CERT_FILE" "$0/run/authorities.pem"; export SSL_CERT_FILE=/run/authorities.pem; fi
for f in resolv.conf hosts; do [ -e "/etc/$f" ] && cp -L "/etc/$f" "$0/etc/$f"; done
exec chroot "$0" /bin/sh -c 'cd "$0" && exec "$@"' "$@"`
	args := append([]string{"--mount", "--pid", "--fork", "--kill-child", "/bin/sh", "-c", script, img.root, img.dir}, command...)
	cmd := exec.CommandContext(ctx, "unshare", args...)
	cmd.Env = append([]string{"HOME=/root", "DEBIAN_FRONTEND=noninteractive"}, img.env...)
	for _, name := range handedOn {
		if value, set := os.LookupEnv(name); set {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	return output(cmd)
}

func execute(ctx context.Context, name string, args ...string) error {
	return output(exec.CommandContext(ctx, name, args...))
}

// output runs cmd and returns the end of what it said with its error.
func output(cmd *exec.Cmd) error {
	said, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: …%s", err, said[max(0, len(said)-4000):])
	}
	return nil
}

func (b *builder) clean() {
	for _, root := range b.made {
		if err := os.RemoveAll(root); err != nil {
			say("%v", err)
		}
	}
}
