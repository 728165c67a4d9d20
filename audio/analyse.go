package audio

import (
	"cmp"
	"context"
	"fmt"
	"math"

	"github.com/zhijian-qa/zhijian/call"
)

// Analysis is what one pass over a recording tells: who speaks when, and in what state it is.
type Analysis struct {
	Info
	Channels []ChannelAnalysis
	// Similarity is the correlation of two channels, from -1 to 1. Channels of a call that were
	// recorded apart have about 0; a mono call saved as stereo has 1.
	Similarity float64
	Likeness   Likeness // of the two channels of a call, delays and echoes searched
	VAD        string   // the detector and its settings, part of a transcript's revision
}

// ChannelAnalysis is what is known about one channel. Levels are in dBFS: a square wave at full scale
// has 0, digital silence -100.
type ChannelAnalysis struct {
	Speech  []call.Span       // in order, pauses below the detector's limit closed
	Levels  []call.SpanLevels // of each span of Speech
	LevelDB float64           // median of the speech frames, -100 without speech
	NoiseDB float64           // median of what is neither speech nor tone
	PeakDB  float64           // the loudest frame
	Tones   call.Millis       // the length of tones: ringback, busy, DTMF
	Music   []call.Span       // stretches of held notes, as hold music has: best effort
	Sounds  []call.Sound      // ringback, busy, keys, other tones and music, in order
	Missing call.Millis       // at the end, where the channel stopped before the file did
	Clipped float64           // the share of clipped samples in the length of speech, or in all where none was found
}

// Analyse makes one pass over f.
func Analyse(ctx context.Context, f *File, cfg VADConfig) (Analysis, error) {
	a := newAnalyser(f.info, cfg)
	if cfg.Voices != nil {
		feeds, err := openVoices(*cfg.Voices, f.info)
		if err != nil {
			return Analysis{}, fmt.Errorf("analyse: %w", err)
		}
		defer closeVoices(feeds)
		a.listen(feeds)
	}
	for block, err := range f.Blocks(ctx) {
		if err != nil {
			return Analysis{}, fmt.Errorf("analyse: %w", err)
		}
		if err := a.hear(block); err != nil {
			return Analysis{}, fmt.Errorf("analyse: %w", err)
		}
		a.push(block)
	}
	for _, feed := range a.voices {
		if err := feed.flush(); err != nil {
			return Analysis{}, fmt.Errorf("analyse: %w", err)
		}
	}
	return a.finish(f.Info()), nil
}

// listen lets a model judge the frames.
func (a *analyser) listen(feeds []*voiceFeed) {
	a.voices = feeds
	for i, t := range a.detector.tracks {
		t.voice = feeds[i]
	}
}

// hear gives a block to the model, before its frames are judged.
func (a *analyser) hear(b Block) error {
	for i, feed := range a.voices {
		if err := feed.push(b.PCM[i]); err != nil {
			return err
		}
	}
	return nil
}

// analyser runs the channels of a call through framers and the detector in step.
type analyser struct {
	framers    []*framer
	queues     [][]frame // frames that the detector has not taken
	detector   *detector
	voices     []*voiceFeed // of a model, if one judges
	peaks      []float64
	levels     []levelTrace
	similarity similarity
	likeness   *likeness // of two channels
	still      []stillness
	replaced   int
	vad        string
}

func newAnalyser(info Info, cfg VADConfig) *analyser {
	a := &analyser{
		framers:  make([]*framer, info.Channels),
		queues:   make([][]frame, info.Channels),
		detector: newDetector(cfg, info.Channels),
		peaks:    make([]float64, info.Channels),
		levels:   make([]levelTrace, info.Channels),
		vad:      cfg.String(),
	}
	a.still = make([]stillness, info.Channels)
	if info.Channels == 2 {
		a.likeness = newLikeness(info.Rate)
	}
	for i := range a.framers {
		a.framers[i] = newFramer(info.Rate)
		a.peaks[i] = silenceDB
	}
	return a
}

func (a *analyser) push(b Block) {
	a.replaced += b.Replaced
	if len(b.PCM) == 2 {
		a.similarity.add(b.PCM[0], b.PCM[1])
		a.likeness.push(b.PCM[0], b.PCM[1])
	}
	for i, f := range a.framers {
		f.push(b.PCM[i], func(x frame) { a.queues[i] = append(a.queues[i], x) })
	}
	a.drain()
}

// drain gives the detector the frames that all channels have.
func (a *analyser) drain() {
	n := len(a.queues[0])
	frames := make([]frame, len(a.queues))
	for i := range n {
		for c, queue := range a.queues {
			frames[c] = queue[i]
			a.peaks[c] = max(a.peaks[c], queue[i].level)
			a.still[c].push(queue[i].level)
			a.levels[c].push(queue[i].level)
		}
		a.detector.push(frames)
	}
	for c := range a.queues {
		a.queues[c] = a.queues[c][:0]
	}
}

func (a *analyser) finish(info Info) Analysis {
	for i, f := range a.framers {
		f.flush(func(x frame) { a.queues[i] = append(a.queues[i], x) })
	}
	a.drain()
	if a.replaced > 0 {
		info.Warnings = append(info.Warnings, fmt.Sprintf("%d samples were no finite numbers and were silenced", a.replaced))
	}
	result := Analysis{Info: info, Similarity: a.similarity.value(), VAD: a.vad}
	if a.likeness != nil {
		result.Likeness = a.likeness.finish()
	}
	a.detector.finish(result.Likeness.Echo)
	whole := call.Span{Start: 0, End: info.Duration}
	for c, t := range a.detector.tracks {
		ch := ChannelAnalysis{
			Speech:  call.Clip(t.spans.speech, whole),
			LevelDB: t.spans.levels.median(),
			NoiseDB: t.spans.noise.median(),
			PeakDB:  a.peaks[c],
			Music:   call.Clip(t.music.spans, whole),
			Tones:   t.toned(),
			Sounds:  t.sounds(whole),
			Missing: a.still[c].missing(),
		}
		if blips(ch.Speech, ch.LevelDB, ch.NoiseDB, info.Duration) {
			ch.Speech, ch.LevelDB = nil, silenceDB
		}
		ch.Levels = a.levels[c].levels(ch.Speech)
		if sounding := cmp.Or(call.Total(ch.Speech), info.Duration); sounding > 0 {
			ch.Clipped = float64(a.framers[c].clip.total) / float64(sounding.Samples(info.Rate))
		}
		result.Channels = append(result.Channels, ch)
	}
	return result
}

// similarity sums up how alike two channels are. It compares the steps from sample to sample, which
// takes out constant offsets and much of the low end.
type similarity struct {
	last       [2]float32
	xx, yy, xy float64
}

func (s *similarity) add(x, y []float32) {
	var xx, yy, xy float64
	a, b := s.last[0], s.last[1]
	for i, v := range x {
		dx, dy := float64(v-a), float64(y[i]-b)
		a, b = v, y[i]
		xx, yy, xy = xx+dx*dx, yy+dy*dy, xy+dx*dy
	}
	s.last = [2]float32{a, b}
	s.xx, s.yy, s.xy = s.xx+xx, s.yy+yy, s.xy+xy
}

func (s *similarity) value() float64 {
	if s.xx == 0 || s.yy == 0 {
		return 0
	}
	return s.xy / math.Sqrt(s.xx*s.yy)
}
