package audio

import (
	"cmp"
	"fmt"
	"math"

	"github.com/zhijian-qa/zhijian/call"
)

// VADConfig holds the settings of the built-in voice activity detector. The zero value works.
type VADConfig struct {
	// OnsetDB is how far above the noise floor a frame must lie to count as speech. Defaults to 9.
	OnsetDB float64
	// VoicedDB is the same for frames that are periodic as voices are. Defaults to 2.
	VoicedDB float64
	// ReleaseDB is how far above the noise floor the beginning and end of speech are followed.
	// Defaults to 2.
	ReleaseDB float64
	// CrosstalkDB is how far below the other channel the echo of the other party lies at least.
	// Defaults to 15.
	CrosstalkDB float64
	// Pause is the shortest pause that ends speech; shorter ones belong to it. Defaults to 300 ms.
	Pause call.Millis
	// Voices, when it is not nil, judges the frames in the place of the built-in detector, whose settings
	// then count for nothing but CrosstalkDB and Pause.
	Voices *Voices
}

func (c VADConfig) withDefaults() VADConfig {
	c.OnsetDB = cmp.Or(c.OnsetDB, 9)
	c.VoicedDB = cmp.Or(c.VoicedDB, 2)
	c.ReleaseDB = cmp.Or(c.ReleaseDB, 2)
	c.CrosstalkDB = cmp.Or(c.CrosstalkDB, 15)
	c.Pause = cmp.Or(c.Pause, 300)
	return c
}

// String names the detector and its settings, for the revision of a transcript.
func (c VADConfig) String() string {
	c = c.withDefaults()
	if c.Voices != nil {
		return fmt.Sprintf("voices-3(%s,crosstalk=%g,pause=%d)", c.Voices.Name, c.CrosstalkDB, c.Pause)
	}
	return fmt.Sprintf("builtin-4(onset=%g,voiced=%g,release=%g,crosstalk=%g,pause=%d)",
		c.OnsetDB, c.VoicedDB, c.ReleaseDB, c.CrosstalkDB, c.Pause)
}

// The constants of the detector. Lengths are in frames of 10 ms, levels in dB.
const (
	minSpeechDB  = -58 // quieter frames are never speech
	worthShape   = -68 // quieter frames are not looked at for voices: a quiet crowd lies here
	belowTopDB   = 36  // frames this far below the loudest speech of late begin none
	tailDB       = 42  // and those this far below belong to none
	topDecayDB   = 0.01
	lookahead    = 200   // a frame is judged when two seconds more have been heard
	warmUp       = 400   // and the first ones when four seconds have been
	remembered   = 512   // frames kept, a power of 2
	steadyFrames = 50    // that keep their level are no voice
	steadyDB     = 1.2   // standard deviation
	humDB        = 0.5   // the same of what is periodic: a held vowel varies more
	echoBack     = 20    // the other channel is looked back on, for the delay of an echo
	echoAround   = 10    // frames before and after that are averaged
	echoOwnDB    = 7     // an echo lies this far below the channel's own speech
	faintEchoDB  = -50   // against its source: nobody hears it
	ownSpeed     = 0.001 // of what is usual, each frame: ten seconds of speech
)

// track is one channel under the detector: its last frames and what was learnt from them.
type track struct {
	ring   [remembered]frame
	power  [remembered]float64 // of each frame, linear
	newest int                 // frame
	floor  *floorTracker
	top    float64           // the level of the loudest speech, decaying
	own    float64           // the usual level of the channel's own speech
	heard  float64           // frames of it
	tones  [keyTone + 1]runs // ringback, busy, keys
	music  runs
	spans  *spanBuilder // without what may be an echo of the other party
	whole  *spanBuilder // with it

	crowd *crowd
	voice *voiceFeed // nil for the built-in judgement

	sum, squares float64 // of the levels of the last steadyFrames frames
	voiced       int     // of them
}

func newTrack(cfg VADConfig) *track {
	return &track{floor: newFloorTracker(), crowd: &crowd{}, top: silenceDB, own: silenceDB, spans: newSpanBuilder(cfg.Pause), whole: newSpanBuilder(cfg.Pause)}
}

// detector finds speech on the channels of one call, frame by frame.
type detector struct {
	cfg    VADConfig
	tracks []*track
	seen   int // frames received
	judged int
}

func newDetector(cfg VADConfig, channels int) *detector {
	d := &detector{cfg: cfg.withDefaults(), tracks: make([]*track, channels)}
	for i := range d.tracks {
		d.tracks[i] = newTrack(d.cfg)
	}
	return d
}

// push takes the next frame of every channel.
func (d *detector) push(frames []frame) {
	for i, t := range d.tracks {
		t.receive(d.seen, frames[i])
	}
	d.seen++
	for d.seen >= warmUp && d.seen-d.judged > lookahead {
		d.judge()
	}
}

// finish judges the frames that waited. echoes says what each channel carries of the other, as far as that
// was measured.
func (d *detector) finish(echoes [2]Echo) {
	for d.judged < d.seen {
		d.judge()
	}
	for i, t := range d.tracks {
		if i < len(echoes) && echoes[i].Clear > 0 && echoes[i].GainDB < faintEchoDB {
			t.spans = t.whole // what is soft beside the other party is no echo
		}
		t.spans.finish()
	}
}

