//go:build cgo && !nowhisper

package whisper

import (
	"cmp"
	"context"
	"fmt"
	"sync/atomic"
	"time"

	bindings "github.com/ggerganov/whisper.cpp/bindings/go"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/transcribe"
)

// Limits of one window, in samples.
const (
	longest  = int(transcribe.MaxWindow) * bindings.SampleRate / 1000
	shortest = bindings.SampleRate // libwhisper skips what is shorter than 0.1 s; silence is added

	samplesPerState = bindings.SampleRate / 50 // of the encoder
)

// patience is how long an ended context waits for the step being computed.
const patience = 300 * time.Millisecond

// Engine is one worker's recogniser. Two calls at once wait for each other.
type Engine struct {
	model    *Model
	patience time.Duration
	turn     chan struct{} // who has put something in may use what follows
	closing  atomic.Bool   // Close was called
	released bool
	state    state
	last     atomic.Pointer[work] // what the last window took
	stale    bool                 // the state's random numbers were used: the next window gets a fresh one
	fitted   bool                 // the state has computed less than 30 s
}

func newEngine(m *Model, fresh state) *Engine {
	return &Engine{model: m, patience: patience, turn: make(chan struct{}, 1), state: fresh}
}

// extra holds the parameters that the bindings have no setter for.
type extra struct {
	bestOf int
	prompt string
	auto   bool
	random bool // the first try draws random numbers

	context int // states of the encoder to compute, 0 for all
}

// CheckOptions returns an error for options that no window could be recognised with.
func CheckOptions(o transcribe.Options) error {
	_, _, err := parameters(o)
	return err
}

