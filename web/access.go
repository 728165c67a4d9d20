package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/loopback"
)

// Access tells who may ask: bearers of a token, or of a client certificate that the server has verified. The zero
// Access asks for neither.
type Access struct {
	tokens       [][sha256.Size]byte
	certificates bool
}

// LeastToken is the length from which a token cannot be guessed, in bytes.
const LeastToken = 16

// NewAccess lets in who bears one of tokens, and, if certificates is set, who has shown a certificate. The tokens
// themselves are not kept.
func NewAccess(certificates bool, tokens ...string) Access {
	a := Access{certificates: certificates}
	for _, token := range tokens {
		if token != "" {
			a.tokens = append(a.tokens, sha256.Sum256([]byte(token)))
		}
	}
	return a
}

// Open reports whether anyone may ask.
func (a Access) Open() bool { return len(a.tokens) == 0 && !a.certificates }

// Guard lets nobody else through to next.
func (a Access) Guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !a.allows(r) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="zhijian"`)
			refuse(w, http.StatusUnauthorized, call.NewFault("unauthorised", "a token is needed: Authorization: Bearer …, or a client certificate", nil))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// allows compares hashes of one length, each with all, so that the time it takes says nothing about the tokens.
func (a Access) allows(r *http.Request) bool {
	if a.Open() {
		return true
	}
	if a.certificates && r.TLS != nil && len(r.TLS.VerifiedChains) > 0 {
		return true
	}
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "Bearer") {
		return false
	}
	given := sha256.Sum256([]byte(strings.TrimSpace(token)))
	same := 0
	for _, known := range a.tokens {
		same |= subtle.ConstantTimeCompare(known[:], given[:])
	}
	return same == 1
}

// CheckAddress refuses to listen where other machines can ask while anyone may. No address is nowhere.
func CheckAddress(address string, access Access) error {
	if address == "" || !access.Open() || onlyHere(address) {
		return nil
	}
	return fmt.Errorf("%w: other machines can reach %s, and nobody is asked for a token or a certificate: "+
		"set token_file or tls_client_ca, or listen on 127.0.0.1", call.ErrInvalid, address)
}

// onlyHere reports whether address can be reached from this machine alone. A name could be anything.
func onlyHere(address string) bool {
	if strings.HasPrefix(address, unixPrefix) {
		return true
	}
	host, _, err := net.SplitHostPort(address)
	return err == nil && loopback.Host(host)
}

// onlyLocalNames refuses requests to another name than this machine has for itself.
func onlyLocalNames(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if !loopback.Host(strings.Trim(host, "[]")) {
			refuse(w, http.StatusMisdirectedRequest, call.NewFault("misdirected",
				"without a token or certificates this server answers to localhost alone: set token_file to put it behind a proxy", nil))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refusal is the body of an answer that is no success.
type refusal struct {
	Error struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// Refusal returns the sentence of an answer that is no success; one in another shape than ours as it is.
func Refusal(body []byte) string {
	var said refusal
	if json.Unmarshal(body, &said) == nil && said.Error.Message != "" {
		return said.Error.Message
	}
	return strings.TrimSpace(string(body))
}

// refuse answers with a fault as JSON.
func refuse(w http.ResponseWriter, status int, fault *call.Fault) {
	var answer refusal
	answer.Error.Code, answer.Error.Message = fault.Code, fault.Message
	writeJSON(w, status, answer)
}
