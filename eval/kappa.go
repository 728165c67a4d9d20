package eval

import "github.com/zhijian-qa/zhijian/score"

// Kappa is how far two judges agree beyond chance.
type Kappa struct {
	N         int     `json:"n"`
	Agreement float64 `json:"agreement"` // share of the calls with the same outcome
	Value     float64 `json:"value"`     // 1 is perfect, 0 as by chance
	Interval
	Reading Reading `json:"reading"`
	Few     bool    `json:"few"` // the interval is so wide that the reading proves little
}

// widest is how wide the interval of a kappa may be for its reading to mean something: it then spans no more
// than two of the five steps from 0 to 1.
const widest = 0.4

// Reading is a value of kappa in words, after J. R. Landis and G. G. Koch (1977).
type Reading string

// The readings, from worst to best.
const (
	ReadingPoor        Reading = "poor" // worse than by chance
	ReadingSlight      Reading = "slight"
	ReadingFair        Reading = "fair"
	ReadingModerate    Reading = "moderate"
	ReadingSubstantial Reading = "substantial"
	ReadingAlmost      Reading = "almost_perfect"
)

// Pair is the outcome that a person gave and the one that the program gave.
type Pair struct{ Person, Program score.Outcome }

// NewKappa returns the kappa of J. Cohen (1960) of those pairs, (po − pe) ÷ (1 − pe), where po is the share
// of equal pairs and pe the share expected of two judges who only keep to their own frequencies. It is nil
// where it is not defined: without pairs, or when both gave one and the same outcome to all. The interval
// is that of po by Wilson, with pe held fixed.
func NewKappa(pairs []Pair) *Kappa {
	var equal int
	person, program := map[score.Outcome]int{}, map[score.Outcome]int{}
	for _, p := range pairs {
		person[p.Person]++
		program[p.Program]++
		if p.Person == p.Program {
			equal++
		}
	}
	n := float64(len(pairs))
	chance := 0.0
	for outcome, count := range person {
		chance += float64(count) / n * float64(program[outcome]) / n
	}
	if len(pairs) == 0 || person[pairs[0].Person] == len(pairs) && program[pairs[0].Person] == len(pairs) {
		return nil
	}
	beyond := func(po float64) float64 { return (po - chance) / (1 - chance) }
	agreement, within := float64(equal)/n, Wilson(equal, len(pairs))
	k := &Kappa{
		N: len(pairs), Agreement: agreement, Value: beyond(agreement),
		Interval: Interval{Low: max(-1, beyond(within.Low)), High: beyond(within.High)},
	}
	k.Reading, k.Few = readingOf(k.Value), k.High-k.Low > widest
	return k
}

func readingOf(kappa float64) Reading {
	for _, step := range []struct {
		above   float64
		reading Reading
	}{{0.8, ReadingAlmost}, {0.6, ReadingSubstantial}, {0.4, ReadingModerate}, {0.2, ReadingFair}} {
		if kappa > step.above {
			return step.reading
		}
	}
	if kappa < 0 {
		return ReadingPoor
	}
	return ReadingSlight
}
