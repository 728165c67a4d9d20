//go:build cgo && !nowhisper && linux

package whisper

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Advice to madvise(2), which package syscall lacks.
const (
	adviseHuge     = 14 // MADV_HUGEPAGE
	adviseCollapse = 25 // MADV_COLLAPSE, Linux 6.1
)

// largeArea is from which size on memory of the C library is worth huge pages, in bytes: more than the stack of a
// thread, which looks alike and has 8 MiB as systems come.
const largeArea = 16 << 20

// goHeap is where the memory of Go begins on 64-bit systems; it sees to its own pages.
const goHeap = 0xc0 << 32

// hugePages puts the large areas of the C library's memory, which are weights and states, on pages of 2 MiB. All
// weights of the decoder are read for each token: with pages of 4 KiB a quarter of its time goes into finding
// them (docs/performance.md). Where the system has none, nothing changes.
//
// What is written already moves when collapse is set; for the rest it is enough to say so before.
func hugePages(collapse bool) {
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return
	}
	for line := range strings.Lines(string(maps)) {
		if start, size, ok := largeAnonymous(line); ok {
			_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, start, size, adviseHuge)
			if collapse {
				_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, start, size, adviseCollapse)
			}
		}
	}
}

// largeAnonymous returns the area that a line of /proc/self/maps names, as in
//
//	7f0000000000-7f0009000000 rw-p 00000000 00:00 0
//
// when it is large, may be written and belongs to no file and not to Go.
func largeAnonymous(line string) (start, size uintptr, ok bool) {
	fields := strings.Fields(line)
	if len(fields) < 5 || fields[1] != "rw-p" || fields[4] != "0" || len(fields) > 5 && fields[5] != "[heap]" {
		return 0, 0, false
	}
	from, to, _ := strings.Cut(fields[0], "-")
	begin, err := strconv.ParseUint(from, 16, 64)
	end, err2 := strconv.ParseUint(to, 16, 64)
	if err != nil || err2 != nil || end-begin < largeArea || begin>>32 == goHeap>>32 {
		return 0, 0, false
	}
	return uintptr(begin), uintptr(end - begin), true
}
