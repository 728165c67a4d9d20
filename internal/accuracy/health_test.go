package accuracy_test

import (
	"os"
	"slices"
	"testing"

	"github.com/zhijian-qa/zhijian/internal/accuracy"
)

// TestChannelFaultsAreFoundAndNoOthers takes one call of each kind in each column with a goal.
func TestChannelFaultsAreFoundAndNoOthers(t *testing.T) {
	t.Parallel()
	var r accuracy.Runner
	dir, set := t.TempDir(), accuracy.Sets()[1]
	columns := accuracy.Columns()
	for c, column := range columns[:2] {
		var sum accuracy.Faulty
		for i, flaw := range slices.Concat(accuracy.Traps(), accuracy.Faults()) {
			found, err := r.Health(t.Context(), dir, set, column, flaw, i)
			if err != nil {
				t.Fatal(err)
			}
			sum.Add(found)
		}
		if !sum.Meets(c) {
			t.Errorf("%s: %v", sum.Row(column.Name), sum.Wrong)
		}
	}
}

// TestAccuracyOfChannelHealth prints the table of channel faults of docs/accuracy.md.
func TestAccuracyOfChannelHealth(t *testing.T) {
	if os.Getenv("ZHIJIAN_LONG") == "" {
		t.Skip("a long run: ZHIJIAN_LONG=1, or make accuracy; TestChannelFaultsAreFoundAndNoOthers is the short one")
	}
	const healthy, faulty = 12, 7 // calls of each kind in each column of each set
	var r accuracy.Runner
	dir := t.TempDir()
	for _, set := range accuracy.Sets() {
		for c, column := range accuracy.Columns() {
			var sum accuracy.Faulty
			count := func(flaws []accuracy.Flaw, calls int) {
				for k, flaw := range flaws {
					for i := range calls {
						found, err := r.Health(t.Context(), dir, set, column, flaw, 100*k+i)
						if err != nil {
							t.Fatal(err)
						}
						sum.Add(found)
					}
				}
			}
			count(accuracy.Traps(), healthy)
			count(accuracy.Faults(), faulty)
			t.Log("\n" + sum.Row(column.Name+"，"+set.Name))
			for _, wrong := range sum.Wrong {
				t.Log(wrong)
			}
			if c < 2 && !sum.Meets(c) {
				t.Errorf("%s, %s: want everything found and no alarm, or 0.97 and 0.01 at 10 dB", set.Name, column.Name)
			}
		}
	}
}
