package web_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/store/storetest"
	"github.com/zhijian-qa/zhijian/web"
)

// asked answers requests to an API over a store with n calls. Retries queue two jobs, and the queue is away.
func asked(t *testing.T, n int) (*store.Store, func(method, target, body string) (int, []byte)) {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "zhijian.db"))
	must(t, err)
	t.Cleanup(func() { _ = st.Close() })
	for i := range n {
		rec := storetest.Sample(i)
		must(t, st.SaveTranscript(t.Context(), rec.Recording, rec.Health, rec.Transcript))
		must(t, st.SaveResult(t.Context(), rec))
	}
	api := &web.API{
		Store: st, Mask: func(text string) string { return text }, Zone: time.UTC, Log: slog.New(slog.DiscardHandler),
		Retry: func(context.Context, []string) (int, bool, error) { return 2, true, nil },
	}
	server := web.New(web.Config{Listen: "127.0.0.1:0"})
	api.Register(server, web.Limit)
	must(t, server.Listen(t.Context()))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	t.Cleanup(func() { stop(); must(t, <-ended) })
	return st, func(method, target, body string) (int, []byte) {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://"+server.Addr()+target, strings.NewReader(body))
		must(t, err)
		response, err := http.DefaultClient.Do(r)
		must(t, err)
		defer response.Body.Close()
		said, err := io.ReadAll(response.Body)
		must(t, err)
		return response.StatusCode, said
	}
}

func TestCallsAreListedPageByPage(t *testing.T) {
	t.Parallel()
	st, ask := asked(t, 5)
	var got []string
	for target := "/api/v1/calls?limit=2"; ; {
		code, body := ask(http.MethodGet, target, "")
		var page struct {
			Calls []struct{ ID string }
			Next  string
		}
		if err := json.Unmarshal(body, &page); err != nil || code != http.StatusOK {
			t.Fatalf("got %d %s, %v", code, body, err)
		}
		for _, call := range page.Calls {
			got = append(got, call.ID)
		}
		if page.Next == "" {
			break
		}
		target = "/api/v1/calls?limit=2&after=" + page.Next
	}
	if len(got) != 5 || len(slices.Compact(slices.Sorted(slices.Values(got)))) != 5 {
		t.Errorf("got %v, want five calls once each", got)
	}
	// The call that a page ended with is erased before the next is asked for.
	_, err := st.Erase(t.Context(), []string{storetest.Hash(1)}, store.Erasure{Reason: store.ErasedOnRequest, By: "李四", Note: "1"})
	must(t, err)
	code, body := ask(http.MethodGet, "/api/v1/calls?after="+storetest.Sample(1).Recording.ID, "")
	wantRefusal(t, code, body, http.StatusConflict, "conflict", "begin anew")
}

// All refusals have one shape, and what a command shows of one is its sentence.
func TestRefusalsHaveOneShape(t *testing.T) {
	t.Parallel()
	_, ask := asked(t, 0)
	for _, want := range []struct {
		method, target, code, says string
		status                     int
	}{
		{http.MethodGet, "/api/v1/calls/ffff", "not_found", "not found", http.StatusNotFound},
		{http.MethodGet, "/api/v1/calls/%00", "invalid", "NUL", http.StatusBadRequest},
		{http.MethodGet, "/api/v1/calls?agent=%00", "invalid", "NUL", http.StatusBadRequest},
		{http.MethodGet, "/api/v1/calls?since=soon", "invalid", "since is not a day", http.StatusBadRequest},
		{http.MethodPost, "/api/v1/jobs/retry", "invalid", "the body is no JSON", http.StatusBadRequest},
	} {
		code, body := ask(want.method, want.target, "")
		wantRefusal(t, code, body, want.status, want.code, want.says)
	}
	if got := web.Refusal([]byte("404 page not found\n")); got != "404 page not found" {
		t.Errorf("got %q", got)
	}
}

func wantRefusal(t *testing.T, status int, body []byte, wantStatus int, code, says string) {
	t.Helper()
	var said struct {
		Error struct{ Code, Message string }
	}
	if err := json.Unmarshal(body, &said); err != nil || status != wantStatus || said.Error.Code != code || !strings.Contains(said.Error.Message, says) {
		t.Errorf("got %d %s, %v; want %d, %s: %s", status, body, err, wantStatus, code, says)
	}
	if got := web.Refusal(body); got != said.Error.Message {
		t.Errorf("shown as %q, want the sentence", got)
	}
}

// Jobs that were taken up are no failure because the queue is away.
func TestRetriesCountWhileTheQueueIsAway(t *testing.T) {
	t.Parallel()
	_, ask := asked(t, 0)
	code, body := ask(http.MethodPost, "/api/v1/jobs/retry", `{"all": true}`)
	var said web.Retried
	if err := json.Unmarshal(body, &said); err != nil || code != http.StatusOK || said.Queued != 2 || !strings.Contains(said.Note, "queue is away") {
		t.Errorf("got %d %s, %v; want two jobs and a note", code, body, err)
	}
}
