package web

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/call"
)

const (
	requestLimit = 30 * time.Second // for the body of a request
	answerLimit  = 2 * time.Minute  // until an answer is taken
	mostBody     = 1 << 20          // bytes of a request that is no upload
	leastRate    = 8 << 10          // bytes a second that an upload brings at least, over its time
	lingerTime   = 5 * time.Second
	lingerSize   = 64 << 20
)

// Limit bounds the size of requests and the time that their clients may take. What nothing can be called is refused.
func Limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		now := time.Now()
		_ = control.SetReadDeadline(now.Add(requestLimit)) // a connection that knows no deadline is a test's
		_ = control.SetWriteDeadline(now.Add(answerLimit))
		if strings.Contains(r.URL.Path, "\x00") || strings.Contains(r.URL.RawQuery, "%00") {
			refuse(w, http.StatusBadRequest, call.NewFault("invalid", "the address has a NUL character", nil))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, mostBody)
		next.ServeHTTP(w, r)
	})
}

// paced is the body of an upload, whose client must bring a least rate. A recording may be large and a line slow,
// so the deadline grows with what has come.
type paced struct {
	io.Reader
	control *http.ResponseController
	start   time.Time
	grace   time.Duration
	bytes   int64
}

// Read implements io.Reader.
func (p *paced) Read(b []byte) (int, error) {
	due := p.start.Add(p.grace + time.Duration(float64(p.bytes)/leastRate*float64(time.Second)))
	if err := p.control.SetReadDeadline(due); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	n, err := p.Reader.Read(b)
	p.bytes += int64(n)
	return n, err
}

// linger takes what a refused client still sends, within bounds: closing at once would reset the connection, and
// many clients would never read the answer.
func linger(w http.ResponseWriter, body io.Reader) {
	control := http.NewResponseController(w)
	_ = control.Flush() // the answer goes first
	_ = control.SetReadDeadline(time.Now().Add(lingerTime))
	_, _ = io.CopyN(io.Discard, body, lingerSize)
}

// tooSlow reports whether err is the end of a deadline.
func tooSlow(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }
