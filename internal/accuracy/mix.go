package accuracy

import (
	"math/rand/v2"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/scene"
)

// Set is a set of calls: those that settings may be found with, or those kept back.
type Set struct {
	Name   string
	Seed   uint64 // the first
	Cast   scene.Cast
	Noises []scene.Noise
}

// Sets returns the set that settings may be found with and the set kept back: other seeds, other voices
// and a noise that the first has not.
func Sets() [2]Set {
	return [2]Set{
		{"调试集 tuning", 1_000, scene.CastA, []scene.Noise{scene.White, scene.Pink, scene.Babble, scene.Street}},
		{"保留集 held out", 700_000, scene.CastB, []scene.Noise{scene.Office, scene.Babble, scene.Street, scene.Office, scene.Pink}},
	}
}

// Fresh returns a set of other seeds and voices again, with every noise. It proves what the others were looked at for.
func Fresh() Set {
	return Set{"新种子 fresh", 9_400_000, scene.CastC, []scene.Noise{scene.White, scene.Pink, scene.Babble, scene.Street, scene.Office}}
}

// Column is a column of the table: strengths of the noise in dB, 0 for none.
type Column struct {
	Name string
	SNR  []float64
}

// Columns returns the columns: the first two have goals.
func Columns() [3]Column {
	return [3]Column{{"clean–20 dB", []float64{0, 30, 20}}, {"10 dB", []float64{10}}, {"5 dB", []float64{5}}}
}

// Conditions returns call i of a set in a column: all that a telephone call may suffer at once, drawn by
// its seed.
func (s Set) Conditions(column Column, i int) (seed uint64, c scene.Conditions) {
	seed = s.Seed + uint64(i)
	random := rand.New(rand.NewPCG(seed, 3))
	c = scene.Conditions{Cast: s.Cast, Codec: []string{"alaw", "mulaw"}[random.IntN(2)], Narrow: random.IntN(3) == 0}
	if c.SNR = column.SNR[i%len(column.SNR)]; c.SNR != 0 {
		c.Noise = s.Noises[i/len(column.SNR)%len(s.Noises)]
	}
	if random.IntN(2) == 0 {
		c.Echo, c.EchoDB, c.EchoLag = true, -20-15*random.Float64(), randomLag(random)
	}
	if random.IntN(6) == 0 {
		c.DriveDB = 12 + 6*random.Float64()
	}
	if random.IntN(3) == 0 {
		c.Ring = 7000
	}
	c.Busy, c.Keys, c.Music = random.IntN(3) == 0, random.IntN(3) == 0, random.IntN(3) == 0
	if random.IntN(6) == 0 {
		c.Offset = 0.02
	}
	return seed, c
}

func randomLag(random *rand.Rand) call.Millis { return call.Millis(20 + random.IntN(180)) }
