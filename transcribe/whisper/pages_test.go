//go:build cgo && !nowhisper && linux

package whisper

import "testing"

func TestLargeAnonymous(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		"7f0000000000-7f0009000000 rw-p 00000000 00:00 0 \n":                  true,
		"55d000000000-55d001000000 rw-p 00000000 00:00 0      [heap]\n":       true,
		"7f0000000000-7f0000800000 rw-p 00000000 00:00 0 \n":                  false, // the stack of a thread
		"7f0000000000-7f0000100000 rw-p 00000000 00:00 0 \n":                  false, // small
		"7f0000000000-7f0009000000 r--p 00000000 00:00 0 \n":                  false, // not written
		"7f0000000000-7f0009000000 ---p 00000000 00:00 0 \n":                  false, // reserved
		"7f0000000000-7f0009000000 rw-p 00000000 fe:01 7  /usr/lib/x.so\n":    false,
		"7ffc00000000-7ffc09000000 rw-p 00000000 00:00 0      [stack]\n":      false,
		"c000000000-c009000000 rw-p 00000000 00:00 0 \n":                      false, // of Go
		"7f0000000000-7f0009000000 rw-p 00000000 00:00 0  [anon: Go: heap]\n": false,
		"nonsense\n": false,
		"":           false,
	}
	for line, want := range tests {
		if _, size, ok := largeAnonymous(line); ok != want || ok && size < largeArea {
			t.Errorf("%q: got %v, %d bytes; want %v", line, ok, size, want)
		}
	}
}
