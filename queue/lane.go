package queue

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

// turnEvery is how many messages a taker takes until it looks for a long one first once, so that long calls come
// on however many short ones there are.
const turnEvery = 8

// order returns lanes in the order in which a taker of so many messages looks for the next. Short ones never pass
// urgent ones: nobody would wait for ever.
func order(lanes []Lane, taken int) []Lane {
	last := len(lanes) - 1
	if taken%turnEvery != turnEvery-1 || lanes[last] != Long {
		return lanes
	}
	return append([]Lane{Long}, lanes[:last]...)
}
