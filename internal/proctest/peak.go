package proctest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// peakEvery is how often a process is asked for its peak: what it takes more in its last instant is not seen.
const peakEvery = 20 * time.Millisecond

// Peak watches the process pid, which has just been started, until it ends. stop returns the most memory that was
// resident in it at once, in bytes; call it after the process was waited for.
//
// The kernel's own account at the end, ru_maxrss of wait4, does not serve: a process begins with that of the one that
// started it, and whoever has much in memory sees as much in each of its children. Source: Linux, fs/exec.c,
// exec_mmap; getrusage(2), "Resource usage metrics are preserved across an execve(2)".
func Peak(pid int) (stop func() int64) {
	done, peak := make(chan struct{}), make(chan int64)
	go func() {
		most := int64(0)
		tick := time.NewTicker(peakEvery)
		defer tick.Stop()
		for {
			most = max(most, resident(pid))
			select {
			case <-done:
				peak <- most
				return
			case <-tick.C:
			}
		}
	}()
	return func() int64 {
		close(done)
		return <-peak
	}
}

// RunPeak runs cmd to its end and returns the most memory that was resident in it at once, in bytes.
func RunPeak(cmd *exec.Cmd) (int64, error) {
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	peak := Peak(cmd.Process.Pid)
	err := cmd.Wait()
	return peak(), err
}

// resident returns the peak of the program that pid runs now, in bytes; 0 when there is none.
func resident(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0 // it has ended
	}
	_, rest, _ := bytes.Cut(status, []byte("VmHWM:"))
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kB, err := strconv.ParseInt(string(fields[0]), 10, 64)
	if err != nil {
		return 0
	}
	return kB << 10
}
