package config

import "time"

// Limits are the thresholds of the measures, argued in docs/measures.md. They are keys of the file like any other.
type Limits struct {
	Pause                 time.Duration `key:"speech_pause" default:"300ms" usage:"短于此的停顿算在说话里 · a party's shorter pauses belong to its speech"`
	InterruptionLead      time.Duration `key:"interruption_lead" default:"500ms" usage:"抢话：对方至少已说了多久 · interruption: the other has spoken at least"`
	InterruptionGoesOn    time.Duration `key:"interruption_goes_on" default:"400ms" usage:"抢话：对方至少还说多久 · interruption: the other goes on at least"`
	InterruptionOverlap   time.Duration `key:"interruption_overlap" default:"400ms" usage:"抢话：至少重叠多久 · interruption: both speak at least"`
	YieldWithin           time.Duration `key:"yield_within" default:"2s" usage:"抢话：对方多久之内停下算让出 · interruption: the other gave way when it stops within"`
	BackchannelLength     time.Duration `key:"backchannel_length" default:"1s" usage:"短于此、字数又少的插话请人复核 · shorter speech of few characters may be a backchannel"`
	BackchannelCharacters int           `key:"backchannel_characters" default:"2" usage:"多少字以内算字数少 · how many characters are few"`
	Silence               time.Duration `key:"silence_length" default:"3s" usage:"长于此的无人说话算静音 · a longer stretch without speech is a silence"`
	HoldReach             time.Duration `key:"hold_reach" default:"10s" usage:"请稍等之后多久之内开始的静音算已说明 · how long after hold language a silence it announces begins"`
	ReturnWithin          time.Duration `key:"return_within" default:"10s" usage:"等待之后多久之内要有致谢 · how long after a wait its thanks come"`
	RateSpeech            time.Duration `key:"rate_speech" default:"5s" usage:"测语速至少要说多久 · speech that a speech rate needs"`
	UtteranceSpeech       time.Duration `key:"utterance_speech" default:"1500ms" usage:"测单句语速、音量至少要说多久 · speech that the rate and level of an utterance need"`
	LevelSpeech           time.Duration `key:"level_speech" default:"2s" usage:"测音量至少要说多久 · speech that a party's level needs"`
	ShoutDB               float64       `key:"shout_db" default:"10" usage:"喊叫比本人的中位音量高多少分贝 · a shout lies this far above the speaker's own median, in dB"`
	ShoutFloorDB          float64       `key:"shout_floor_db" default:"-26" usage:"喊叫至少多响（dBFS） · and reaches this level in any case, in dBFS"`
	ShoutLength           time.Duration `key:"shout_length" default:"1s" usage:"喊叫至少多长 · and lasts this long"`
	Responses             int           `key:"responses" default:"3" usage:"测应答延迟至少要几次 · responses that a median latency needs"`
	Monologue             time.Duration `key:"monologue" default:"60s" usage:"不短于此的独白算长独白 · a monologue of this length is a long one"`
}

// The ranges of the limits.
const (
	longestLimit = time.Hour
	mostCount    = 1000
	mostShoutDB  = 60
	leastFloorDB = -100
)

// validate checks each limit. 0 is none of them: it would be no threshold at all.
func (l Limits) validate(check func(ok bool, key, format string, args ...any)) {
	for key, length := range map[string]time.Duration{
		"speech_pause": l.Pause, "interruption_lead": l.InterruptionLead, "interruption_goes_on": l.InterruptionGoesOn,
		"interruption_overlap": l.InterruptionOverlap, "yield_within": l.YieldWithin, "backchannel_length": l.BackchannelLength,
		"silence_length": l.Silence, "hold_reach": l.HoldReach, "return_within": l.ReturnWithin, "rate_speech": l.RateSpeech,
		"utterance_speech": l.UtteranceSpeech, "level_speech": l.LevelSpeech, "shout_length": l.ShoutLength, "monologue": l.Monologue,
	} {
		check(length >= time.Millisecond && length <= longestLimit, key, "%s is not in 1ms…1h", length)
		check(length%time.Millisecond == 0, key, "%s is finer than a millisecond", length)
	}
	for key, count := range map[string]int{"backchannel_characters": l.BackchannelCharacters, "responses": l.Responses} {
		check(count >= 1 && count <= mostCount, key, "%d is not in 1…%d", count, mostCount)
	}
	check(l.ShoutDB > 0 && l.ShoutDB <= mostShoutDB, "shout_db", "%g is not above 0 and up to %d dB", l.ShoutDB, mostShoutDB)
	check(l.ShoutFloorDB < 0 && l.ShoutFloorDB >= leastFloorDB, "shout_floor_db", "%g is not below 0 and from %d dBFS", l.ShoutFloorDB, leastFloorDB)
}
