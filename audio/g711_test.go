package audio

import (
	"bufio"
	"bytes"
	_ "embed"
	"strconv"
	"strings"
	"testing"
)

//go:embed testdata/g711.txt
var g711Expected []byte

// The expectation was made by sox: it is the reference, bit for bit.
func TestG711TablesEqualSox(t *testing.T) {
	t.Parallel()
	want := map[string][]int16{}
	law := ""
	lines := bufio.NewScanner(bytes.NewReader(g711Expected))
	for lines.Scan() {
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasSuffix(line, "law"):
			law = line
		default:
			for _, field := range strings.Fields(line) {
				v, err := strconv.ParseInt(field, 10, 16)
				if err != nil {
					t.Fatal(err)
				}
				want[law] = append(want[law], int16(v))
			}
		}
	}
	for law, table := range map[string][256]int16{"a-law": aLaw, "u-law": muLaw} {
		if len(want[law]) != 256 {
			t.Fatalf("%s: %d expected values", law, len(want[law]))
		}
		for code, v := range table {
			if v != want[law][code] {
				t.Errorf("%s code %d: got %d, want %d", law, code, v, want[law][code])
			}
		}
	}
}
