package scene

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/callgen"
)

// Cast says who may speak.
type Cast int

// The casts share no voice. Settings are found with one and judged with the others.
const (
	CastA Cast = iota
	CastB
	CastC
)

// voices returns the variants of espeak-ng of a cast.
func (c Cast) voices() []string {
	switch c {
	case CastB:
		return []string{"f3", "m5", "steph", "Mario", "anika", "m7"}
	case CastC:
		return []string{"f4", "m2", "Alicia", "Denis", "belinda", "m6"}
	}
	return []string{"f2", "m3", "Annie", "linda", "m1", "Andy"}
}

// backchannels are what listeners say.
var backchannels = [...]string{"嗯。", "对。", "好的。", "是的。", "哦。", "嗯嗯。"}

// inaudible is a level at which callgen's own noise is below every codec's step.
const inaudible = -200

// usualTurns is how many turns a scene has where the conditions don't say.
const usualTurns = 18

// script draws a dialogue. Two in five turns are plain; the others are talked into, listened to, or
// followed by a silence.
func script(random *rand.Rand, c Conditions) *callgen.Script {
	voices := c.Cast.voices()
	random.Shuffle(len(voices), func(i, j int) { voices[i], voices[j] = voices[j], voices[i] })
	s := &callgen.Script{
		Name: "scene", Agent: party(random, voices[0]), Customer: party(random, voices[1]),
		Sound: callgen.Sound{Codec: "pcm16", Noise: inaudible, Seed: random.Uint64()},
	}
	s.Agent.ID, s.Customer.ID = "9001", "13800000000"
	if c.Ring > 0 {
		s.Events = append(s.Events, callgen.Event{Kind: callgen.KindPause, Offset: c.Ring + 500})
	}
	if c.OneVoice {
		s.Customer.Voice, s.Customer.Rate, s.Customer.Pitch = s.Agent.Voice, s.Agent.Rate, s.Agent.Pitch
	}
	role := call.RoleAgent
	for i := range cmp.Or(c.Turns, usualTurns) {
		if c.Hold > 0 && i == 2 {
			s.Events = append(s.Events, callgen.Event{Kind: callgen.KindHold, Offset: c.Hold})
		}
		events := turn(random, role)
		if c.Listener && i > 1 {
			events = listened(events)
		}
		s.Events = append(s.Events, events...)
		role = role.Other()
	}
	return s
}

// listened leaves out what a customer who only listens would say.
func listened(events []callgen.Event) []callgen.Event {
	own := events[0].Role == call.RoleCustomer
	return slices.DeleteFunc(events, func(e callgen.Event) bool {
		return e.Kind == callgen.KindSpeech && (own || !e.Backchannel && e.Role == call.RoleCustomer)
	})
}

func party(random *rand.Rand, voice string) callgen.Party {
	return callgen.Party{
		Voice: voice, Rate: 150 + 25*random.IntN(3), Pitch: 40 + 15*random.IntN(2), Level: -18 - 10*random.Float64(),
	}
}

// turn draws what one party says and what happens with it.
func turn(random *rand.Rand, role call.Role) []callgen.Event {
	line := callgen.Event{Role: role, Text: sentence(random, role, 0)}
	over := callgen.Event{Role: role.Other()}
	switch random.IntN(10) {
	case 0, 1: // interrupted
		line.Text = strings.ReplaceAll(sentence(random, role, 16), "，", "")
		over.Text, over.Interrupts = strings.ReplaceAll(sentence(random, role.Other(), 10), "，", ""), true
		over.Placing, over.Offset = callgen.PlaceOver, between(random, 900, 1700)
		return []callgen.Event{line, over}
	case 2, 3, 4: // listened to
		line.Text = strings.ReplaceAll(sentence(random, role, 16), "，", "")
		over.Text, over.Backchannel = backchannels[random.IntN(len(backchannels))], true
		over.Placing, over.Offset = callgen.PlaceAt, between(random, 900, 1900)
		return []callgen.Event{line, over}
	case 5: // put on hold
		return []callgen.Event{line, {Kind: callgen.KindHold, Offset: between(random, 5000, 11000)}}
	case 6: // left in silence
		return []callgen.Event{line, {Kind: callgen.KindSilence, Offset: between(random, 3500, 8000)}}
	}
	return []callgen.Event{line}
}

// sentence draws what role may say, of at least so many characters.
func sentence(random *rand.Rand, role call.Role, least int) string {
	var fit []string
	for _, text := range callgen.Sentences(role) {
		if len([]rune(text)) >= least {
			fit = append(fit, text)
		}
	}
	return fit[random.IntN(len(fit))]
}

// between draws a multiple of 5 ms.
func between(random *rand.Rand, low, high int64) call.Millis {
	return call.Millis(low + 5*random.Int64N((high-low)/5+1))
}
