package scene_test

import (
	"slices"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/scene"
)

func TestTheSameSeedGivesTheSameScene(t *testing.T) {
	t.Parallel()
	c := scene.Conditions{Noise: scene.Babble, SNR: 10, Echo: true, EchoDB: -20, EchoLag: 60, Codec: "alaw", Turns: 5}
	var a, b scene.Maker
	first, err := a.Make(t.Context(), 7, c)
	if err != nil {
		t.Fatal(err)
	}
	second, err := b.Make(t.Context(), 7, c)
	if err != nil {
		t.Fatal(err)
	}
	clean, err := b.Make(t.Context(), 7, scene.Conditions{Turns: 5})
	if err != nil {
		t.Fatal(err)
	}
	for i := range first.PCM {
		if !slices.Equal(first.PCM[i], second.PCM[i]) {
			t.Errorf("channel %d differs", i)
		}
		if slices.Equal(first.PCM[i], clean.PCM[i]) {
			t.Errorf("channel %d: the conditions change nothing", i)
		}
	}
	for role, spans := range first.Truth.Speech {
		if !slices.Equal(spans, clean.Truth.Speech[role]) {
			t.Errorf("%s: the truth depends on the conditions", role)
		}
	}
}

func TestASceneHoldsWhatItIsMadeFor(t *testing.T) {
	t.Parallel()
	var m scene.Maker
	interruptions, backchannels, silences := 0, 0, 0
	for seed := range uint64(4) {
		s, err := m.Make(t.Context(), seed, scene.Conditions{})
		if err != nil {
			t.Fatal(err)
		}
		interruptions += len(s.Truth.Interruptions)
		backchannels += len(s.Truth.Backchannels())
		silences += len(s.Truth.Silences)
		for i, role := range scene.Roles() {
			outside(t, s.PCM[i], s.Truth.Speech[role])
		}
		t.Logf("seed %d: %d ms", seed, s.Truth.Duration)
	}
	t.Logf("4 scenes: %d interruptions, %d backchannels, %d silences", interruptions, backchannels, silences)
	if interruptions < 8 || backchannels < 12 || silences < 8 {
		t.Error("too few")
	}
}

// outside fails when a clean channel is not silent outside of its speech.
func outside(t *testing.T, pcm []float32, speech []call.Span) {
	t.Helper()
	for i, x := range pcm {
		at := call.FromSamples(int64(i), scene.Rate)
		inside := slices.ContainsFunc(speech, func(s call.Span) bool { return s.Widen(10, 1<<40).Contains(at) })
		if !inside && (x > 1e-3 || x < -1e-3) {
			t.Fatalf("sound at %d ms, where nobody speaks", at)
		}
	}
}
