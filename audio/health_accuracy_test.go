package audio_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/callgen"
	"github.com/zhijian-qa/zhijian/internal/scene"
)

// flaw is something that happens to a call on its way into the file. A flaw without a reason is a
// healthy trap.
type flaw struct {
	name      string
	reason    string // that both channels, or the second only, must name
	both      bool
	condition func(*scene.Conditions)
	spoil     func(*scene.Scene, *rand.Rand)
}

func flaws() []flaw {
	return []flaw{
		{name: "healthy"},
		{name: "same hum on both", spoil: hum},
		{name: "same room noise on both", spoil: func(s *scene.Scene, r *rand.Rand) { room(s, r, 25) }},
		{name: "ringback, keys, music", condition: func(c *scene.Conditions) { c.Ring, c.Keys, c.Music = 9000, true, true }},
		{name: "agent hardly speaks", spoil: func(s *scene.Scene, _ *rand.Rand) { thin(s, 0, 12) }},
		{name: "duplicate", reason: call.ReasonDuplicate, both: true, spoil: func(s *scene.Scene, _ *rand.Rand) { s.PCM = mono(s, 0, 0) }},
		{name: "duplicate, late and quieter", reason: call.ReasonDuplicate, both: true, spoil: func(s *scene.Scene, r *rand.Rand) {
			s.PCM = mono(s, call.Millis(5+r.IntN(280)), -8*r.Float64())
		}},
		{name: "duplicate through another codec", reason: call.ReasonDuplicate, both: true, spoil: func(s *scene.Scene, _ *rand.Rand) {
			s.PCM = mono(s, 20, -3)
			callgen.Transcode(s.PCM[1], "alaw")
			callgen.Transcode(s.PCM[0], "mulaw")
		}},
		{name: "duplicate with noise of its own", reason: call.ReasonDuplicate, both: true, spoil: func(s *scene.Scene, r *rand.Rand) {
			s.PCM = mono(s, 0, 0)
			for c := range s.PCM {
				hiss(s.PCM[c], 0.01, r)
			}
		}},
		{name: "crosstalk", reason: call.ReasonCrosstalk, both: true, condition: func(c *scene.Conditions) { c.Echo, c.EchoDB = true, -20 }},
		{name: "crosstalk, far below and late", reason: call.ReasonCrosstalk, both: true, condition: func(c *scene.Conditions) {
			c.Echo, c.EchoDB, c.EchoLag = true, -33, 240
		}},
		{name: "dead", reason: call.ReasonSilent, spoil: func(s *scene.Scene, _ *rand.Rand) { clear(s.PCM[1]) }},
		{name: "ends early", reason: call.ReasonShorter, spoil: func(s *scene.Scene, _ *rand.Rand) {
			hiss(s.PCM[1], 0.0005, rand.New(rand.NewPCG(1, 2)))
			clear(s.PCM[1][len(s.PCM[1])*2/3:])
		}},
		{name: "clipped", reason: call.ReasonClipped, spoil: func(s *scene.Scene, _ *rand.Rand) {
			for i, v := range s.PCM[1] {
				s.PCM[1][i] = max(-1, min(12*v, 1))
			}
		}},
		{name: "too quiet", reason: call.ReasonQuiet, spoil: func(s *scene.Scene, _ *rand.Rand) { amplify(s.PCM[1], -32) }},
		{name: "nobody", reason: call.ReasonNoSpeech, spoil: func(s *scene.Scene, r *rand.Rand) {
			clear(s.PCM[1])
			hiss(s.PCM[1], 0.01, r)
		}},
		{name: "tones only", reason: call.ReasonTone, spoil: func(s *scene.Scene, _ *rand.Rand) {
			for i := range s.PCM[1] {
				s.PCM[1][i] = float32(math.Sin(2*math.Pi*450*float64(i)/scene.Rate)) * 0.2 * float32(1-i/(scene.Rate)%5/4)
			}
		}},
	}
}

func mono(s *scene.Scene, delay call.Millis, gain float64) [2][]float32 {
	var pcm [2][]float32
	for c := range pcm {
		pcm[c] = make([]float32, len(s.PCM[0]))
	}
	late := int(delay.Samples(scene.Rate))
	for i, v := range s.PCM[0] {
		pcm[0][i] = v + s.PCM[1][i]
		if i >= late {
			pcm[1][i] = (s.PCM[0][i-late] + s.PCM[1][i-late]) * float32(math.Pow(10, gain/20))
		}
	}
	return pcm
}

func amplify(x []float32, gain float64) {
	for i := range x {
		x[i] *= float32(math.Pow(10, gain/20))
	}
}

func hiss(x []float32, level float64, r *rand.Rand) {
	for i := range x {
		x[i] += float32(level * r.NormFloat64())
	}
}

// hum adds the same mains hum, with its overtones, to both channels.
func hum(s *scene.Scene, _ *rand.Rand) {
	for i := range s.PCM[0] {
		t := float64(i) / scene.Rate
		v := float32(0.01*math.Sin(2*math.Pi*50*t) + 0.005*math.Sin(2*math.Pi*150*t) + 0.003*math.Sin(2*math.Pi*250*t))
		s.PCM[0][i], s.PCM[1][i] = s.PCM[0][i]+v, s.PCM[1][i]+v
	}
}

