package audio

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

// The demo calls come with the exact times of their speech.
func TestSpeechOfTheDemoCalls(t *testing.T) {
	t.Parallel()
	truths, err := filepath.Glob(filepath.Join("..", "testdata", "demo", "*.truth.json"))
	if err != nil || len(truths) == 0 {
		t.Fatalf("no demo calls: %v", err)
	}
	for _, path := range truths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".truth.json"), func(t *testing.T) {
			t.Parallel()
			var truth struct {
				Speech map[call.Role][]call.Span
			}
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(b, &truth); err != nil {
				t.Fatal(err)
			}
			f, err := Open(t.Context(), strings.TrimSuffix(path, ".truth.json")+".wav", Config{})
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			a, err := Analyse(t.Context(), f, VADConfig{})
			if err != nil {
				t.Fatal(err)
			}
			roles := []call.Role{call.RoleAgent, call.RoleCustomer}
			for c, role := range roles {
				compareSpeech(t, role, a.Channels[c].Speech, truth.Speech[role])
			}
			ratio := func(agent, customer []call.Span) float64 {
				return call.Total(agent).Seconds() / (call.Total(agent) + call.Total(customer)).Seconds()
			}
			got := ratio(a.Channels[0].Speech, a.Channels[1].Speech)
			want := ratio(truth.Speech[call.RoleAgent], truth.Speech[call.RoleCustomer])
			if math.Abs(got-want) > 0.015 {
				t.Errorf("the agent's share is %.3f, want %.3f", got, want)
			}
			for _, h := range Health(a, roles) {
				if h.Status != call.StatusOK {
					t.Errorf("%s is %s: %v", h.Role, h.Status, h.Reasons)
				}
			}
		})
	}
}

func compareSpeech(t *testing.T, role call.Role, got, want []call.Span) {
	t.Helper()
	const tolerance = 100
	for _, w := range want {
		near := call.Clip(got, call.Span{Start: w.Start - 150, End: w.End + 150})
		if len(near) != 1 {
			t.Errorf("%s %d–%d: found as %v", role, w.Start, w.End, near)
			continue
		}
		if ds, de := near[0].Start-w.Start, near[0].End-w.End; max(ds, -ds, de, -de) > tolerance {
			t.Errorf("%s %d–%d: start off by %d ms, end by %d", role, w.Start, w.End, ds, de)
		}
	}
	for _, g := range got {
		if len(call.Clip(want, g)) == 0 {
			t.Errorf("%s: %d–%d is no speech", role, g.Start, g.End)
		}
	}
}
