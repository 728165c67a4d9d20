package accuracy_test

import (
	"testing"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/accuracy"
	"github.com/zhijian-qa/zhijian/internal/scene"
)

// TestMusicAndTonesAreReported plays music on hold, ringback, the busy tone and keys, over several noises.
func TestMusicAndTonesAreReported(t *testing.T) {
	t.Parallel()
	var m scene.Maker
	dir := t.TempDir()
	for seed, noise := range []scene.Noise{scene.None, scene.White, scene.Street, scene.Office} {
		c := scene.Conditions{Codec: "alaw", Noise: noise, SNR: 20, Cast: scene.CastB, Music: true, Keys: true, Busy: true, Ring: 7000}
		s, err := m.Make(t.Context(), 300+uint64(seed), c)
		if err != nil {
			t.Fatal(err)
		}
		a, err := accuracy.Analyse(t.Context(), dir, s, audio.VADConfig{})
		if err != nil {
			t.Fatal(err)
		}
		agent, customer := a.Channels[0], a.Channels[1]
		played, heard := call.Total(s.Music[0]), call.Total(call.Intersections(s.Music[0], agent.Music))
		if played == 0 || heard < played*8/10 {
			t.Errorf("%s: %d of %d ms of music are reported", noise, heard, played)
		}
		var near []call.Span // over a hum the ends are told to within a second
		for _, span := range s.Music[0] {
			near = append(near, span.Widen(1000, s.Truth.Duration))
		}
		wrong := call.Total(agent.Music) - call.Total(call.Intersections(near, agent.Music)) + call.Total(customer.Music)
		if wrong > played/20 {
			t.Errorf("%s: %d ms are reported as music where there is none: %v", noise, wrong, agent.Music)
		}
		for kind, played := range map[call.SoundKind]bool{call.SoundMusic: true, call.SoundRingback: false, call.SoundBusy: false} {
			if told := kinds(agent.Sounds)[kind] > 0; told != played {
				t.Errorf("%s: %s on the agent's channel: %v", noise, kind, agent.Sounds)
			}
		}
		if heard := kinds(customer.Sounds); heard[call.SoundRingback] != 1 || heard[call.SoundBusy] != 1 || heard[call.SoundMusic] > 0 ||
			heard[call.SoundKeys] < unannounced(s) {
			t.Errorf("%s: %d silences with keys, ringback and busy are told as %v", noise, unannounced(s), customer.Sounds)
		}
		if taken := call.Total(call.Intersections(agent.Speech, s.Music[0])); taken > played/10 {
			t.Errorf("%s: %d of %d ms of music are taken for speech", noise, taken, played)
		}
		if tones := call.Total(call.Merge(s.Tones[1], 0)); customer.Tones < tones*7/10 || customer.Tones > tones*13/10 {
			t.Errorf("%s: %d ms of tones are reported, %d were played", noise, customer.Tones, tones)
		}
	}
}

// kinds counts sounds by kind.
func kinds(sounds []call.Sound) map[call.SoundKind]int {
	counts := map[call.SoundKind]int{}
	for _, s := range sounds {
		counts[s.Kind]++
	}
	return counts
}

// unannounced counts the silences in which keys are pressed.
func unannounced(s *scene.Scene) int {
	n := 0
	for _, silence := range s.Truth.Silences {
		if !silence.Announced {
			n++
		}
	}
	return n
}