// room adds the same noise to both channels, below the speech of the first.
func room(s *scene.Scene, r *rand.Rand, below float64) {
	level := 0.05 * math.Pow(10, -below/20)
	for i := range s.PCM[0] {
		v := float32(level * r.NormFloat64())
		s.PCM[0][i], s.PCM[1][i] = s.PCM[0][i]+v, s.PCM[1][i]+v
	}
}

// thin leaves one second in n of a channel.
func thin(s *scene.Scene, channel, n int) {
	keep := s.Truth.Speech[scene.Roles()[channel]]
	for i, span := range keep {
		if i%n == 0 {
			continue
		}
		clear(s.PCM[channel][span.Start.Samples(scene.Rate):min(span.End.Samples(scene.Rate), int64(len(s.PCM[channel])))])
	}
}

func healthOf(t *testing.T, s *scene.Scene) ([]call.ChannelHealth, audio.Analysis) {
	t.Helper()
	var data bytes.Buffer
	if err := callgen.WriteWAV(&data, "alaw", s.PCM[:]); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "scene.wav")
	if err := os.WriteFile(path, data.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := audio.Open(t.Context(), path, audio.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	a, err := audio.Analyse(t.Context(), f, audio.VADConfig{})
	if err != nil {
		t.Fatal(err)
	}
	return audio.Health(a, scene.Roles()), a
}

// faulted are the reasons of a channel fault; noise and short are warnings that a noisy scene deserves.
func faulted(h call.ChannelHealth) []string {
	return slices.DeleteFunc(slices.Clone(h.Reasons), func(r string) bool { return r == call.ReasonNoise })
}

func TestChannelFaultsAreFoundAndNoOthers(t *testing.T) {
	t.Parallel()
	seeds, columns := 2, []scene.Conditions{{}, {Noise: scene.Pink, SNR: 20}, {Noise: scene.Pink, SNR: 10}}
	if os.Getenv("ZHIJIAN_LONG") != "" {
		seeds, columns = 12, append(columns, scene.Conditions{Noise: scene.Babble, SNR: 20}, scene.Conditions{Noise: scene.Street, SNR: 10},
			scene.Conditions{Noise: scene.Babble, SNR: 10}, scene.Conditions{Noise: scene.Office, SNR: 10})
	}
	var maker scene.Maker
	for _, column := range columns {
		tally := tally{}
		for seed := range seeds {
			for _, f := range flaws() {
				conditions := column
				conditions.Cast = scene.CastB // thresholds were set with the other voices
				if f.condition != nil {
					f.condition(&conditions)
				}
				s, err := maker.Make(t.Context(), uint64(9100+seed), conditions)
				if err != nil {
					t.Fatal(err)
				}
				if f.spoil != nil {
					f.spoil(s, rand.New(rand.NewPCG(uint64(seed), 3)))
				}
				health, a := healthOf(t, s)
				for _, missed := range tally.add(f, health) {
					t.Logf("%s %v dB, seed %d, %s: %s; %+v", column.Noise, column.SNR, seed, f.name, missed, a.Likeness)
				}
			}
		}
		tally.report(t, column)
	}
}

type tally struct{ faulty, found, healthy, alarms int }

func (y *tally) add(f flaw, health []call.ChannelHealth) (wrong []string) {
	for c, h := range health {
		reasons := faulted(h)
		if f.reason != "" && (c == 1 || f.both) {
			y.faulty++
			if slices.Contains(reasons, f.reason) {
				y.found++
			} else {
				wrong = append(wrong, "missed")
			}
			continue
		}
		y.healthy++
		if len(reasons) > 0 {
			y.alarms++
			wrong = append(wrong, "false alarm "+reasons[0])
		}
	}
	return wrong
}

func (y *tally) report(t *testing.T, column scene.Conditions) {
	t.Helper()
	low, high := wilson(y.found, y.faulty)
	alarmLow, alarmHigh := wilson(y.alarms, y.healthy)
	t.Logf("%s %v dB: found %d of %d faults (95 %%: %.3f to %.3f), %d false alarms on %d healthy channels (%.3f to %.3f)",
		column.Noise, column.SNR, y.found, y.faulty, low, high, y.alarms, y.healthy, alarmLow, alarmHigh)
	least, most := 1.0, 0.0
	if column.Noise != scene.None && column.SNR < 20 {
		least, most = 0.97, 0.01
	}
	if float64(y.found) < least*float64(y.faulty) || float64(y.alarms) > most*float64(y.healthy) {
		t.Errorf("%s %v dB: want at least %v found and at most %v alarms", column.Noise, column.SNR, least, most)
	}
}

// wilson is the 95 % score interval of a share (Wilson, 1927).
func wilson(k, n int) (low, high float64) {
	const z = 1.96
	p, m := float64(k)/float64(n), float64(n)
	middle, width := p+z*z/(2*m), z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return (middle - width) / (1 + z*z/m), (middle + width) / (1 + z*z/m)
}
