package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"github.com/zhijian-qa/zhijian/internal/proctest"
)

// Server is a private PostgreSQL that starts when the first database is asked for. Its zero value is ready
// for use; TestMain must call Stop.
type Server struct {
	Durable bool // commits outlive a loss of power, as they must where speed is measured
	// Cert and Key are files of a certificate. With them the server listens on 127.0.0.1 too, over TLS alone, and
	// asks for passwords there; see Address.
	Cert, Key string

	mutex   sync.Mutex
	program program
	dir     string // of the cluster and its socket, empty before the start
	process *exec.Cmd
	ended   <-chan error // how the process ended
	port    int          // on 127.0.0.1, with a certificate
	count   int          // databases made
	failed  error
}

// Database makes a new, empty database, with the options of CREATE DATABASE if there are any, and returns its
// URL. It is gone with the test.
func (s *Server) Database(t testing.TB, options ...string) string {
	t.Helper()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.dir == "" && s.failed == nil {
		s.failed = s.start()
	}
	if s.failed != nil {
		t.Fatalf("start PostgreSQL: %v", s.failed)
	}
	s.count++
	name := fmt.Sprintf("test_%d", s.count)
	if err := s.Do(context.Background(), "CREATE DATABASE "+name+" "+strings.Join(options, " ")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Do(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return s.url(name)
}

// Do executes statement as the server's owner.
func (s *Server) Do(ctx context.Context, statement string) error {
	db, err := sql.Open("pgx", s.url("postgres"))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, statement)
	return errors.Join(err, db.Close())
}

// Shell returns a shell for script that finds the client programs of the server's version, such as pg_dump.
func (s *Server) Shell(ctx context.Context, script string) *exec.Cmd {
	shell := exec.CommandContext(ctx, "sh", "-c", script)
	shell.Env = append(s.program.environment(), "PATH="+s.program.bin+":"+os.Getenv("PATH"))
	return shell
}

func (s *Server) url(database string) string {
	query := url.Values{"host": {s.dir}}
	if s.port != 0 {
		query.Set("port", strconv.Itoa(s.port))
	}
	return (&url.URL{Scheme: "postgres", User: url.User("zhijian"), Path: "/" + database, RawQuery: query.Encode()}).String()
}

// start makes a cluster and starts its server.
func (s *Server) start() (err error) {
	if s.program, err = find(); err != nil {
		return err
	}
	if s.dir, err = os.MkdirTemp("", "zhijian-pg-"); err != nil {
		return err
	}
	if err := s.program.hand(s.dir); err != nil {
		return err
	}
	initdb := s.command("initdb", "--pgdata", filepath.Join(s.dir, "data"), "--username=zhijian", "--auth=trust",
		"--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
	if said, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, said)
	}
	if s.Cert != "" {
		if err := s.prepareTLS(); err != nil {
			return err
		}
	}
	return s.Start()
}

// command is a program of the server that runs as its owner.
func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.program.bin, name), args...)
	cmd.Env = s.program.environment()
	cmd.Dir = s.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.program.owner, Pdeathsig: syscall.SIGQUIT}
	return cmd
}

// Start starts the server of a cluster that Halt has stopped and waits until it answers.
func (s *Server) Start() (err error) {
	args := []string{
		"-D", filepath.Join(s.dir, "data"), "-k", s.dir, "-c", "listen_addresses=",
		"-c", "jit=off", "-c", "max_connections=300",
	}
	if s.Cert != "" {
		args = append(args, "-c", "listen_addresses=127.0.0.1", "-p", strconv.Itoa(s.port), "-c", "ssl=on",
			"-c", "ssl_cert_file="+filepath.Join(s.dir, "server.pem"), "-c", "ssl_key_file="+filepath.Join(s.dir, "server.key"))
	}
	if s.Durable { // the data stay in memory, as on a server that is meant for them
		args = append(args, "-c", "shared_buffers=512MB")
	} else {
		args = append(args, "-c", "shared_buffers=32MB", "-c", "fsync=off", "-c", "full_page_writes=off")
	}
	s.process = s.command("postgres", args...)
	s.ended, err = proctest.Serve(s.process, filepath.Join(s.dir, "log"), func(ctx context.Context) error {
		return s.Do(ctx, "SELECT 1")
	})
	return err
}

// Halt stops the server at once, as a crash does. Start takes it up again.
func (s *Server) Halt() error {
	if err := s.process.Process.Signal(syscall.SIGQUIT); err != nil {
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
