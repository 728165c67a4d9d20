package queue

import "slices"

// Lane is one of the ways through the queue. Those of one lane go in order; a lane passes those after it.
type Lane string

// The lanes, the first passes all others.
const (
	Urgent Lane = "urgent"
	Short  Lane = "short"
	Long   Lane = "long"
)

// Lanes returns all lanes in order.
func Lanes() []Lane { return []Lane{Urgent, Short, Long} }

// turnEvery is how many messages a worker takes until it looks into the last lane first once, so that long
// calls come on however many short ones there are.
const turnEvery = 8

// order returns lanes in the order in which the n-th message is looked for.
func order(lanes []Lane, n uint64) []Lane {
	if n%turnEvery != turnEvery-1 || len(lanes) < 2 {
		return lanes
	}
	turned := slices.Clone(lanes)
	last := len(turned) - 1
	return append([]Lane{turned[last]}, turned[:last]...)
}
