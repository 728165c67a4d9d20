package eval

import (
	"cmp"
	"math"
	"slices"
)

// fewestForCorrelation is how many calls a correlation needs to exist at all; fewForCorrelation is how many
// it needs to be worth reading: below, its interval spans most of what is possible.
const (
	fewestForCorrelation = 3
	fewForCorrelation    = 10
)

// Correlation is a coefficient from −1 to 1 with its interval, which is nil where it is not defined: with
// fewer than 4 values, and for a coefficient of exactly 1 or −1.
type Correlation struct {
	Value    float64   `json:"value"`
	Interval *Interval `json:"interval"`
}

// Pearson returns the product-moment correlation of x and y, which have one length, with the interval of
// R. A. Fisher (1921). It is nil with fewer than 3 values or when x or y is constant.
func Pearson(x, y []float64) *Correlation {
	r, ok := pearson(x, y)
	if !ok {
		return nil
	}
	return &Correlation{Value: r, Interval: fisher(r, len(x), 1)}
}

// Spearman returns the rank correlation of x and y, equal values sharing the mean of their ranks, with the
// interval of D. G. Bonett and T. A. Wright (2000). It is nil where Pearson would be.
func Spearman(x, y []float64) *Correlation {
	r, ok := pearson(ranks(x), ranks(y))
	if !ok {
		return nil
	}
	return &Correlation{Value: r, Interval: fisher(r, len(x), 1+r*r/2)}
}

func pearson(x, y []float64) (float64, bool) {
	if len(x) < fewestForCorrelation {
		return 0, false
	}
	mx, my := mean(x), mean(y)
	var xx, yy, xy float64
	for i := range x {
		dx, dy := x[i]-mx, y[i]-my
		xx, yy, xy = xx+dx*dx, yy+dy*dy, xy+dx*dy
	}
	const nothing = 1e-18 // what rounding leaves of equal values of up to some hundred
	if xx <= nothing || yy <= nothing {
		return 0, false
	}
	return min(1, max(-1, xy/math.Sqrt(xx*yy))), true
}

// fisher returns the interval of r by its transform, whose variance is factor ÷ (n − 3).
func fisher(r float64, n int, factor float64) *Interval {
	const perfect = 1 - 1e-9
	if n <= fewestForCorrelation || math.Abs(r) > perfect {
		return nil
	}
	margin := z95 * math.Sqrt(factor/float64(n-3))
	return &Interval{Low: math.Tanh(math.Atanh(r) - margin), High: math.Tanh(math.Atanh(r) + margin)}
}

// ranks returns the rank of each value, from 1; equal values share the mean of theirs.
func ranks(values []float64) []float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	ranks := make([]float64, len(values))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && values[order[to]] == values[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			ranks[i] = float64(from+1+to) / 2
		}
		from = to
	}
	return ranks
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(max(1, len(values)))
}
