package audio

// When the background is other people's voices, being voiced does not tell the speaker from it, and its
// level swings more than that of steady noise: eight voices at once swing by about 12 dB from their least.
const (
	crowdBandDB  = 5    // above the floor: what lies lower is background
	crowdDecay   = 5e-4 // of what was counted, each frame: 20 s
	crowdShare   = 0.25 // of the background is voiced when it is voices; in noise and pauses 0.02 to 0.2
	crowdDensity = 0.1  // of all frames are background when there is one
	crowdLeast   = 20   // frames of background tell
	crowdLeastDB = 12   // the speaker must lie this far above the floor
	crowdTailDB  = 5    // and what begins or ends speech at most this much lower
)

// crowd tells whether the background of a channel is voices.
type crowd struct{ all, near, voiced float64 }

// push takes a frame and the floor below it.
func (c *crowd) push(f frame, floor float64) {
	c.all = c.all*(1-crowdDecay) + 1
	c.near *= 1 - crowdDecay
	c.voiced *= 1 - crowdDecay
	if f.level < floor+crowdBandDB && f.level > worthShape && !f.tone {
		c.near++
		c.voiced += float64(count(f.voiced))
	}
}

// talks reports whether the background is voices.
func (c *crowd) talks() bool {
	return c.near > max(crowdLeast, crowdDensity*c.all) && c.voiced > crowdShare*c.near
}

// limit returns the level that parts the speaker from the crowd: the middle between the usual level of
// the crowd, which lies about crowdBandDB above its least, and the loudest of the speaker.
func (c *crowd) limit(floor, top float64) float64 {
	return max(floor+crowdLeastDB, (floor+crowdBandDB+top)/2)
}
