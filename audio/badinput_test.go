package audio

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

// floats returns the samples of a scene as a float WAV, with the faults of spoil.
func floats(t *testing.T, s *scene, spoil func(i int, x float32) float32) *File {
	t.Helper()
	var data bytes.Buffer
	for i := range s.pcm[0] {
		for c := range 2 {
			_ = binary.Write(&data, binary.LittleEndian, math.Float32bits(spoil(i, s.pcm[c][i])))
		}
	}
	return openBytes(t, rawWAV{tag: tagFloat, channels: 2, bits: 32, rate: 8000, data: data.Bytes(), dataSize: -1}.bytes())
}

func TestSpeechIsFoundInSpoiledSamples(t *testing.T) {
	t.Parallel()
	tests := map[string]func(i int, x float32) float32{
		"constant offset":    func(_ int, x float32) float32 { return x + 0.2 },
		"offset that jumps":  func(i int, x float32) float32 { return x + 0.1*float32(i/80000%2) },
		"no numbers":         func(i int, x float32) float32 { return pick(i%4001 == 0, float32(math.NaN()), x) },
		"infinite":           func(i int, x float32) float32 { return pick(i%4001 == 7, float32(math.Inf(1)), x) },
		"beyond full scale":  func(_ int, x float32) float32 { return 4 * x },
		"a run of no number": func(i int, x float32) float32 { return pick(i > 200_000 && i < 204_000, float32(math.NaN()), x) },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := dialogue(t)
			s.hiss(0, -60)
			s.hiss(1, -60)
			a, err := Analyse(t.Context(), floats(t, s, spoil), VADConfig{})
			if err != nil {
				t.Fatal(err)
			}
			s.check(a, 150) // what is taken for speech may outlast it by tailFrames and a little
			for c, ch := range a.Channels {
				if math.IsNaN(ch.LevelDB) || math.IsInf(ch.NoiseDB, 0) || math.IsNaN(a.Similarity) {
					t.Errorf("channel %d: %+v", c, ch)
				}
			}
		})
	}
}

func pick(yes bool, a, b float32) float32 {
	if yes {
		return a
	}
	return b
}

// TestOneMillisecond takes recordings of 1 ms at each rate.
func TestOneMillisecond(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{8000, 16000, 44100} {
		a, err := Analyse(t.Context(), openPCM(t, rate, sine(rate, 300, -6, 1)[:rate/1000], sine(rate, 300, -6, 1)[:rate/1000]), VADConfig{})
		if err != nil {
			t.Fatal(err)
		}
		if a.Duration != 1 || len(a.Channels) != 2 || len(a.Channels[0].Speech)+len(a.Channels[1].Speech) > 0 {
			t.Errorf("%d Hz: %+v", rate, a)
		}
	}
}

// TestSpeechInTheFirstAndLastFrame cuts a recording inside of words.
func TestSpeechInTheFirstAndLastFrame(t *testing.T) {
	t.Parallel()
	s := newScene(t, 8)
	s.say(0, "shenme", 100, -9)
	s.say(0, "shenme", 4000, -9)
	s.hiss(0, -60)
	s.hiss(1, -60)
	first, last := s.truth[0][0], s.truth[0][1]
	from, to := (first.Start + 60).Samples(8000), (last.End - 60).Samples(8000)
	a, err := Analyse(t.Context(), openPCM(t, 8000, s.pcm[0][from:to], s.pcm[1][from:to]), VADConfig{})
	if err != nil {
		t.Fatal(err)
	}
	got := a.Channels[0].Speech
	if len(got) != 2 || got[0].Start > 10 || got[1].End < a.Duration-10 {
		t.Errorf("got %v in %d ms", got, a.Duration)
	}
}

// TestFourHours finds the last words of a recording that is silent for hours.
func TestFourHours(t *testing.T) {
	t.Parallel()
	minutes := 6
	if os.Getenv("ZHIJIAN_LONG") != "" {
		minutes = 240
	}
	s := dialogue(t)
	data := append(bytes.Repeat([]byte{0xd5}, minutes*60*8000*2), s.aLaw()...)
	f := openBytes(t, rawWAV{tag: tagALaw, channels: 2, bits: 8, rate: 8000, data: data, dataSize: -1}.bytes())
	a, err := Analyse(t.Context(), f, VADConfig{})
	if err != nil {
		t.Fatal(err)
	}
	for c := range s.truth {
		for i := range s.truth[c] {
			s.truth[c][i].Start += call.Millis(minutes) * 60_000
			s.truth[c][i].End += call.Millis(minutes) * 60_000
		}
	}
	s.check(a, 80)
}
