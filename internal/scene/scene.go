package scene

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/callgen"
)

// Rate is the sample rate of all scenes in Hz.
const Rate = callgen.Rate

// The streams of random numbers that a seed stands for.
const (
	streamDialogue = iota + 11
	streamNoise
	streamSounds
)

// Conditions say what happens to the clean voices on their way into the recording. The zero value leaves
// them as they are: a digitally silent background, no codec.
type Conditions struct {
	Cast    Cast    // who may speak
	Noise   Noise   // None for none
	SNR     float64 // dB by which each party's speech lies above the noise on its channel
	Others  bool    // nobody in the babble sounds as a party does: it never says the very sound of a line
	Echo    bool    // each channel carries the other party too
	EchoDB  float64 // by how much the echo is louder than its source: -20 to -35
	EchoLag call.Millis
	Narrow  bool        // 300 to 3400 Hz, as GSM passes
	GSM     bool        // through the codec of GSM, before Codec
	DriveDB float64     // gain into the limit of full scale: above 0 clips
	Codec   string      // alaw, mulaw or "" for none
	Ring    call.Millis // of ringback at the beginning, on the customer's channel
	Busy    bool        // the busy tone at the end, on the customer's channel
	Keys    bool        // DTMF in the silences, on the customer's channel
	Music   bool        // in the silences that were announced, on the agent's channel
	Offset  float64     // constant added to every sample
	SoftDB  float64     // by which backchannels and every third other line are softer

	// What these change belongs to the dialogue: with other values the same seed gives another one.
	Turns    int         // of the dialogue. Defaults to 18, about two minutes.
	OneVoice bool        // both parties speak with the same voice, rate and pitch
	Listener bool        // after one sentence the customer says nothing but backchannels
	Hold     call.Millis // of one long hold after the second turn
}

// Scene is a call: channel 0 is the agent's, channel 1 the customer's.
type Scene struct {
	PCM   [2][]float32 // at Rate, full scale is 1
	Clean [2][]float32 // the voices alone
	Truth callgen.Truth
	// Tones are the stretches of ringback, busy tone and keys, Music those of music, on each channel.
	Tones, Music [2][]call.Span
}

// Roles names who is on which channel.
func Roles() []call.Role { return []call.Role{call.RoleAgent, call.RoleCustomer} }

// Maker makes scenes and remembers the sentences. Its zero value is ready; many goroutines may use it.
type Maker struct{ studio callgen.Studio }

// Make returns the scene of a seed: about two minutes unless the conditions say otherwise, with interruptions, backchannels, silences and
// holds. It fails when espeak-ng does.
func (m *Maker) Make(ctx context.Context, seed uint64, c Conditions) (*Scene, error) {
	made, err := m.dialogue(ctx, seed, c)
	if err != nil {
		return nil, fmt.Errorf("scene %d: %w", seed, err)
	}
	s := &Scene{Truth: made.Truth}
	for i := range s.Clean {
		s.Clean[i] = made.Channels[i]
	}
	s.soften(c.SoftDB)
	for i := range s.Clean {
		s.PCM[i] = append([]float32(nil), s.Clean[i]...)
	}
	if c.Echo {
		for i := range s.PCM {
			add(s.PCM[i], s.Clean[1-i], c.EchoLag, gain(c.EchoDB))
		}
	}
	s.sounds(c, rand.New(rand.NewPCG(seed, streamSounds)))
	if c.Noise != None {
		if err := m.noise(ctx, s, seed, c); err != nil {
			return nil, fmt.Errorf("scene %d: %w", seed, err)
		}
	}
	for i := range s.PCM {
		if err := c.transmit(ctx, s.PCM[i]); err != nil {
			return nil, fmt.Errorf("scene %d: %w", seed, err)
		}
	}
	return s, nil
}

// soften turns down lines that are spoken aside.
func (s *Scene) soften(db float64) {
	for i, role := range Roles() {
		for k, u := range s.Truth.Utterances {
			if u.Role == role && (u.Backchannel || k%3 == 0) {
				for at := u.Start.Samples(Rate); at < u.End.Samples(Rate); at++ {
					s.Clean[i][at] *= gain(-db)
				}
			}
		}
	}
}

// dialogue draws scripts until one comes out as it was meant: a pause inside a sentence may spoil an
// interruption.
func (m *Maker) dialogue(ctx context.Context, seed uint64, c Conditions) (*callgen.Call, error) {
	const attempts = 50
	random := rand.New(rand.NewPCG(seed, streamDialogue))
	var err error
	for range attempts {
		var made *callgen.Call
		if made, err = m.studio.Make(ctx, script(random, c)); err == nil {
			return made, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return nil, err
}
