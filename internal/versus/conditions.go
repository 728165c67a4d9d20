package versus

import (
	"context"
	"fmt"

	"github.com/zhijian-qa/zhijian/internal/scene"
)

// Condition is what happens to calls on their way into the recording.
type Condition struct {
	Name string
	scene.Conditions
}

// Conditions returns those of docs/accuracy.md: 8 kHz always, then the codec of the telephone, and noise.
func Conditions() []Condition {
	return []Condition{
		{"clean", scene.Conditions{}},
		{"G.711", scene.Conditions{Codec: "alaw"}},
		{"G.711, 20 dB", scene.Conditions{Codec: "alaw", Noise: scene.Pink, SNR: 20}},
		{"G.711, 10 dB", scene.Conditions{Codec: "alaw", Noise: scene.Pink, SNR: 10}},
	}
}

// MakeUnder writes so many calls of about two minutes under a condition to folder. The same seed gives the same
// words and voices under each.
func MakeUnder(ctx context.Context, folder string, calls int, seed uint64, c Condition) (*Batch, error) {
	b, err := newBatch(folder)
	if err != nil {
		return nil, err
	}
	var maker scene.Maker
	for i := range calls {
		s, err := maker.Make(ctx, seed*1000+uint64(i), c.Conditions)
		if err != nil {
			return nil, err
		}
		made, err := write(folder, fmt.Sprintf("call-%03d", i), s.PCM[:], s.Truth)
		if err != nil {
			return nil, fmt.Errorf("call %d: %w", i, err)
		}
		b.Calls = append(b.Calls, made)
	}
	return b, nil
}
