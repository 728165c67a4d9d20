package web_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/web"
)

// Stopping is no failure because a client is slow: what it asked for is cut off.
func TestRunEndsWithoutAFaultWhenARequestDoesNot(t *testing.T) {
	t.Parallel()
	server := web.New(web.Config{Listen: "127.0.0.1:0", ShutdownLimit: 50 * time.Millisecond})
	begun, heard := make(chan struct{}), make(chan struct{})
	server.Handle("GET /", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(begun)
		<-r.Context().Done()
		close(heard)
	}))
	if err := server.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	go func() {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+server.Addr(), http.NoBody)
		if err != nil {
			t.Error(err)
			return
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
		}
	}()
	<-begun
	stop()
	if err := <-ended; err != nil {
		t.Errorf("got %v, want no error", err)
	}
	<-heard
}
