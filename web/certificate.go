package web

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// Certificates are the files that a server speaks TLS by.
type Certificates struct {
	Cert, Key string // the server's own
	ClientCA  string // who signs the certificates of clients; empty asks for none
}

// TLS returns the settings of a server, nil without certificates. A certificate that is renewed on the disk is
// taken up without a restart.
func (c Certificates) TLS() (*tls.Config, error) {
	if c.Cert == "" {
		return nil, nil
	}
	pair := &renewing{files: c}
	if _, err := pair.get(nil); err != nil {
		return nil, err
	}
	cfg := &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: pair.get}
	if c.ClientCA == "" {
		return cfg, nil
	}
	pem, err := os.ReadFile(c.ClientCA)
	if err != nil {
		return nil, fmt.Errorf("read tls_client_ca: %w", err)
	}
	cfg.ClientCAs = x509.NewCertPool()
	if !cfg.ClientCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("read tls_client_ca: %w", errors.New("the file holds no certificate"))
	}
	cfg.ClientAuth = tls.VerifyClientCertIfGiven // health can be asked without one; Access asks for it
	return cfg, nil
}

// renewing is a certificate that is read again when its file has changed.
type renewing struct {
	files Certificates
	mutex sync.Mutex
	pair  *tls.Certificate
	read  time.Time // the file's time
}

// get returns the certificate. While the new one cannot be read, as between the writing of its two files, the
// old one is used.
func (r *renewing) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	info, err := os.Stat(r.files.Cert)
	if err == nil && r.pair != nil && info.ModTime().Equal(r.read) {
		return r.pair, nil
	}
	pair, loading := tls.LoadX509KeyPair(r.files.Cert, r.files.Key)
	switch {
	case err == nil && loading == nil:
		r.pair, r.read = &pair, info.ModTime()
	case r.pair == nil:
		return nil, fmt.Errorf("read tls_cert and tls_key: %w", errors.Join(err, loading))
	}
	return r.pair, nil
}
