package models

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// server serves one file and breaks off as often as asked.
type server struct {
	*httptest.Server
	content  []byte
	breaks   atomic.Int32 // answers that end in the middle
	requests atomic.Int32
	ranges   atomic.Value // the Range of the last request
	noRange  bool         // answers with the whole file always
	status   int          // answers nothing else
	stall    bool         // sends half and then nothing
}

func newServer(t *testing.T, content []byte) *server {
	s := &server{content: content}
	s.Server = httptest.NewServer(http.HandlerFunc(s.answer))
	t.Cleanup(s.Close)
	return s
}

func (s *server) answer(w http.ResponseWriter, r *http.Request) {
	s.requests.Add(1)
	s.ranges.Store(r.Header.Get("Range"))
	if r.URL.Path != "/owner/models/resolve/rev1/remote.bin" {
		http.NotFound(w, r)
		return
	}
	if s.status != 0 {
		w.WriteHeader(s.status)
		return
	}
	if s.noRange {
		r.Header.Del("Range")
	}
	if s.breaks.Add(-1) < 0 && !s.stall {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(s.content))
		return
	}
	from := 0
	if start, ok := strings.CutPrefix(r.Header.Get("Range"), "bytes="); ok {
		from, _ = strconv.Atoi(strings.TrimSuffix(start, "-"))
		w.Header().Set("Content-Range", "bytes "+strconv.Itoa(from)+"-"+strconv.Itoa(len(s.content)-1)+"/"+strconv.Itoa(len(s.content)))
		w.Header().Set("Content-Length", strconv.Itoa(len(s.content)-from))
		w.WriteHeader(http.StatusPartialContent)
	} else {
		w.Header().Set("Content-Length", strconv.Itoa(len(s.content)))
	}
	_, _ = w.Write(s.content[from : from+(len(s.content)-from)/2])
	_ = http.NewResponseController(w).Flush()
	if s.stall {
		<-r.Context().Done()
	}
	panic(http.ErrAbortHandler)
}

func (s *server) config() PullConfig {
	return PullConfig{Address: s.URL + "/", Wait: time.Millisecond}
}

func entryFor(content []byte) Entry {
	return Entry{
		Name: "test", Kind: KindVAD, File: "ggml-test.bin", Bytes: int64(len(content)), SHA256: sumOf(content),
		Repository: "owner/models", Revision: "rev1", Remote: "remote.bin",
	}
}

func checkInstalled(t *testing.T, dir string, content []byte) {
	t.Helper()
	got, err := os.ReadFile(filepath.Join(dir, "ggml-test.bin"))
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("got %d bytes, %v; want %d", len(got), err, len(content))
	}
	if _, err := os.Stat(filepath.Join(dir, "ggml-test.bin"+partSuffix)); err == nil {
		t.Error("the part file is still there")
	}
}

func TestPull(t *testing.T) {
	t.Parallel()
	content, dir := vadModel(1), filepath.Join(t.TempDir(), "models")
	s := newServer(t, content)
	cfg := s.config()
	var done, total int64
	cfg.Progress = func(d, all int64) { done, total = d, all }
	m, err := pull(t.Context(), entryFor(content), dir, cfg)
	if err != nil {
		t.Fatal(err)
	}
	checkInstalled(t, dir, content)
	if m.State != StateInstalled || m.Size != int64(len(content)) || m.Pinned != sumOf(content) || m.Trusted {
		t.Errorf("got %+v", m)
	}
	if done != int64(len(content)) || total != done {
		t.Errorf("progress ended at %d of %d", done, total)
	}
	if _, err := pull(t.Context(), entryFor(content), dir, cfg); err != nil || s.requests.Load() != 1 {
		t.Errorf("pulled again: %v, %d requests", err, s.requests.Load())
	}
}

func TestPullResumes(t *testing.T) {
	t.Parallel()
	content := vadModel(2)
	tests := map[string]func(*server){
		"broken off once":             func(s *server) { s.breaks.Store(1) },
		"broken off three times":      func(s *server) { s.breaks.Store(3) },
		"a server that never resumes": func(s *server) { s.noRange = true; s.breaks.Store(2) },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, s := t.TempDir(), newServer(t, content)
			change(s)
			if _, err := pull(t.Context(), entryFor(content), dir, s.config()); err != nil {
				t.Fatal(err)
			}
			checkInstalled(t, dir, content)
		})
	}
}

func TestPullTakesUpWhatAnEarlierOneLeft(t *testing.T) {
	t.Parallel()
	content := vadModel(3)
	dir, s := t.TempDir(), newServer(t, content)
	s.breaks.Store(99)
	cfg := s.config()
	cfg.Attempts = 2
	_, err := pull(t.Context(), entryFor(content), dir, cfg)
	if codeOf(err) != FaultDownload {
		t.Fatalf("got %v", err)
	}
	part, err := os.Stat(filepath.Join(dir, "ggml-test.bin"+partSuffix))
	if err != nil || part.Size() == 0 {
		t.Fatalf("nothing was kept: %v", err)
	}
	s.breaks.Store(0)
	if _, err := pull(t.Context(), entryFor(content), dir, cfg); err != nil {
		t.Fatal(err)
	}
	checkInstalled(t, dir, content)
	if got, want := s.ranges.Load(), "bytes="+strconv.FormatInt(part.Size(), 10)+"-"; got != want {
		t.Errorf("asked for %q, want %q", got, want)
	}
}

