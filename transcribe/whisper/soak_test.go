//go:build cgo && !nowhisper

package whisper

import (
	"context"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/transcribe"
)

// resident returns the memory that the process has in use, in KiB, without what the Go runtime keeps for later.
func resident(t *testing.T) int {
	t.Helper()
	debug.FreeOSMemory()
	return status(t, "VmRSS:")
}

// status returns a line of what the system says about the process, in KiB.
func status(t *testing.T, key string) int {
	t.Helper()
	lines, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(lines)) {
		if rest, ok := strings.CutPrefix(line, key); ok {
			n, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatal("no " + key)
	return 0
}

// TestSoak makes many small calls, some cancelled at random instants, some in new engines, and looks for memory that is
// not given back. ZHIJIAN_LONG makes it long. It runs alone: others' memory would count.
func TestSoak(t *testing.T) {
	engines, calls := 4, 3
	if os.Getenv("ZHIJIAN_LONG") != "" {
		engines, calls = 60, 9
	}
	pcm, random, stopped := speech(t)[:16_000], rand.New(rand.NewPCG(11, 3)), 0
	shortest := time.Minute // that a window took which was not cancelled
	round := func() {
		engine := openEngine(t)
		defer engine.Close()
		for i := range calls {
			ctx, cancel := context.WithCancel(t.Context())
			if i%3 == 2 {
				time.AfterFunc(time.Duration(random.Int64N(int64(shortest))), cancel)
			}
			began := time.Now()
			_, err := engine.Recognise(ctx, pcm, transcribe.Options{Temperature: float64(i%2) * 0.2, Prompt: "国家电网"})
			switch {
			case err == nil:
				shortest = min(shortest, time.Since(began))
			case ctx.Err() == nil:
				t.Error(err)
			default:
				stopped++
			}
			cancel()
		}
	}
	for range 2 {
		round()
	}
	before := resident(t)
	for range engines {
		round()
	}
	grown := resident(t) - before
	t.Logf("%d windows stopped, %d KiB grown", stopped, grown)
	if stopped == 0 {
		t.Error("no window was stopped")
	}
	if grown > 24<<10 {
		t.Errorf("%d engines with %d calls each left %d KiB behind", engines, calls, grown)
	}
}
