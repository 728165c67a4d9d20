package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"

	"github.com/zhijian-qa/zhijian/internal/proctest"
)

// nobody is whom the server runs as in the place of root, which PostgreSQL refuses.
const nobody = 65534

// errNoPostgres says what to do where there is no PostgreSQL.
var errNoPostgres = errors.New("there is no PostgreSQL server on this machine: run scripts/setup.sh test")

// program is a PostgreSQL installation.
type program struct {
	bin       string              // folder of its programs
	libraries string              // folder of libraries of its own, empty for the system's
	prefix    string              // folder of a private installation, empty for the system's
	owner     *syscall.Credential // whom the server runs as, nil for the account of the tests
}

// find returns the private installation of this checkout, or else the system's newest.
func find() (program, error) {
	checkout, err := proctest.Checkout()
	if err != nil {
		return program{}, err
	}
	prefix := filepath.Join(checkout, ".cache", "postgres")
	var p program
	switch bin := newest(prefix); {
	case bin != "":
		p = program{bin: bin, prefix: prefix}
		if found, _ := filepath.Glob(filepath.Join(prefix, "usr/lib/*-linux-gnu*")); len(found) > 0 {
			p.libraries = found[0]
		}
	case newest("/") != "":
		p.bin = newest("/")
	default:
		path, err := exec.LookPath("initdb")
		if err == nil {
			path, err = filepath.EvalSymlinks(path)
		}
		if err != nil {
			return program{}, errNoPostgres
		}
		p.bin = filepath.Dir(path)
	}
	if os.Getuid() == 0 {
		p.owner = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	return p, nil
}

// newest returns the folder of programs of the newest PostgreSQL, as Debian lays it out, below root.
func newest(root string) string {
	found, _ := filepath.Glob(filepath.Join(root, "usr/lib/postgresql/*/bin/postgres"))
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
		return n
	}
	if len(found) == 0 {
		return ""
	}
	return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) }))
}

// hand gives dir to the owner of the server, and a copy of a private installation that the owner cannot
// reach, as in a checkout below /root.
func (p *program) hand(dir string) error {
	if p.owner == nil {
		return nil
	}
	if err := os.Chown(dir, nobody, nobody); err != nil {
		return err
	}
	if p.prefix == "" || open(p.prefix) {
		return nil
	}
	if said, err := exec.Command("cp", "-a", p.prefix, filepath.Join(dir, "server")).CombinedOutput(); err != nil {
		return fmt.Errorf("copy PostgreSQL: %w: %s", err, said)
	}
	for _, path := range []*string{&p.bin, &p.libraries} {
		if below, err := filepath.Rel(p.prefix, *path); err == nil {
			*path = filepath.Join(dir, "server", below)
		}
	}
	return nil
}

// open reports whether anyone may enter folder and those above it.
func open(folder string) bool {
	for {
		info, err := os.Stat(folder)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
		if folder == filepath.Dir(folder) {
			return true
		}
		folder = filepath.Dir(folder)
	}
}

func (p program) environment() []string {
	// A private PostgreSQL needs its libraries; a time zone and messages that are the same everywhere help.
	env := append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	if p.libraries != "" {
		env = append(env, "LD_LIBRARY_PATH="+p.libraries)
	}
	return env
}
