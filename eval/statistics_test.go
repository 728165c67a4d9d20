package eval_test

import (
	"math"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/score"
)

// near reports whether two figures are equal to four decimals.
func near(a, b float64) bool { return math.Abs(a-b) < 0.00005 }

func TestWilson(t *testing.T) {
	t.Parallel()
	// By hand: (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n) with z = 1.959964.
	for _, tt := range []struct {
		count, of int
		low, high float64
	}{
		{0, 10, 0, 0.27753},
		{10, 10, 0.72247, 1},
		{5, 10, 0.23659, 0.76341},
		{8, 10, 0.49016, 0.94332},
		{1, 1, 0.20655, 1},
		{0, 0, 0, 1},
		{50, 100, 0.40383, 0.59617},
	} {
		if got := eval.Wilson(tt.count, tt.of); !near(got.Low, tt.low) || !near(got.High, tt.high) {
			t.Errorf("%d of %d: got %.5f to %.5f, want %.5f to %.5f", tt.count, tt.of, got.Low, got.High, tt.low, tt.high)
		}
	}
	if eval.NewShare(0, 0) != nil {
		t.Error("a share of nothing is not nil")
	}
	if s := eval.NewShare(3, 4); s.Value != 0.75 || s.Count != 3 || s.Of != 4 {
		t.Errorf("got %+v", s)
	}
}

func TestBootstrapIsTheSameEachTimeAndHoldsTheFigure(t *testing.T) {
	t.Parallel()
	values := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	mean := func(v []float64) float64 {
		sum := 0.0
		for _, x := range v {
			sum += x
		}
		return sum / float64(len(v))
	}
	a, b := eval.Bootstrap(mean, values), eval.Bootstrap(mean, values)
	// The standard error of the mean is √(8.25/10) = 0.908, so that 5.5 ± 1.96 × 0.908 is 3.72 to 7.28.
	if a != b || math.Abs(a.Low-3.72) > 0.25 || math.Abs(a.High-7.28) > 0.25 {
		t.Errorf("got %+v and %+v, want about 3.72 to 7.28 twice", a, b)
	}
	if got := eval.Bootstrap(mean, []float64{4}); got != (eval.Interval{Low: 4, High: 4}) {
		t.Errorf("one value: got %+v", got)
	}
}

// pairs repeats outcomes that a person and the program gave.
func pairs(n int, person, program score.Outcome) []eval.Pair {
	var all []eval.Pair
	for range n {
		all = append(all, eval.Pair{Person: person, Program: program})
	}
	return all
}

const (
	pass, fail, none, review = score.OutcomePass, score.OutcomeFail, score.OutcomeNotApplicable, score.OutcomeReview
)

func join(lists ...[]eval.Pair) []eval.Pair {
	var all []eval.Pair
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func TestKappa(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		pairs     []eval.Pair
		agreement float64
		value     float64
		reading   eval.Reading
	}{
		// po = 35/50 = 0.7, pe = 25/50·30/50 + 25/50·20/50 = 0.5, κ = 0.2/0.5.
		{"a textbook table", join(pairs(20, fail, fail), pairs(5, fail, pass), pairs(10, pass, fail), pairs(15, pass, pass)), 0.7, 0.4, eval.ReadingFair},
		{"perfect", join(pairs(3, fail, fail), pairs(7, pass, pass)), 1, 1, eval.ReadingAlmost},
		// po = 0, pe = 0.5, κ = −1.
		{"always the other", join(pairs(5, fail, pass), pairs(5, pass, fail)), 0, -1, eval.ReadingPoor},
		// po = 0.9, pe = 0.9·1 + 0.1·0 = 0.9, κ = 0.
		{"the program never finds any", join(pairs(9, pass, pass), pairs(1, fail, pass)), 0.9, 0, eval.ReadingSlight},
		// po = 7/10, pe = 0.5·0.4 + 0.3·0.3 + 0.2·0.3 = 0.35, κ = 0.35/0.65.
		{
			"three outcomes",
			join(pairs(4, pass, pass), pairs(1, pass, none), pairs(2, fail, fail), pairs(1, fail, none), pairs(1, none, none), pairs(1, none, fail)),
			0.7, 0.35 / 0.65, eval.ReadingModerate,
		},
	} {
		k := eval.NewKappa(tt.pairs)
		if k == nil || !near(k.Agreement, tt.agreement) || !near(k.Value, tt.value) || k.Reading != tt.reading || k.N != len(tt.pairs) {
			t.Errorf("%s: got %+v, want agreement %.2f, κ %.4f, %s", tt.name, k, tt.agreement, tt.value, tt.reading)
			continue
		}
		if k.Low > k.Value || k.High < k.Value || k.Low < -1 || k.High > 1 {
			t.Errorf("%s: κ %.4f is not in %.4f to %.4f", tt.name, k.Value, k.Low, k.High)
		}
	}
	// Wilson on 35 of 50 gives 0.56250 to 0.80897; with pe = 0.5 that is 0.12499 to 0.61793.
	k := eval.NewKappa(join(pairs(20, fail, fail), pairs(5, fail, pass), pairs(10, pass, fail), pairs(15, pass, pass)))
	if !near(k.Low, 0.12499) || !near(k.High, 0.61793) || !k.Few {
		t.Errorf("got %.5f to %.5f, few %t; want 0.12499 to 0.61793, too wide to read", k.Low, k.High, k.Few)
	}
	if eval.NewKappa(nil) != nil || eval.NewKappa(pairs(9, pass, pass)) != nil {
		t.Error("κ is not nil where it is not defined")
	}
}