func TestPullCopesWithOddParts(t *testing.T) {
	t.Parallel()
	content := vadModel(4)
	for name, part := range map[string][]byte{
		"whole":           content,
		"longer":          append(bytes.Clone(content), 1, 2, 3),
		"a wrong content": bytes.Repeat([]byte{7}, 100),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, s := t.TempDir(), newServer(t, content)
			write(t, dir, "ggml-test.bin"+partSuffix, part)
			_, err := pull(t.Context(), entryFor(content), dir, s.config())
			if name == "a wrong content" {
				if codeOf(err) != FaultChecksum {
					t.Fatalf("got %v", err)
				}
				_, err = pull(t.Context(), entryFor(content), dir, s.config()) // begins anew
			}
			if err != nil {
				t.Fatal(err)
			}
			checkInstalled(t, dir, content)
		})
	}
}

func TestPullRefuses(t *testing.T) {
	t.Parallel()
	content := vadModel(5)
	tests := []struct {
		name   string
		change func(*server, *Entry)
		code   string
	}{
		{"a wrong checksum", func(_ *server, e *Entry) { e.SHA256 = sumOf(nil) }, FaultChecksum},
		{"another length", func(_ *server, e *Entry) { e.Bytes++ }, FaultDownload},
		{"no published hash", func(_ *server, e *Entry) { e.SHA256 = "" }, FaultUntrusted},
		{"an error page", func(s *server, e *Entry) {
			s.content = []byte("<html>")
			e.Bytes, e.SHA256 = 0, sumOf(s.content)
		}, FaultNotGGML},
		{"a model of another kind", func(_ *server, e *Entry) { e.Kind = KindSpeech }, FaultNotGGML},
		{"not found", func(s *server, _ *Entry) { s.status = http.StatusNotFound }, FaultDownload},
		{"server error", func(s *server, _ *Entry) { s.status = http.StatusBadGateway }, FaultDownload},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir, s, entry := t.TempDir(), newServer(t, content), entryFor(content)
			tt.change(s, &entry)
			_, err := pull(t.Context(), entry, dir, s.config())
			if codeOf(err) != tt.code {
				t.Errorf("got %v, want %s", err, tt.code)
			}
			if _, err := os.Stat(filepath.Join(dir, entry.File)); err == nil {
				t.Error("the file was installed")
			}
		})
	}
}

func TestPullWithTrustPinsTheHash(t *testing.T) {
	t.Parallel()
	content := vadModel(6)
	dir, s, entry := t.TempDir(), newServer(t, content), entryFor(content)
	entry.SHA256, entry.Bytes = "", 0
	cfg := s.config()
	cfg.Trust = true
	m, err := pull(t.Context(), entry, dir, cfg)
	if err != nil || !m.Trusted || m.Pinned != sumOf(content) {
		t.Fatalf("got %+v, %v", m, err)
	}
}

func TestPullEndsWithItsContextAndWhenNothingArrives(t *testing.T) {
	t.Parallel()
	content := vadModel(7)
	s := newServer(t, content)
	s.stall = true
	cfg := s.config()
	cfg.Attempts, cfg.Stall = 1, 50*time.Millisecond
	if _, err := pull(t.Context(), entryFor(content), t.TempDir(), cfg); codeOf(err) != FaultDownload || !strings.Contains(err.Error(), "nothing arrived") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	cfg.Stall = time.Minute
	if _, err := pull(ctx, entryFor(content), t.TempDir(), cfg); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the context's error", err)
	}
}

func TestPullDoesNotFollowFromHTTPSToHTTP(t *testing.T) {
	t.Parallel()
	content := vadModel(8)
	plain := newServer(t, content)
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL+"/owner/models/resolve/rev1/remote.bin", http.StatusFound))
	defer secure.Close()
	cfg := PullConfig{Address: secure.URL, Client: secure.Client(), Attempts: 1}
	cfg.Client.CheckRedirect = PullConfig{}.withDefaults().Client.CheckRedirect
	if _, err := pull(t.Context(), entryFor(content), t.TempDir(), cfg); codeOf(err) != FaultDownload || plain.requests.Load() != 0 {
		t.Errorf("got %v, %d requests in the clear", err, plain.requests.Load())
	}
}

func TestPullKnowsTheCatalogueOnly(t *testing.T) {
	t.Parallel()
	_, err := Pull(t.Context(), "huge", t.TempDir(), PullConfig{})
	if codeOf(err) != FaultUnknown || !strings.Contains(err.Error(), "large-v3-turbo") {
		t.Errorf("got %v", err)
	}
}
