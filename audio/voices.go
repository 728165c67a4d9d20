package audio

import (
	"errors"
	"fmt"

	"github.com/zhijian-qa/zhijian/call"
)

// Voices is a voice activity model from outside, such as Silero, that takes the place of the built-in
// judgement of frames. What both share stays: tones, music and the echo of the other party are no speech,
// and pauses are closed alike.
type Voices struct {
	// Name names the model and its content, for the revision of a transcript.
	Name string
	// Open starts one channel of a call. It is called for each.
	Open func() (VoiceStream, error)
}

// VoiceStream follows one channel.
type VoiceStream interface {
	// Push takes samples at TranscribeRate, a multiple of VoiceWindow, and returns the probability of speech,
	// 0 to 1, in each window of them. The result is valid until the next call.
	Push(pcm []float32) ([]float32, error)
	Close()
}

// VoiceWindow is the count of samples at TranscribeRate that a VoiceStream judges together: 32 ms.
const VoiceWindow = 512

// The probabilities from which on a window begins speech, and from which on it goes on; Silero's own.
const (
	voiceBegins = 0.5
	voiceGoesOn = 0.35
)

// voiceFeed brings the samples of one channel to a VoiceStream and its answers to the frames.
type voiceFeed struct {
	stream  VoiceStream
	narrow  *resampler // nil when the channel has the right rate
	waiting []float32
	answers [remembered]float32 // of the last windows
	windows int
}

func openVoices(v Voices, info Info) ([]*voiceFeed, error) {
	var feeds []*voiceFeed
	for range info.Channels {
		stream, err := v.Open()
		if err != nil {
			closeVoices(feeds)
			return nil, fmt.Errorf("open voice activity model: %w", err)
		}
		feed := &voiceFeed{stream: stream}
		if info.Rate != TranscribeRate {
			feed.narrow = newResampler(newFilter(info.Rate, TranscribeRate))
		}
		feeds = append(feeds, feed)
	}
	return feeds, nil
}

func closeVoices(feeds []*voiceFeed) {
	for _, f := range feeds {
		f.stream.Close()
	}
}

// push takes the next samples of the channel.
func (f *voiceFeed) push(pcm []float32) error {
	if f.narrow != nil {
		f.waiting = f.narrow.push(f.waiting, pcm)
	} else {
		f.waiting = append(f.waiting, pcm...)
	}
	whole := len(f.waiting) / VoiceWindow * VoiceWindow
	return f.ask(whole)
}

// flush judges what still waits, with silence after it.
func (f *voiceFeed) flush() error {
	if f.narrow != nil {
		f.waiting = f.narrow.flush(f.waiting)
	}
	if rest := len(f.waiting) % VoiceWindow; rest > 0 {
		f.waiting = append(f.waiting, make([]float32, VoiceWindow-rest)...)
	}
	return f.ask(len(f.waiting))
}

func (f *voiceFeed) ask(n int) error {
	if n == 0 {
		return nil
	}
	answers, err := f.stream.Push(f.waiting[:n])
	if err == nil && len(answers) != n/VoiceWindow {
		err = errors.New("the model gives no answer for each window")
	}
	if err != nil {
		return fmt.Errorf("find voices: %w", err)
	}
	for _, a := range answers {
		f.answers[f.windows%remembered] = a
		f.windows++
	}
	f.waiting = f.waiting[:copy(f.waiting, f.waiting[n:])]
	return nil
}

// at returns the probability of speech in frame i.
func (f *voiceFeed) at(i int) float32 {
	middle := (call.Millis(i)*1000/framesPerSecond + 5).Samples(TranscribeRate)
	if w := int(middle / VoiceWindow); w < f.windows {
		return f.answers[w%remembered]
	}
	return 0
}

// class judges frame i by the probability.
func (f *voiceFeed) class(i int, x frame) class {
	switch p := f.at(i); {
	case x.level < minSpeechDB-3 || p < voiceGoesOn:
		return quiet
	case p < voiceBegins:
		return weak
	}
	return sure
}
