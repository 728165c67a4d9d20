package audio

import "math"

// When the background is other people's voices, being voiced does not tell the speaker from it, and its
// level swings more than that of steady noise: eight voices at once swing by about 12 dB from their least.
// What tells is the level, held against the usual one of the crowd: tenths of a second of eight voices
// stay within 6 dB above it for minutes, and an utterance that lies 8 dB above the crowd as a whole has
// tenths 10 dB above it and more.
const (
	crowdBandDB  = 5    // above the floor: what lies lower is background
	crowdDecay   = 5e-4 // of what was counted, each frame: 20 s
	crowdShare   = 0.25 // of the background is voiced when it is voices; in noise and pauses 0.02 to 0.2
	crowdDensity = 0.1  // of all frames are background when there is one
	crowdLeast   = 20   // frames of background tell
	crowdBlock   = 10   // frames whose level is taken together
	crowdHeard   = 33   // blocks must have been heard: a speaker may go on as long without a pause
	crowdQuiet   = 0.1  // of the blocks are the quietest
	crowdBelowDB = 2    // the usual level is looked for from this far below them
	crowdReach   = 8    // dB up
	crowdModeDB  = 3    // around it lie most blocks
	crowdGather  = 0.6  // of the most that gather anywhere in its reach
	crowdMemory  = 3e-3 // of the blocks, each block: 33 s
	crowdFrameDB = 5    // above it a frame may be the speaker's
	crowdSureDB  = 7.5  // and a block surely is
)

// crowd tells whether the background of a channel is voices, and how loud they usually are.
type crowd struct {
	all, near, voiced float64
	blocks            [-silenceDB + 1]float64 // decaying counts of blocks by level
	total             float64                 // of them
	level             float64                 // the usual one of the background
	talks             bool                    // the background is voices
}

// push takes a frame and the floor below it.
func (c *crowd) push(f frame, floor float64) {
	c.all = c.all*(1-crowdDecay) + 1
	c.near *= 1 - crowdDecay
	c.voiced *= 1 - crowdDecay
	if f.level < floor+crowdBandDB && f.level > worthShape && f.tone == noTone {
		c.near++
		c.voiced += float64(count(f.voiced))
	}
}

// pushBlock takes the level of crowdBlock frames.
func (c *crowd) pushBlock(level float64) {
	for i := range c.blocks {
		c.blocks[i] *= 1 - crowdMemory
	}
	c.blocks[bin(level)]++
	c.total = c.total*(1-crowdMemory) + 1
	c.level = c.usual()
	density := crowdDensity
	if c.talks {
		density /= 2 // a dip of the floor ends no crowd
	}
	c.talks = c.total > crowdHeard && c.near > max(crowdLeast, density*c.all) && c.voiced > crowdShare*c.near
}

// usual returns the level around which blocks gather: the lowest such place, as the speaker's own gather
// higher, and not far above the quietest blocks, as a speaker may go on for long.
func (c *crowd) usual() float64 {
	low := c.quietest() - crowdBelowDB
	most := 0.0
	for k := range crowdReach + 1 {
		weight, _ := c.around(low + float64(k))
		most = max(most, weight)
	}
	for k := range crowdReach + 1 {
		if weight, mean := c.around(low + float64(k)); weight > crowdGather*most {
			for range 3 { // shifts of the mean
				_, mean = c.around(mean)
			}
			return min(mean, low+crowdReach)
		}
	}
	return low
}

// quietest returns the level that one block in ten does not reach.
func (c *crowd) quietest() float64 {
	sum := 0.0
	for db := len(c.blocks) - 1; db > 0; db-- {
		if sum += c.blocks[db]; sum >= crowdQuiet*c.total {
			return -float64(db)
		}
	}
	return 0
}

// around returns the weight and the mean of the blocks near a level.
func (c *crowd) around(db float64) (weight, mean float64) {
	sum, low := 0.0, math.Round(db)-crowdModeDB
	for k := range 2*crowdModeDB + 1 {
		w := c.blocks[bin(low+float64(k))]
		weight, sum = weight+w, sum+w*(low+float64(k))
	}
	if weight == 0 {
		return 0, db
	}
	return weight, sum / weight
}
