package sense

import "math/bits"

// table finds the row of a feature: open addressing, at most half full.
type table struct {
	slots []slot
	mask  uint32
}

type slot struct {
	key feature
	row int32 // from 1, 0 for none
}

func newTable(features []feature) table {
	size := uint32(1) << bits.Len(uint(2*len(features)))
	t := table{slots: make([]slot, size), mask: size - 1}
	for row, f := range features {
		*t.slot(f) = slot{f, int32(row) + 1}
	}
	return t
}

// slot returns where f lies, or would.
func (t *table) slot(f feature) *slot {
	at := uint32(f) & t.mask
	for t.slots[at].row > 0 && t.slots[at].key != f {
		at = (at + 1) & t.mask
	}
	return &t.slots[at]
}

// row returns the row of f, -1 when it has none.
func (t *table) row(f feature) int32 { return t.slot(f).row - 1 }
