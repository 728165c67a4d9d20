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
	var r accuracy.Runner
	for c, column := range accuracy.Columns() {
		t.Run(column.Name, func(t *testing.T) {
			var all accuracy.Faulty
			sets := accuracy.Sets()
			for _, set := range append(sets[:], accuracy.Fresh()) {
				sum := faulty(t, &r, set, column)
				t.Log("\n" + sum.Row(column.Name+"，"+set.Name))
				for _, wrong := range sum.Wrong {
					t.Log(wrong)
				}
				if c < 2 && !sum.Meets(c) {
					t.Errorf("%s: want everything found and no alarm, or 0.97 and 0.01 at 10 dB", set.Name)
				}
				all.Add(sum)
			}
			t.Log("\n" + all.Row(column.Name))
		})
	}
}

// faulty makes calls of each kind of a set in a column, and judges the health of their channels.
func faulty(t *testing.T, r *accuracy.Runner, set accuracy.Set, column accuracy.Column) accuracy.Faulty {
	t.Helper()
	var sum accuracy.Faulty
	dir := t.TempDir()
	healthy, spoilt := 6, 4 // calls of each kind
	if set.Name == accuracy.Fresh().Name {
		healthy, spoilt = 12, 6 // 324 healthy and 120 faulty channels
	}
	for k, flaw := range slices.Concat(accuracy.Traps(), accuracy.Faults()) {
		calls := healthy
		if flaw.Reason != "" {
			calls = spoilt
		}
		for i := range calls {
			found, err := r.Health(t.Context(), dir, set, column, flaw, 100*k+i)
			if err != nil {
				t.Fatal(err)
			}
			sum.Add(found)
		}
	}
	return sum
}
