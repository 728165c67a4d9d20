package audio

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sort"
	"sync"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

// scene is a call of 8 kHz put together from known parts.
type scene struct {
	t     testing.TB
	pcm   [2][]float32
	truth [2][]call.Span
	noise *rand.Rand
}

func newScene(t testing.TB, seconds float64) *scene {
	return &scene{t: t, pcm: [2][]float32{silence(8000, seconds), silence(8000, seconds)}, noise: rand.New(rand.NewPCG(7, 11))}
}

// say puts a word on a channel, its loudest sample at level dBFS, and notes the truth.
func (s *scene) say(channel int, word string, at call.Millis, level float64) call.Millis {
	s.t.Helper()
	pcm := loadWord(s.t, word)
	s.mix(channel, pcm, at, level+6) // the files peak at -6
	heard := extent(pcm)
	span := call.Span{Start: at + heard.Start, End: at + heard.End}
	s.truth[channel] = append(s.truth[channel], span)
	return span.End
}

// mix adds samples with a gain in dB.
func (s *scene) mix(channel int, pcm []float32, at call.Millis, gain float64) {
	g := float32(math.Pow(10, gain/20))
	for i, v := range pcm {
		if at := int(at.Samples(8000)) + i; at < len(s.pcm[channel]) {
			s.pcm[channel][at] += g * v
		}
	}
}

// hiss adds white noise of the given level to a channel.
func (s *scene) hiss(channel int, level float64) {
	g := math.Pow(10, level/20)
	for i := range s.pcm[channel] {
		s.pcm[channel][i] += float32(g * s.noise.NormFloat64())
	}
}

// leak adds a channel to the other, quieter and later.
func (s *scene) leak(from int, gain float64, delay call.Millis) {
	s.mix(1-from, slices.Clone(s.pcm[from]), delay, gain)
}

// analyse stores the scene in A-law, as calls are, and analyses it.
func (s *scene) analyse() Analysis {
	s.t.Helper()
	a, err := Analyse(s.t.Context(), s.file(), VADConfig{})
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

func (s *scene) file() *File {
	return openBytes(s.t, rawWAV{tag: tagALaw, channels: 2, bits: 8, rate: 8000, data: s.aLaw(), dataSize: -1}.bytes())
}

// aLaw returns the interleaved samples in A-law.
func (s *scene) aLaw() []byte {
	data := make([]byte, 0, 2*len(s.pcm[0]))
	for i, left := range s.pcm[0] {
		data = append(data, encodeALaw(left), encodeALaw(s.pcm[1][i]))
	}
	return data
}

var codesByValue = sync.OnceValue(func() []byte {
	codes := make([]byte, 256)
	for i := range codes {
		codes[i] = byte(i)
	}
	slices.SortFunc(codes, func(a, b byte) int { return int(aLaw[a]) - int(aLaw[b]) })
	return codes
})

// encodeALaw returns the code nearest to v.
func encodeALaw(v float32) byte {
	codes, want := codesByValue(), float64(v)*32768
	i := sort.Search(255, func(i int) bool { return float64(aLaw[codes[i]])+float64(aLaw[codes[i+1]]) >= 2*want })
	return codes[i]
}

func loadWord(t testing.TB, word string) []float32 {
	t.Helper()
	f, err := Open(t.Context(), filepath.Join("testdata", "speech", word+".wav"), Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return readAll(t, f)[0]
}

// extent returns where a clean word is louder than 38 dB below its loudest 10 ms.
func extent(pcm []float32) call.Span {
	var levels []float64
	for i := 0; i+80 <= len(pcm); i += 80 {
		sum := 0.0
		for _, v := range pcm[i : i+80] {
			sum += float64(v) * float64(v)
		}
		levels = append(levels, decibel(sum/80))
	}
	span, loudest := call.Span{Start: -1}, slices.Max(levels)
	for i, l := range levels {
		if l > loudest-38 {
			if span.Start < 0 {
				span.Start = frameStart(i)
			}
			span.End = frameStart(i + 1)
		}
	}
	return span
}
