package callgen_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/callgen"
)

func TestGenerateWritesRecordingTruthAndManifest(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	script := filepath.Join(folder, "day.script")
	text := `title: 试
started_at: 2026-11-20T09:05:12+08:00
scenario: repair
complaint: false
agent: {id: "1024", name: 陈晓燕, team: 报修组}
customer: {id: "13800138001"}
vetoed: true
faults: [closing.farewell]
---
agent: 您好。
customer: 我家停电了。
agent: 不归我们管。 !forbidden.shirking
`
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	truths, err := callgen.Generate(t.Context(), filepath.Join(folder, "out"), []string{script})
	if err != nil {
		t.Fatal(err)
	}
	truth, err := callgen.ReadTruth(callgen.TruthPath(filepath.Join(folder, "out", "day.wav")))
	if err != nil {
		t.Fatal(err)
	}
	if rules := truth.Rules(); len(rules) != 2 || !rules["closing.farewell"] || !rules["forbidden.shirking"] || !truth.Vetoed {
		t.Errorf("got faults %v, vetoed %t", rules, truth.Vetoed)
	}
	transcript, recording := truth.Transcript(), truth.Recording()
	if n := len(transcript.By(call.RoleAgent)); n != 2 || recording.Agent != "1024" || recording.Duration != truth.Duration {
		t.Errorf("got %d utterances of the agent, recording %+v", n, recording)
	}
	manifest := filepath.Join(folder, "manifest.csv")
	if err := callgen.WriteManifest(manifest, truths); err != nil {
		t.Fatal(err)
	}
	rows, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	if want := "day.wav,1024,陈晓燕,报修组,13800138001,2026-11-20T09:05:12+08:00,,repair,,false,\n"; !strings.HasSuffix(string(rows), want) {
		t.Errorf("got %q, want the row %q", rows, want)
	}
}

func TestGenerateNamesTheScriptThatFails(t *testing.T) {
	t.Parallel()
	script := filepath.Join(t.TempDir(), "bad.script")
	if err := os.WriteFile(script, []byte(header+"boss: 您好\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{script, script + ".missing"} {
		if _, err := callgen.Generate(t.Context(), t.TempDir(), []string{path}); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("got %v, want the path %s", err, path)
		}
	}
	if _, err := callgen.ReadTruth(script); err == nil {
		t.Error("a script was read as truth")
	}
}
