//go:build cgo && !nowhisper

package whisper

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/zhijian-qa/zhijian/transcribe"
)

// inLittleMemory is set in a copy of the test that may have so many MB of memory more than it has.
const inLittleMemory = "ZHIJIAN_TEST_MEMORY"

// TestEnginesUntilMemoryEnds opens engines in a process that may not have much memory: at some count there is
// an error, the process lives and the engines that are open go on.
func TestEnginesUntilMemoryEnds(t *testing.T) {
	if room := os.Getenv(inLittleMemory); room != "" {
		openUntilMemoryEnds(t, room)
		return
	}
	for _, room := range []string{"300", "300 blind", "1500"} {
		child := exec.Command(os.Args[0], "-test.run=^TestEnginesUntilMemoryEnds$", "-test.v")
		child.Env = append(os.Environ(), inLittleMemory+"="+room)
		output, err := child.CombinedOutput()
		if err != nil || !strings.Contains(string(output), "engines open") {
			t.Errorf("with %s MB more: %v\n%s", room, err, output)
		}
		for line := range strings.Lines(string(output)) {
			if strings.Contains(line, "engines open") || strings.Contains(line, "state takes") {
				t.Log(room, "MB:", strings.TrimSpace(line))
			}
		}
	}
}

func openUntilMemoryEnds(t *testing.T, room string) {
	model, err := LoadBytes(demo().weights, Config{})
	if err != nil {
		t.Fatal(err)
	}
	first, err := model.NewEngine()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.Recognise(t.Context(), speech(t), transcribe.Options{}); err != nil {
		t.Fatal(err)
	}
	room, blind := strings.CutSuffix(room, " blind")
	more, err := strconv.Atoi(room)
	if err != nil {
		t.Fatal(err)
	}
	limit := uint64(virtual(t)+more<<10) << 10
	if err := syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("a state takes %d MB, of address space %d MB\n", model.room.resident>>20, model.room.address>>20)
	for n := 1; n < 50; n++ {
		if blind { // as if the memory were taken between the look and the use
			model.room = memory{math.MinInt32, math.MinInt32}
		}
		if _, err := model.NewEngine(); err != nil {
			fmt.Printf("%d engines open, then: %v\n", n, err)
			segments, err := first.Recognise(t.Context(), speech(t), transcribe.Options{})
			if err != nil || agreement(text(segments), sentence) < 0.8 {
				t.Errorf("afterwards: got %q and %v", text(segments), err)
			}
			return
		}
	}
	t.Error("memory never ended")
}

// virtual returns the address space that the process has taken, in KiB.
func virtual(t *testing.T) int { return status(t, "VmSize:") }
