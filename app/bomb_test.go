package app_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/config"
)

// A small file that decodes to hours costs no more than the limits allow, and says why it was not scored.
func TestABombIsBounded(t *testing.T) {
	t.Parallel()
	bomb := filepath.Join(t.TempDir(), "bomb.flac")
	make := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=stereo", "-t", "7200", "-c:a", "flac", bomb)
	if said, err := make.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if info, err := os.Stat(bomb); err != nil || info.Size() > 10<<20 { // 230 MB when it is decoded
		t.Fatalf("the bomb has %d bytes, %v", info.Size(), err)
	}
	b := setup(t, func(c *config.Config) { c.MaxHours = 0.05 })
	err := app.Score(t.Context(), b.Env, []string{bomb})
	if !errors.Is(err, app.ErrSomeFailed) || !strings.Contains(b.err.String(), "[too_long]") {
		t.Errorf("got %v, %s", err, b.err)
	}
	if left, _ := filepath.Glob(filepath.Join(b.Config.DataDir, "scratch", "*")); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
}
