package audio

import (
	"slices"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	talk := func(s *scene) {
		s.say(0, "nihao", 500, -9)
		s.say(1, "tingdian", 3500, -12)
		s.say(0, "anpai", 7000, -9)
		s.say(1, "shisi", 10500, -12)
	}
	hiss := func(s *scene, level float64) {
		s.hiss(0, level)
		s.hiss(1, level)
	}
	tests := []struct {
		name   string
		build  func(*scene)
		status [2]call.Status
		want   [2][]string
	}{
		{"healthy", func(s *scene) { talk(s); hiss(s, -55) }, [2]call.Status{"ok", "ok"}, [2][]string{}},
		{
			"dead channel", func(s *scene) { talk(s); s.pcm[1] = silence(8000, 15) },
			[2]call.Status{"ok", "bad"},
			[2][]string{nil, {call.ReasonSilent}},
		},
		{
			"quiet noise only", func(s *scene) { talk(s); s.pcm[1] = silence(8000, 15); hiss(s, -70) },
			[2]call.Status{"ok", "bad"},
			[2][]string{nil, {call.ReasonSilent}},
		},
		{
			"noise only", func(s *scene) { talk(s); s.pcm[1] = silence(8000, 15); hiss(s, -45) },
			[2]call.Status{"ok", "bad"},
			[2][]string{nil, {call.ReasonNoSpeech}},
		},
		{"ringback only", func(s *scene) {
			talk(s)
			s.pcm[1] = silence(8000, 15)
			s.cadence(1, 450, 1000, 4000, 0, 14000, -12)
		}, [2]call.Status{"ok", "bad"}, [2][]string{nil, {call.ReasonTone, call.ReasonNoSpeech}}},
		{
			"mono saved as stereo", func(s *scene) { talk(s); s.leak(1, 0, 0); s.pcm[1] = slices.Clone(s.pcm[0]); hiss(s, -60) },
			[2]call.Status{"bad", "bad"},
			[2][]string{{call.ReasonDuplicate}, {call.ReasonDuplicate}},
		},
		{
			"mono with another gain", func(s *scene) { talk(s); s.leak(1, 0, 0); s.pcm[1] = silence(8000, 15); s.leak(0, -9, 0); hiss(s, -70) },
			[2]call.Status{"bad", "bad"},
			[2][]string{{call.ReasonDuplicate}, {call.ReasonDuplicate}},
		},
		{
			"speech too faint to hear in full", func(s *scene) { s.say(0, "nihao", 500, -9); s.say(1, "shisi", 4000, -38); hiss(s, -80) },
			[2]call.Status{"ok", "warn"},
			[2][]string{nil, {call.ReasonQuiet, call.ReasonFaint}},
		},
		{
			"quiet speech", func(s *scene) { s.say(0, "nihao", 500, -9); s.say(1, "shisi", 4000, -32); hiss(s, -80) },
			[2]call.Status{"ok", "warn"},
			[2][]string{nil, {call.ReasonQuiet}},
		},
		{
			"clipped", func(s *scene) { s.say(0, "nihao", 500, -9); s.say(1, "shisi", 4000, 9); hiss(s, -60) },
			[2]call.Status{"ok", "warn"},
			[2][]string{nil, {call.ReasonClipped}},
		},
		{
			"short", func(s *scene) { s.say(0, "nihao", 500, -9); s.say(1, "en", 4000, -12); hiss(s, -60) },
			[2]call.Status{"ok", "warn"},
			[2][]string{nil, {call.ReasonShort}},
		},
		{
			"loud noise", func(s *scene) { talk(s); s.hiss(1, -36) },
			[2]call.Status{"ok", "warn"},
			[2][]string{nil, {call.ReasonNoise}},
		},
		{
			"speech deep in noise", func(s *scene) { talk(s); s.hiss(1, -30) },
			[2]call.Status{"ok", "warn"},
			[2][]string{nil, {call.ReasonFaint, call.ReasonNoise}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, 15)
			tt.build(s)
			a := s.analyse()
			health := Health(a, []call.Role{call.RoleAgent, call.RoleCustomer})
			for c, h := range health {
				if h.Status != tt.status[c] || !slices.Equal(h.Reasons, tt.want[c]) {
					t.Errorf("channel %d: got %s %v, want %s %v (%+v)", c, h.Status, h.Reasons, tt.status[c], tt.want[c], a.Channels[c])
				}
			}
			if health[0].Role != call.RoleAgent || health[1].Role != call.RoleCustomer || health[1].Channel != 1 {
				t.Errorf("got %+v", health)
			}
		})
	}
}

func TestHealthOfAMonoAndTruncatedRecording(t *testing.T) {
	t.Parallel()
	s := newScene(t, 6)
	s.say(0, "nihao", 500, -9)
	a, err := Analyse(t.Context(), openPCM(t, 8000, s.pcm[0]), VADConfig{})
	if err != nil {
		t.Fatal(err)
	}
	a.Truncated = true
	want := []string{call.ReasonMono, call.ReasonTruncated}
	h := Health(a, nil)
	if len(h) != 1 || h[0].Role != call.RoleUnknown || h[0].Status != call.StatusWarn || !slices.Equal(h[0].Reasons, want) {
		t.Errorf("got %+v, want %v", h, want)
	}
}