func TestCorrelations(t *testing.T) {
	t.Parallel()
	x := []float64{1, 2, 3, 4, 5}
	// Σxy = 8, Σxx = Σyy = 10. Fisher: atanh 0.8 ± 1.959964/√2 = −0.28729, 2.48452.
	r := eval.Pearson(x, []float64{2, 1, 4, 3, 5})
	if r == nil || !near(r.Value, 0.8) || !near(r.Interval.Low, -0.27964) || !near(r.Interval.High, 0.98620) {
		t.Errorf("Pearson: got %+v %+v, want 0.8, −0.27964 to 0.98620", r, r.Interval)
	}
	// With ties: ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: Σxy = 4.5, Σxx = 4.5, Σyy = 5.
	rho := eval.Spearman([]float64{1, 2, 2, 4}, []float64{10, 30, 20, 400})
	if rho == nil || !near(rho.Value, 4.5/math.Sqrt(22.5)) {
		t.Errorf("Spearman with ties: got %+v, want 0.9487", rho)
	}
	// Equal ranks at both ends: 1.5, 1.5, 3, 4.5, 4.5 and 1 to 5: Σxy = 9, Σxx = 9, Σyy = 10.
	if rho = eval.Spearman([]float64{7, 7, 8, 9, 9}, x); !near(rho.Value, 9/math.Sqrt(90)) {
		t.Errorf("Spearman: got %+v, want 0.9487", rho)
	}
	if rho = eval.Spearman(x, []float64{1, 8, 27, 64, 125}); rho.Value != 1 || rho.Interval != nil {
		t.Errorf("a curve that only rises: got %+v, want 1 without an interval", rho)
	}
	for name, got := range map[string]*eval.Correlation{
		"two values": eval.Pearson(x[:2], x[:2]), "a constant": eval.Pearson(x, []float64{3, 3, 3, 3, 3}),
		"a constant, by rank": eval.Spearman([]float64{2, 2, 2}, x[:3]), "nothing": eval.Spearman(nil, nil),
	} {
		if got != nil {
			t.Errorf("%s: got %+v, want nil", name, got)
		}
	}
}

func TestCharacterErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		want, got  string
		errors, of int
	}{
		{"您好，我家停电了。", "您好我加停电", 2, 7}, // 家 for 加, 了 missing
		{"停电", "停了电了", 2, 2},
		{"", "多出来的字", 5, 0},
		{"没有听见", "", 4, 4},
		{"ＡＢ１２ 您好！", "ab12您好", 0, 6},
		{"电话是138******01", "电话是13800138001", 0, 8}, // masked: 电话是 138 01
		{"电话是138******01", "电话是1380013801", 0, 8},
		{"电话是138******01", "电话是13800138009", 1, 8},
		{"我住在****，再见", "我住在幸福路三号再见", 1, 5}, // 4 hidden, 5 heard
		{"***", "", 0, 0},
		{"一二三四五", "二三四五六", 2, 5},
	} {
		if got := eval.CharacterErrors(tt.want, tt.got); got.Errors != tt.errors || got.Of != tt.of {
			t.Errorf("%s / %s: got %+v, want %d of %d", tt.want, tt.got, got, tt.errors, tt.of)
		}
	}
	if rate := (eval.Characters{Errors: 3, Of: 12}).Rate(); rate != 0.25 {
		t.Errorf("got %v, want 0.25", rate)
	}
}

func TestCounts(t *testing.T) {
	t.Parallel()
	c := eval.Counts{Hit: 6, False: 2, Missed: 4}
	if c.F1() != 12.0/18 || c.Precision().Value != 0.75 || c.Recall().Value != 0.6 {
		t.Errorf("got F1 %v, precision %v, recall %v; want 0.667, 0.75, 0.6", c.F1(), c.Precision(), c.Recall())
	}
	if (eval.Counts{}).F1() != 1 || (eval.Counts{Missed: 1}).F1() != 0 {
		t.Error("F1 of nothing is not 1, or F1 of a miss not 0")
	}
}

func TestMatching(t *testing.T) {
	t.Parallel()
	if !eval.SameStart(1000, 1500) || eval.SameStart(1000, 1501) || !eval.SameStart(1500, 1000) {
		t.Error("starts within 500 ms are one interruption, others are not")
	}
	at := func(start, end call.Millis) call.Span { return call.Span{Start: start, End: end} }
	for _, tt := range []struct {
		a, b call.Span
		same bool
	}{
		{at(0, 4000), at(0, 8000), true},
		{at(0, 3999), at(0, 8000), false},
		{at(0, 4000), at(4000, 8000), false},
		{at(1000, 5000), at(2000, 6000), true},
		{at(0, 0), at(0, 0), false},
	} {
		if got := eval.SameSilence(tt.a, tt.b); got != tt.same {
			t.Errorf("%v and %v: got %t", tt.a, tt.b, got)
		}
	}
	equal := func(a, b int) bool { return a == b }
	if got := eval.Match([]int{1, 1, 2, 3}, []int{1, 3, 1}, equal); got[0] != 0 || got[1] != 2 || got[2] != -1 || got[3] != 1 {
		t.Errorf("got %v, want each given once", got)
	}
}
