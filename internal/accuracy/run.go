package accuracy

import (
	"context"
	"fmt"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/scene"
	"github.com/zhijian-qa/zhijian/score"
)

// Detector is a way of finding speech and its name in the tables.
type Detector struct {
	Name   string
	Detect Detect
}

// Runner measures detectors on scenes.
type Runner struct {
	Maker     scene.Maker
	Scorer    *score.Scorer
	Detectors []Detector
}

// Run makes n calls of a set in a column and returns the outcomes by detector.
func (r *Runner) Run(ctx context.Context, set Set, column Column, n int) (map[string][]Outcome, error) {
	outcomes := make(map[string][]Outcome)
	for i := range n {
		seed, c := set.Conditions(column, i)
		s, err := r.Maker.Make(ctx, seed, c)
		if err != nil {
			return nil, err
		}
		for _, d := range r.Detectors {
			o, err := r.measure(ctx, d, s)
			if err != nil {
				return nil, fmt.Errorf("%s, seed %d: %w", d.Name, seed, err)
			}
			outcomes[d.Name] = append(outcomes[d.Name], o)
		}
	}
	return outcomes, nil
}

// One makes the call of a seed and measures the detector of a name on it.
func (r *Runner) One(ctx context.Context, detector string, seed uint64, c scene.Conditions) (Outcome, error) {
	s, err := r.Maker.Make(ctx, seed, c)
	if err != nil {
		return Outcome{}, err
	}
	for _, d := range r.Detectors {
		if d.Name == detector {
			return r.measure(ctx, d, s)
		}
	}
	return Outcome{}, fmt.Errorf("there is no detector %q: %w", detector, call.ErrInvalid)
}

// measure takes the speech that d finds and the true words, at their true times, through the measures of
// the product.
func (r *Runner) measure(ctx context.Context, d Detector, s *scene.Scene) (Outcome, error) {
	speech, err := d.Detect(ctx, s)
	if err != nil {
		return Outcome{}, err
	}
	tr := s.Truth.Transcript()
	tr.Speech = speech
	health := make([]call.ChannelHealth, 2)
	for i, role := range scene.Roles() {
		health[i] = call.ChannelHealth{Channel: i, Role: role, Status: call.StatusOK}
	}
	return Judge(s, speech, r.Scorer.Score(s.Truth.Recording(), health, tr).Measures), nil
}
