package transcribe

import "github.com/zhijian-qa/zhijian/call"

// Whisper encodes sound in states of 20 ms, 30 s of them by default, and can be told to compute fewer
// (audio_ctx). libwhisper's flash attention reads them in blocks of 256 without a mask: in a block that is
// not full it hears what an earlier window left there, and many more words are misheard. Whole blocks leave
// nothing.
const (
	blockStates = 256
	block       = blockStates * 20 * call.Millis(1)

	// LongestFitted is the longest window for which no more is computed than it holds, in blocks. Of a sixth one
	// the model has not all states.
	LongestFitted = 5 * block
)

// Fitted returns how much is computed for a window of a length when not all of 30 s is: whole blocks, or
// MaxWindow when it is longer than LongestFitted.
func Fitted(length call.Millis) call.Millis {
	if length > LongestFitted {
		return MaxWindow
	}
	return max(1, (length+block-1)/block) * block
}

// What a window costs, in milliseconds of one core, measured on the shape of Whisper's base for 1 to 5 blocks
// (docs/performance.md): each state in itself, each pair of states in attention, and the window as such, with
// the first tokens of its text. Larger models pay more for all of them; only the ratios decide.
const (
	stateCost = 0.69
	pairCost  = 0.00039
	windowFee = 50
)

// leastBlocks are what a window counts at least: a word or two by themselves are heard badly and would
// cost hardly anything.
const leastBlocks = 2

// cost says what the engine is going to take for a window of a length. Where it computes 30 s for every one, few
// windows are best, and such that share the load.
func (c Config) cost(length call.Millis) float64 {
	if c.Options.FullContext {
		share := float64(length) / float64(MaxWindow)
		return 1000 + share*share
	}
	states := float64(max(Fitted(length), leastBlocks*block)) / 20
	return windowFee + stateCost*states + pairCost*states*states
}