// receive stores frame i and marks steady stretches that end with it and tones around it.
func (t *track) receive(i int, f frame) {
	old := &t.ring[(i-steadyFrames+remembered)%remembered]
	if i >= steadyFrames {
		t.sum, t.squares = t.sum-old.level, t.squares-old.level*old.level
		t.voiced -= count(old.voiced)
	}
	t.voiced += count(f.voiced)
	t.sum, t.squares = t.sum+f.level, t.squares+f.level*f.level
	t.newest = i
	t.ring[i%remembered], t.power[i%remembered] = f, math.Pow(10, f.level/10)
	t.floor.push(f.level)
	t.crowd.push(f, t.floor.level())
	if i%crowdBlock == crowdBlock-1 {
		t.crowd.pushBlock(t.mean(i-crowdBlock+1, i))
	}
	for back := max(0, i-f.toned-1); f.tone != noTone && back < i; back++ {
		t.ring[back%remembered].tone = f.tone
	}
	mean, limit := t.sum/steadyFrames, steadyDB
	if t.voiced > steadyFrames/4 {
		limit = humDB
	}
	if i >= steadyFrames-1 && mean > minSpeechDB && t.squares/steadyFrames-mean*mean < limit*limit {
		for back := i - steadyFrames + 1; back <= i; back++ {
			t.ring[back%remembered].steady = true
		}
	}
	t.findMusic(i)
	t.top -= topDecayDB
	if f.voiced && f.held < musicBlock && f.level > t.floor.level()+10 {
		t.top = max(t.top, f.level)
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// judge decides about the oldest frame that waits.
func (d *detector) judge() {
	i := d.judged
	for c, t := range d.tracks {
		f := t.at(i)
		for kind := range t.tones {
			t.tones[kind].push(i, f.tone == tone(kind) && f.tone != noTone)
		}
		t.music.push(i, f.music && f.tone == noTone)
		class, echo := d.classify(c, i)
		f.voiced = f.voiced || t.voice != nil && class >= core // as the model has judged
		t.whole.push(i, class, f)
		if echo {
			class = quiet
		}
		t.spans.push(i, class, f)
	}
	d.judged++
}

// at returns frame i; frames before the recording and after its last are silent.
func (t *track) at(i int) frame { return t.ring[(i+remembered)%remembered] }

// class is how much a frame looks like speech.
type class int

const (
	quiet class = iota // not speech
	weak               // speech only beside a frame that surely is
	core               // loud enough to be speech
	sure               // and louder than a crowd in the background ever is
)

// classify judges a frame of a channel, and whether it may be an echo of the other party.
func (d *detector) classify(channel, i int) (found class, echo bool) {
	t := d.tracks[channel]
	f := t.at(i)
	if f.tone != noTone || f.steady || f.music || t.afterTone(i) {
		return quiet, false
	}
	if found = t.likeSpeech(i, f, d.cfg); found == quiet {
		return quiet, false
	}
	lead := d.otherLead(channel, i)
	if lead > d.cfg.CrosstalkDB && (t.heard == 0 || t.mean(i-echoAround, i+echoAround) < t.own-echoOwnDB) {
		return found, true
	}
	if found >= core && f.voiced && lead < 0 {
		t.heard++
		t.own += (f.level - t.own) * max(ownSpeed, 1/t.heard)
	}
	return found, false
}

// likeSpeech judges a frame by itself and by what is usual on its channel.
func (t *track) likeSpeech(i int, f frame, cfg VADConfig) class {
	if t.voice != nil {
		return t.voice.class(i, f)
	}
	floor := t.floor.level()
	on := max(floor+cfg.OnsetDB, t.top-belowTopDB, minSpeechDB)
	off := max(floor+cfg.ReleaseDB, t.top-tailDB, minSpeechDB-3)
	voiced := floor + cfg.VoicedDB
	if t.crowd.talks {
		on = max(on, t.crowd.level+crowdFrameDB)
		voiced, off = on, max(off, t.crowd.level)
	}
	switch {
	case f.level < off:
		return quiet
	case f.level < on && (!f.voiced || f.level <= voiced):
		return weak
	case t.crowd.talks && t.mean(i-crowdBlock/2, i+crowdBlock/2-1) < t.crowd.level+crowdSureDB:
		return core
	}
	return sure
}

// afterTone reports whether a tone ended just before frame i: its end is no sound of its own.
func (t *track) afterTone(i int) bool {
	return max(t.at(i-1).tone, t.at(i-2).tone, t.at(i-3).tone) != noTone
}

// otherLead returns by how much the other channel, within the delay of an echo, is louder than this one
// around frame i. An echo lies far below what it comes from, and below the channel's own speech.
func (d *detector) otherLead(channel, i int) float64 {
	if len(d.tracks) < 2 {
		return silenceDB
	}
	own, other := d.tracks[channel], d.tracks[1-channel]
	there := float64(silenceDB)
	for back := 0; back <= echoBack; back += echoAround {
		there = max(there, other.mean(i-back-echoAround, i-back+echoAround))
	}
	return there - own.mean(i-echoAround, i+echoAround)
}

// mean returns the level of the frames [from, to], as far as there are such.
func (t *track) mean(from, to int) float64 {
	from, to = max(from, 0), min(to, t.newest)
	if to < from {
		return silenceDB
	}
	sum := 0.0
	for i := from; i <= to; i++ {
		sum += t.power[i%remembered]
	}
	return decibel(sum / float64(to-from+1))
}
