package shortcalls_test

import (
	"crypto/sha256"
	"path/filepath"
	"testing"

	"github.com/zhijian-qa/zhijian/internal/shortcalls"
)

func TestCutsAreDifferent(t *testing.T) {
	t.Parallel()
	cuts, err := shortcalls.Cut(filepath.Join("..", "..", "testdata", "demo"), 200)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[[32]byte]bool{}
	for _, cut := range cuts {
		seen[sha256.Sum256(cut)] = true
	}
	if len(seen) != 200 {
		t.Errorf("got %d different recordings, want 200", len(seen))
	}
}
