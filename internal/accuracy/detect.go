package accuracy

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/callgen"
	"github.com/zhijian-qa/zhijian/internal/scene"
)

// Detect finds the speech of each party of a scene.
type Detect func(ctx context.Context, s *scene.Scene) (map[call.Role][]call.Span, error)

// Product returns the way that recordings take through the product: a file, opened and analysed. dir
// holds the file meanwhile.
func Product(dir string, cfg audio.VADConfig) Detect {
	return func(ctx context.Context, s *scene.Scene) (map[call.Role][]call.Span, error) {
		a, err := Analyse(ctx, dir, s, cfg)
		if err != nil {
			return nil, err
		}
		found := make(map[call.Role][]call.Span)
		for i, role := range scene.Roles() {
			found[role] = a.Channels[i].Speech
		}
		return found, nil
	}
}

// Analyse writes s to a file in dir and analyses it.
func Analyse(ctx context.Context, dir string, s *scene.Scene, cfg audio.VADConfig) (audio.Analysis, error) {
	path := filepath.Join(dir, "scene.wav")
	file, err := os.Create(path)
	if err != nil {
		return audio.Analysis{}, fmt.Errorf("write scene: %w", err)
	}
	defer file.Close()
	if err := callgen.WriteWAV(file, "pcm16", s.PCM[:]); err != nil {
		return audio.Analysis{}, err
	}
	opened, err := audio.Open(ctx, path, audio.Config{})
	if err != nil {
		return audio.Analysis{}, err
	}
	defer opened.Close()
	return audio.Analyse(ctx, opened, cfg)
}

// energyThreshold is the level, in dB below full scale, above which the plain detector hears speech.
const energyThreshold = -42

// Energy is the plain detector that the others are compared with: frames of 10 ms above a fixed level,
// pauses under 300 ms closed.
func Energy(_ context.Context, s *scene.Scene) (map[call.Role][]call.Span, error) {
	const size = scene.Rate / 100
	found := make(map[call.Role][]call.Span)
	for c, role := range scene.Roles() {
		pcm := s.PCM[c]
		for i := 0; i+size <= len(pcm); i += size {
			sum := 0.0
			for _, x := range pcm[i : i+size] {
				sum += float64(x) * float64(x)
			}
			if 10*math.Log10(sum/size+1e-12) > energyThreshold {
				at := call.FromSamples(int64(i), scene.Rate)
				found[role] = append(found[role], call.Span{Start: at, End: at + step})
			}
		}
		found[role] = call.Merge(found[role], callgen.PauseLimit)
	}
	return found, nil
}
