// Package worker takes recordings all the way: audio, transcript, score, store. It holds the
// pipeline of one call and the pool that runs many. It may import floors 1 to 4.
package worker
