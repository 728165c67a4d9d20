package transcribe

import (
	"context"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
)

// Engine is one worker's recogniser. It works on one window at a time.
type Engine interface {
	// Recognise returns what is said in pcm, mono at 16 kHz and at most 30 s long, in order of time.
	// Times are on the window's clock. It returns ctx.Err() soon after ctx ends.
	Recognise(ctx context.Context, pcm []float32, o Options) ([]Segment, error)
}

// Engines lends recognisers for a window each. A Transcriber takes another one while it has some, for its next window.
type Engines interface {
	// Take waits until one is free. give must be called when the window is done.
	Take(ctx context.Context) (engine Engine, give func(), err error)
}

// one lends the only engine there is.
type one chan Engine

func newOne(engine Engine) one {
	o := make(one, 1)
	o <- engine
	return o
}

// Take waits until the engine is back.
func (o one) Take(ctx context.Context) (Engine, func(), error) {
	select {
	case engine := <-o:
		return engine, func() { o <- engine }, nil
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
}

// Segment is a piece of a window as the engine heard it.
type Segment struct {
	call.Span
	Tokens     []Token
	Language   string  // what the engine took the window's language for, "" when it was told
	AvgLogProb float64 // mean of the natural logarithm of its tokens' probabilities
}

// Text returns the texts of all tokens.
func (s Segment) Text() string { return tokensText(s.Tokens) }

// Token is what the engine returns at a time: in Mandarin mostly one character, always whole ones.
type Token struct {
	call.Span           // a hint, mostly interpolated
	Text        string  // may begin with a space
	Probability float64 // 0 to 1
}

// auto lets the engine find the language.
const auto = "auto"

// Options say how to decode. The zero value is what call recordings want.
type Options struct {
	Language        string  // code as in zh; "auto" lets the model decide; "" is zh
	Beam            int     // beams of the search; 0 and 1 are greedy
	BestOf          int     // candidates at temperatures above 0; 0 is 1
	Temperature     float64 // of the first try
	TemperatureStep float64 // added for the next try when one fails; 0 is 0.2, negative never tries again
	Threads         int     // of one engine; 0 is 1, which is best unless one urgent call has the machine
	FullContext     bool    // encode 30 s whatever the window holds, as libwhisper does by itself; slower
	Prompt          string  // biases towards product names; never put phrases here that rules look for
}

// MaxWindow is the longest window that an Engine takes; with FullContext as much is computed for a shorter one.
const MaxWindow call.Millis = 30_000

func tokensText(tokens []Token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.Text)
	}
	return b.String()
}
