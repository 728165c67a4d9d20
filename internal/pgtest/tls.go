package pgtest

import (
	"net"
	"os"
	"path/filepath"
	"strconv"

	"github.com/zhijian-qa/zhijian/internal/proctest"
)

// Address returns host and port of a server with a certificate.
func (s *Server) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// prepareTLS gives the server its certificate, which it wants to own, a port, and the rule that nobody comes over
// the network without TLS and a password.
func (s *Server) prepareTLS() error {
	ports, err := proctest.FreePorts(1)
	if err != nil {
		return err
	}
	s.port = ports[0]
	for from, to := range map[string]string{s.Cert: "server.pem", s.Key: "server.key"} {
		if err := s.copyIn(from, filepath.Join(s.dir, to)); err != nil {
			return err
		}
	}
	rules := "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\nhostnossl all all all reject\n"
	return os.WriteFile(filepath.Join(s.dir, "data", "pg_hba.conf"), []byte(rules), 0o600) // keeps its owner
}

// copyIn copies a file for the server's owner.
func (s *Server) copyIn(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		return err
	}
	if s.program.owner == nil {
		return nil
	}
	return os.Chown(to, nobody, nobody)
}
