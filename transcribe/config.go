package transcribe

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/zhijian-qa/zhijian/call"
)

// codeRevision changes whenever the code of this package makes other transcripts of the same sound.
const codeRevision = 6

// Config holds the settings of a Transcriber. The zero value works.
type Config struct {
	// Model is the speech model as name@hash; it goes into the transcript.
	Model string
	// Options say how the engine decodes.
	Options Options
	// Simplify turns Traditional characters into Simplified ones, rune by rune. Nil keeps them.
	Simplify func(string) string
	// Pause is the shortest silence of a party that ends its utterance. Defaults to 500 ms.
	Pause call.Millis
	// Window is the longest window. Defaults to the longest that is computed for no more than it holds, or to
	// 29.5 s with Options.FullContext. The most is MaxWindow.
	Window call.Millis
	// Margin is the sound kept around each speech span; longer silences in a window are cut down to
	// two margins. Defaults to 250 ms.
	Margin call.Millis
	// Hole is the speech without words, between two words of a window or after its last one, from which on it is
	// recognised once more by itself. Defaults to 1.5 s; MaxWindow and more never does.
	Hole call.Millis
	// Patience is how long the engine may take for a window, however short, in times MaxWindow, the most that it
	// computes for one. A window that takes longer is tried once more, greedily, and then given up. It changes no
	// transcript but those of windows given up. Defaults to 20: ten minutes.
	Patience float64
	// Unpunctuated leaves punctuation out of the text. No rule needs it.
	Unpunctuated bool
	// Metrics counts what is done. Nil counts nothing.
	Metrics *Metrics
}

func (c Config) withDefaults() Config {
	c.Simplify = orIdentity(c.Simplify)
	c.Pause = cmp.Or(c.Pause, 500)
	c.Window = min(cmp.Or(c.Window, c.longest()), MaxWindow)
	c.Margin = min(cmp.Or(c.Margin, 250), c.Window/10)
	c.Hole = cmp.Or(c.Hole, 1500)
	c.Patience = cmp.Or(c.Patience, 20)
	c.Options.Language = cmp.Or(c.Options.Language, "zh")
	return c
}

// longest returns the longest window that is made when none is set.
func (c Config) longest() call.Millis {
	if c.Options.FullContext {
		return 29_500
	}
	return LongestFitted
}

func orIdentity(f func(string) string) func(string) string {
	if f == nil {
		return func(s string) string { return s }
	}
	return f
}

// Revision returns a hash of all that decides what a transcript of the same sound says: model, decoding,
// windows, guard, code, and vad, the name and settings of the voice activity detection.
func (c Config) Revision(vad string) string {
	c = c.withDefaults()
	o := c.Options
	o.Threads = 0 // changes the speed only
	sum := sha256.Sum256(fmt.Appendf(nil, "code %d guard %d model %q options %+v pause %d window %d margin %d hole %d unpunctuated %v vad %q",
		codeRevision, guardRevision, c.Model, o, c.Pause, c.Window, c.Margin, c.Hole, c.Unpunctuated, vad))
	return hex.EncodeToString(sum[:6])
}
