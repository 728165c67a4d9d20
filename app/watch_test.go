package app_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/config"
)

// lines passes on what is written, a message each time.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

// until reads messages until one holds want.
func (l lines) until(t *testing.T, want string) {
	t.Helper()
	timeout := time.After(time.Minute)
	for {
		select {
		case line := <-l:
			if strings.Contains(line, want) {
				return
			}
		case <-timeout:
			t.Fatalf("%q did not come", want)
		}
	}
}

func TestWatchCheckRunsAgainOnSave(t *testing.T) {
	t.Parallel()
	list := filepath.Join(t.TempDir(), "mine.yml")
	save := func(text string) {
		if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	save("lists: [{name: mine, terms: [您好]}]\n")
	b := setup(t, func(c *config.Config) { c.Lexicons = []string{list} })
	out := make(lines, 100)
	b.Env.Err = out
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- app.WatchCheck(ctx, b.Env) }()
	out.until(t, "✔ 词库")
	out.until(t, "等待修改")
	save("lists: [{name: mine, terms: [95598]}]\n")
	out.until(t, "再次检查 ────")
	out.until(t, "95598 is not text")
	out.until(t, "等待修改")
	save("lists: [{name: mine, terms: [\"95598\"]}]\n")
	out.until(t, "再次检查 ────")
	out.until(t, "✔ 规则与示例")
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