// Recognise returns what is said in pcm. When ctx ends it returns ctx.Err() within half a second.
//
// libwhisper looks at ctx between the steps of its computation only, and encoding a window is one step: with a
// large model it takes many seconds. Then the step goes on in the background, pcm must not be changed
// any more, and the next window waits for its end.
func (e *Engine) Recognise(ctx context.Context, pcm []float32, o transcribe.Options) ([]transcribe.Segment, error) {
	if err := ctx.Err(); err != nil || len(pcm) == 0 {
		return nil, err
	}
	if len(pcm) > longest {
		return nil, fmt.Errorf("window of %d samples is longer than 30 s: %w", len(pcm), call.ErrInvalid)
	}
	params, more, err := parameters(o)
	if err != nil {
		return nil, err
	}
	if !o.FullContext {
		more.context = contextFor(len(pcm))
		params.SetAudioCtx(more.context)
	}
	select {
	case e.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	var segments []transcribe.Segment
	done := make(chan struct{})
	go func() {
		segments, err = e.compute(ctx, pcm, params, more)
		<-e.turn
		close(done)
	}()
	select {
	case <-done:
		return segments, err
	case <-ctx.Done():
	}
	select {
	case <-done:
	case <-time.After(e.patience):
	}
	return nil, ctx.Err()
}

// compute recognises pcm. It has the turn.
func (e *Engine) compute(ctx context.Context, pcm []float32, params bindings.Params, more extra) ([]transcribe.Segment, error) {
	if err := e.ready(more.context == 0 || more.auto); err != nil { // a language is looked for in 30 s
		return nil, err
	}
	e.fitted = more.context > 0
	done := e.state.recognise(ctx, e.model.weights, params, more, padded(pcm))
	// A hotter try and the beam search draw random numbers, and libwhisper seeds them only in a new state.
	e.stale = done.code != 0 || done.attempts > done.encoded || more.random
	done.computed = call.Millis(done.encoded) * computed(more.context)
	e.last.Store(&done)
	if done.code == codeStateFreed {
		e.state = state{}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if done.code == codeNoMemory || done.code == codeStateFreed {
		return nil, ErrNoMemory
	}
	if done.code != 0 {
		return nil, fmt.Errorf("libwhisper gave up with code %d", done.code)
	}
	language := ""
	if more.auto {
		language = e.state.language()
	}
	return e.segments(len(pcm), language), nil
}

// Work returns what the last window took.
func (e *Engine) Work() transcribe.Work {
	done := e.last.Load()
	if done == nil {
		return transcribe.Work{}
	}
	return transcribe.Work{
		Encoded: done.encoded, Computed: done.computed,
		Decoded: done.decoded, Failed: max(0, done.attempts-done.encoded),
	}
}

// Close gives the engine's memory back, after the step that is being computed, for which it does not wait.
func (e *Engine) Close() error {
	e.closing.Store(true)
	select {
	case e.turn <- struct{}{}:
		e.release()
	default:
		go func() {
			e.turn <- struct{}{}
			e.release()
		}()
	}
	return nil
}

// release frees everything once. It has the turn and gives it back.
func (e *Engine) release() {
	defer func() { <-e.turn }()
	if e.released {
		return
	}
	e.released = true
	e.drop()
	giveBack()
	e.model.release()
}

// ready makes a state where there is none that may be used. full says that 30 s will be computed: of the last
// block of these, attention reads more than is written, which is silence in a fresh state and otherwise what an
// earlier, shorter window left there.
func (e *Engine) ready(full bool) error {
	if e.closing.Load() {
		return ErrClosed
	}
	if e.stale || full && e.fitted || e.state.c == nil {
		e.state, e.stale, e.fitted = e.model.renew(e.state), false, false
	}
	if e.state.c == nil {
		return ErrNoMemory
	}
	return nil
}

func (e *Engine) drop() {
	if e.state.c != nil {
		e.state.free()
		e.state = state{}
	}
}

func parameters(o transcribe.Options) (bindings.Params, extra, error) {
	strategy := bindings.SAMPLING_GREEDY
	if o.Beam > 1 {
		strategy = bindings.SAMPLING_BEAM_SEARCH
	}
	var none *bindings.Context // it would only be remembered for callbacks, which are ours
	p := none.Whisper_full_default_params(strategy)
	more := extra{bestOf: max(1, o.BestOf), prompt: o.Prompt, random: o.Beam > 1 || o.Temperature > 0}
	language := cmp.Or(o.Language, "zh")
	if more.auto = language == "auto"; !more.auto {
		if err := p.SetLanguage(none.Whisper_lang_id(language)); err != nil || p.Language() < 0 {
			return p, more, fmt.Errorf("language %q: %w", language, call.ErrInvalid)
		}
	}
	p.SetThreads(max(1, o.Threads))
	p.SetBeamSize(max(1, o.Beam))
	p.SetTemperature(float32(o.Temperature))
	p.SetTemperatureFallback(float32(cmp.Or(o.TemperatureStep, 0.2)))
	p.SetTranslate(false)
	p.SetNoContext(true) // text carried from one window to the next breeds loops
	if o.Prompt == "" {
		p.SetMaxContext(0) // nor from one stretch of a window to its next
	}
	p.SetTokenTimestamps(true)
	p.SetPrintProgress(false)
	p.SetPrintRealtime(false)
	p.SetPrintTimestamps(false)
	p.SetPrintSpecial(false)
	return p, more, nil
}

// computed returns how much sound so many states are.
func computed(context int) call.Millis {
	if context == 0 {
		return transcribe.MaxWindow
	}
	return call.FromSamples(int64(context*samplesPerState), bindings.SampleRate)
}

// contextFor returns how many of the encoder's states are to be computed for so many samples, in whole blocks; 0
// for all that there are.
func contextFor(samples int) int {
	fitted := transcribe.Fitted(call.FromSamples(int64(samples), bindings.SampleRate))
	if fitted > transcribe.LongestFitted {
		return 0
	}
	return int(fitted.Samples(bindings.SampleRate)) / samplesPerState
}

func padded(pcm []float32) []float32 {
	if len(pcm) >= shortest {
		return pcm
	}
	return append(make([]float32, 0, shortest), pcm...)[:shortest]
}

// segments reads the result of the last recognition, clipped to the window of n samples, which was found to be in
// language.
func (e *Engine) segments(n int, language string) []transcribe.Segment {
	window := call.Span{End: call.FromSamples(int64(n), bindings.SampleRate)}
	var found []transcribe.Segment
	for i := range e.state.segments() {
		raw := e.state.tokens(e.model.weights, i)
		tokens := joinTokens(raw, window)
		if len(tokens) == 0 {
			continue
		}
		start, end := e.state.times(i)
		found = append(found, transcribe.Segment{
			Span:       span(start, end, window),
			Tokens:     tokens,
			Language:   language,
			AvgLogProb: meanLogProb(raw),
		})
	}
	return found
}
