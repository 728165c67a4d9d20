package app

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/web"
)

// access says who may use which part of the server.
type access struct {
	api     web.Access // everything
	uploads web.Access // sending recordings and asking what became of them
	tls     *tls.Config
}

// openAccess reads the tokens and certificates, and refuses addresses that others reach while nobody is asked for
// either.
func (e Env) openAccess() (access, error) {
	c := e.Config.Security
	tokens, err := readTokens(c.TokenFile)
	if err != nil {
		return access{}, fmt.Errorf("read token_file: %w", err)
	}
	tokens = append(tokens, c.Token)
	uploaders, err := readTokens(c.UploadTokenFile)
	if err != nil {
		return access{}, fmt.Errorf("read upload_token_file: %w", err)
	}
	a := access{api: web.NewAccess(c.TLSClientCA != "", tokens...)}
	a.uploads = web.NewAccess(c.TLSClientCA != "", append(uploaders, tokens...)...)
	if a.tls, err = (web.Certificates{Cert: c.TLSCert, Key: c.TLSKey, ClientCA: c.TLSClientCA}).TLS(); err != nil {
		return access{}, err
	}
	if !a.uploads.Open() && a.api.Open() {
		return access{}, fmt.Errorf("%w: uploads ask for a token and the rest of the API for none: set token_file as well", call.ErrInvalid)
	}
	if c.MetricsGuard && a.api.Open() {
		return access{}, fmt.Errorf("%w: metrics_guard asks for a token and none is set: set token_file or tls_client_ca", call.ErrInvalid)
	}
	return a, web.CheckAddress(e.Config.Listen, a.api)
}

// guard lets those through to handler who may use the API, within the limits of a request.
func (a access) guard(handler http.Handler) http.Handler { return a.api.Guard(web.Limit(handler)) }

// readTokens reads a file of tokens, one a line; empty lines and what follows # are left out. Its errors never
// show a token.
func readTokens(name string) ([]string, error) {
	if name == "" {
		return nil, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var tokens []string
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		line, _, _ = strings.Cut(line, "#")
		token := strings.TrimSpace(line)
		switch {
		case token == "":
			continue
		case len(token) < web.LeastToken || strings.ContainsAny(token, " \t"):
			return nil, fmt.Errorf("%w: line %d of %s is no token: at least %d characters without spaces", call.ErrInvalid, number, name, web.LeastToken)
		}
		tokens = append(tokens, token)
	}
	if len(tokens) == 0 {
		return nil, fmt.Errorf("%w: %s holds no token", call.ErrInvalid, name)
	}
	return tokens, nil
}
