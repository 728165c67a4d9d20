//go:build cgo && !nowhisper

package whisper

import (
	"math"
	"os"
	"strconv"
	"strings"
	"syscall"
)

const (
	spare = 64 << 20 // kept for everything else: states are measured roughly, and windows come and go
	// usedLater is how much of its memory a state touches in use against when it is made. Measured with
	// libwhisper 1.9.5: 2.6 with 128 numbers a frame, 2.2 with 512.
	usedLater = 3
)

// memory is what is in use, and the address space that is taken, in bytes.
type memory struct{ resident, address int64 }

func (m memory) less(n memory) memory { return memory{m.resident - n.resident, m.address - n.address} }

func (m memory) most(n memory) memory {
	return memory{max(m.resident, n.resident), max(m.address, n.address)}
}

// fits reports whether the process may take so much more. Where the system does not tell, it may.
func (m memory) fits() bool {
	left := memory{math.MaxInt64, math.MaxInt64}
	if n, ok := field("/proc/meminfo", "MemAvailable:"); ok {
		left.resident = n << 10
	}
	limit, limited := number("/sys/fs/cgroup/memory.max")
	if used, ok := number("/sys/fs/cgroup/memory.current"); limited && ok {
		cache, _ := field("/sys/fs/cgroup/memory.stat", "inactive_file")
		left.resident = min(left.resident, limit-used+cache)
	}
	var address syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_AS, &address) == nil && address.Cur < math.MaxInt64 {
		left.address = int64(address.Cur) - taken().address
	}
	return m.resident+spare <= left.resident && m.address+spare <= left.address
}

// taken returns what the process has, nothing where the system does not tell.
func taken() memory {
	resident, _ := field("/proc/self/status", "VmRSS:")
	address, _ := field("/proc/self/status", "VmSize:")
	return memory{resident << 10, address << 10}
}

// field returns the number behind key at the beginning of a line of the file.
func field(path, key string) (int64, bool) {
	lines, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(lines)) {
		rest, found := strings.CutPrefix(line, key)
		words := strings.Fields(rest)
		if !found || len(words) == 0 {
			continue
		}
		n, err := strconv.ParseInt(words[0], 10, 64)
		return n, err == nil
	}
	return 0, false
}

// number returns the number that is all of the file; "max" is none.
func number(path string) (int64, bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n, err == nil
}
