package accuracy

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/internal/scene"
)

// faultTurns is how long the calls of the table of channel faults are: 50 s or so. Faults show in any
// stretch of a call.
const faultTurns = 9

// Faulty counts channels: those with a fault and the faults found in them, the healthy ones and those on
// which a fault was reported. Wrong names each that went wrong.
type Faulty struct {
	Faults, Found, Healthy, Alarms int
	Wrong                          []string
}

// Add adds the counts of another.
func (f *Faulty) Add(o Faulty) {
	f.Faults, f.Found, f.Healthy, f.Alarms = f.Faults+o.Faults, f.Found+o.Found, f.Healthy+o.Healthy, f.Alarms+o.Alarms
	f.Wrong = append(f.Wrong, o.Wrong...)
}

// Health makes call i of a set in a column, with a flaw, and looks what the health of its channels says.
// dir holds the file meanwhile.
func (r *Runner) Health(ctx context.Context, dir string, set Set, column Column, flaw Flaw, i int) (Faulty, error) {
	seed := set.Seed + uint64(i)
	s, c, err := r.flawed(ctx, seed, set, column, flaw, i)
	if err != nil {
		return Faulty{}, err
	}
	a, err := Analyse(ctx, dir, s, audio.VADConfig{})
	if err != nil {
		return Faulty{}, err
	}
	found := flaw.judge(audio.Health(a, scene.Roles()))
	for k, wrong := range found.Wrong {
		found.Wrong[k] = fmt.Sprintf("%s %g dB, seed %d, %s: %s; %+v", c.Noise, c.SNR, seed, flaw.Name, wrong, a.Likeness)
	}
	return found, nil
}

// flawed makes the call of a seed with a flaw.
func (r *Runner) flawed(ctx context.Context, seed uint64, set Set, column Column, flaw Flaw, i int) (*scene.Scene, scene.Conditions, error) {
	random := rand.New(rand.NewPCG(seed, 5))
	c := scene.Conditions{Cast: set.Cast, Codec: []string{"alaw", "mulaw"}[random.IntN(2)], Turns: faultTurns, Others: true}
	if c.SNR = column.SNR[i%len(column.SNR)]; c.SNR != 0 {
		c.Noise = set.Noises[i/len(column.SNR)%len(set.Noises)]
	}
	if flaw.condition != nil {
		flaw.condition(&c, random)
	}
	s, err := r.Maker.Make(ctx, seed, c)
	if err != nil {
		return nil, c, err
	}
	if flaw.spoil != nil {
		if err := flaw.spoil(ctx, s, random); err != nil {
			return nil, c, err
		}
	}
	return s, c, nil
}

// judge counts the channels of a call with the flaw.
func (f Flaw) judge(health []call.ChannelHealth) (y Faulty) {
	for c, h := range health {
		// noise and little speech are no faults of the channel: noisy scenes and listeners deserve the warning
		reasons := slices.DeleteFunc(slices.Clone(h.Reasons), func(r string) bool { return r == call.ReasonNoise || r == call.ReasonShort })
		if f.Reason != "" && (c == 1 || f.Both) {
			y.Faults++
			if slices.Contains(reasons, f.Reason) {
				y.Found++
				continue
			}
			y.Wrong = append(y.Wrong, fmt.Sprintf("channel %d missed, has %v", c, h.Reasons))
			continue
		}
		y.Healthy++
		if len(reasons) > 0 {
			y.Alarms++
			y.Wrong = append(y.Wrong, fmt.Sprintf("channel %d false alarm %v", c, reasons))
		}
	}
	return y
}

// Meets reports whether f reaches the goal of a column: all found and no alarm from clean to 20 dB, 0.97
// and 0.01 at 10 dB.
func (f Faulty) Meets(column int) bool {
	least, most := 1.0, 0.0
	if column > 0 {
		least, most = 0.97, 0.01
	}
	return float64(f.Found) >= least*float64(f.Faults) && float64(f.Alarms) <= most*float64(f.Healthy)
}

// Row formats f as a row of the table.
func (f Faulty) Row(name string) string {
	return fmt.Sprintf("| %s | %s | %s |", name, share(f.Found, f.Faults), share(f.Alarms, f.Healthy))
}

// share formats k of n with its 95 % interval.
func share(k, n int) string {
	within := eval.Wilson(k, n)
	return fmt.Sprintf("%d / %d, %.3f (%.3f–%.3f)", k, n, float64(k)/float64(n), within.Low, within.High)
}
