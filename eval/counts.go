package eval

// Counts are hits, false alarms and misses.
type Counts struct {
	Hit    int `json:"hit"`
	False  int `json:"false"`
	Missed int `json:"missed"`
}

// F1 returns the harmonic mean of precision and recall, 1 when there was nothing to find and nothing was
// found.
func (c Counts) F1() float64 {
	if c.Hit+c.False+c.Missed == 0 {
		return 1
	}
	return 2 * float64(c.Hit) / float64(2*c.Hit+c.False+c.Missed)
}

// Add adds the counts of o.
func (c *Counts) Add(o Counts) {
	c.Hit, c.False, c.Missed = c.Hit+o.Hit, c.False+o.False, c.Missed+o.Missed
}

// Precision returns what part of the found is right, nil when nothing was found.
func (c Counts) Precision() *Share { return NewShare(c.Hit, c.Hit+c.False) }

// Recall returns what part of the right was found, nil when there was nothing to find.
func (c Counts) Recall() *Share { return NewShare(c.Hit, c.Hit+c.Missed) }
