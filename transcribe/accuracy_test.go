//go:build cgo && !nowhisper

package transcribe_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/transcribe"
)

// reference is an entry of models/demo/samples/refs.json.
type reference struct {
	Set  string `json:"set"`
	Text string `json:"text"`
}

func references(t *testing.T) map[string]reference {
	t.Helper()
	file, err := os.ReadFile("../models/demo/samples/refs.json")
	if err != nil {
		t.Fatal(err)
	}
	var refs map[string]reference
	if err := json.Unmarshal(file, &refs); err != nil {
		t.Fatal(err)
	}
	return refs
}

func textOf(got call.Transcript, role call.Role) string {
	var text string
	for _, u := range got.By(role) {
		text += u.Text
	}
	return text
}

// TestAccuracy measures the demo model through the whole pipeline, audio to utterances: on the samples
// that its training never saw, and on the demo day, of which ZHIJIAN_LONG takes all calls, else two. The
// limits lie some points above what was measured, since two points either way are noise on so few
// characters.
func TestAccuracy(t *testing.T) {
	t.Parallel()
	samples, calls := slices.Sorted(maps.Keys(references(t))), demoCalls(t)
	if os.Getenv("ZHIJIAN_LONG") == "" {
		calls = calls[:2]
	}
	refs, rates := references(t), map[string]*eval.Characters{"single": {}, "channel": {}, "demo day": {}}
	for _, name := range samples {
		got, _ := transcript(t, open(t, filepath.Join("../models/demo/samples", name)), transcribe.Config{})
		ref := refs[name]
		rates[ref.Set].Add(eval.CharacterErrors(ref.Text, textOf(got, call.RoleAgent)))
	}
	for _, path := range calls {
		got, _ := transcript(t, open(t, path), transcribe.Config{})
		for _, role := range bothRoles {
			var want string
			for _, s := range truthOf(t, path) {
				if s.Role == role {
					want += s.Text
				}
			}
			rates["demo day"].Add(eval.CharacterErrors(want, textOf(got, role)))
		}
	}
	for set, limit := range map[string]float64{"single": 20, "channel": 20, "demo day": 12} {
		t.Logf("%-8s %5d characters, CER %4.1f %%", set, rates[set].Of, 100*rates[set].Rate())
		if 100*rates[set].Rate() > limit {
			t.Errorf("%s: CER %.1f %%, want at most %.0f %%", set, 100*rates[set].Rate(), limit)
		}
	}
}
