package score

import "slices"

// none is the place of no hit.
const none = int32(-1)

// link puts the hits in rows by list.
func (v *view) link() {
	v.firstOf, v.nextOf = map[string]int32{}, make([]int32, len(v.hits))
	for i := len(v.hits) - 1; i >= 0; i-- {
		first, known := v.firstOf[v.hits[i].List]
		if !known {
			first = none
		}
		v.nextOf[i], v.firstOf[v.hits[i].List] = first, int32(i)
	}
}

// eachOf calls use with the hits of a list in order, until it returns false.
func (v *view) eachOf(list string, use func(*hit) bool) {
	at, known := v.firstOf[list]
	for known && at != none && use(&v.hits[at]) {
		at = v.nextOf[at]
	}
}

// anyOf reports whether one of the hits of the lists is as is says.
func (v *view) anyOf(lists []string, is func(*hit) bool) bool {
	found := false
	for _, list := range lists {
		v.eachOf(list, func(h *hit) bool {
			found = is(h)
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

// placesOf appends the places of the hits of the lists, in order.
func (v *view) placesOf(to []int32, lists ...[]string) []int32 {
	rows := 0
	for _, some := range lists {
		for _, list := range some {
			before := len(to)
			if at, known := v.firstOf[list]; known {
				for ; at != none; at = v.nextOf[at] {
					to = append(to, at)
				}
			}
			if len(to) > before {
				rows++
			}
		}
	}
	if rows > 1 {
		slices.Sort(to)
		to = slices.Compact(to)
	}
	return to
}
