package audio

import "slices"

// The noise floor is the least level of the last seconds: speech always pauses, noise does not.
const (
	floorParts  = 10 // stretches that are looked back on
	floorFrames = 50 // frames in a stretch
	floorSmooth = 5  // frames that are averaged first
	floorBias   = 1.5
	minFloorDB  = -75 // digital silence and idle codes of G.711 count as this
)

// floorTracker follows the noise floor of one channel by minimum statistics.
type floorTracker struct {
	smooth  [floorSmooth]float64
	seen    int
	minima  []float64 // of past stretches, the newest last
	least   float64   // of them
	current float64   // of the running stretch
}

func newFloorTracker() *floorTracker { return &floorTracker{current: 0} }

// push takes the level of the next frame.
func (t *floorTracker) push(level float64) {
	t.smooth[t.seen%floorSmooth] = level
	t.seen++
	n := min(t.seen, floorSmooth)
	mean := 0.0
	for _, v := range t.smooth[:n] {
		mean += v / float64(n)
	}
	t.current = min(t.current, mean)
	if t.seen%floorFrames == 0 {
		t.minima = append(t.minima, t.current)
		if len(t.minima) > floorParts {
			t.minima = append(t.minima[:0], t.minima[1:]...)
		}
		t.least, t.current = slices.Min(t.minima), 0
	}
}

// level returns the floor in dBFS.
func (t *floorTracker) level() float64 {
	return max(min(t.least, t.current)+floorBias, minFloorDB)
}
