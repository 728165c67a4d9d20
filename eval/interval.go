package eval

import (
	"math"
	"math/rand/v2"
	"slices"
)

// z95 is the quantile of the normal distribution for two-sided intervals of 95 %.
const z95 = 1.959964

// Interval is where a figure lies with a confidence of 95 %.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Share is a proportion with its interval.
type Share struct {
	Count int     `json:"count"`
	Of    int     `json:"of"`
	Value float64 `json:"value"`
	Interval
}

// NewShare returns count ÷ of, nil when of is 0.
func NewShare(count, of int) *Share {
	if of == 0 {
		return nil
	}
	return &Share{Count: count, Of: of, Value: float64(count) / float64(of), Interval: Wilson(count, of)}
}

// Wilson returns the 95 % score interval of the proportion count ÷ of (E. B. Wilson, 1927), which holds for
// small samples and at 0 and 1 too; for none of nothing it is everything from 0 to 1.
func Wilson(count, of int) Interval {
	if of == 0 {
		return Interval{Low: 0, High: 1}
	}
	n, p := float64(of), float64(count)/float64(of)
	centre := p + z95*z95/(2*n)
	margin := z95 * math.Sqrt(p*(1-p)/n+z95*z95/(4*n*n))
	whole := 1 + z95*z95/n
	within := Interval{Low: (centre - margin) / whole, High: (centre + margin) / whole}
	if count == 0 {
		within.Low = 0 // but for rounding
	}
	if count == of {
		within.High = 1
	}
	return within
}

// draws is how often a bootstrap draws anew.
const draws = 400

// Bootstrap returns where 95 of 100 values of a figure lie when samples of the same size are drawn anew from
// all (the percentile bootstrap of B. Efron, 1979). The same input gives the same interval.
func Bootstrap[T any](of func([]T) float64, all []T) Interval {
	random := rand.New(rand.NewPCG(1, 95))
	values, drawn := make([]float64, draws), make([]T, len(all))
	for i := range values {
		for k := range drawn {
			drawn[k] = all[random.IntN(len(all))]
		}
		values[i] = of(drawn)
	}
	slices.Sort(values)
	return Interval{Low: values[draws*25/1000], High: values[draws*975/1000-1]}
}
