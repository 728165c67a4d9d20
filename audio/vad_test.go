package audio

import (
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

// check holds the speech found against the truth.
func (s *scene) check(a Analysis, tolerance call.Millis) {
	s.t.Helper()
	for c := range 2 {
		want := call.Merge(s.truth[c], 300)
		got := a.Channels[c].Speech
		if len(got) != len(want) {
			s.t.Errorf("channel %d: got %v, want %v", c, got, want)
			continue
		}
		for i := range want {
			ds, de := got[i].Start-want[i].Start, got[i].End-want[i].End
			if ds < -tolerance || ds > tolerance || de < -tolerance || de > tolerance {
				s.t.Errorf("channel %d %v: start off by %d ms, end by %d", c, want[i], ds, de)
			}
		}
	}
}

func dialogue(t testing.TB) *scene {
	s := newScene(t, 30)
	s.say(0, "nihao", 400, -9)
	s.say(1, "tingdian", 3200, -12)
	s.say(0, "en", 4100, -14)
	s.say(0, "shenme", 6500, -9)
	s.say(1, "shisi", 9300, -12)
	s.say(0, "dui", 10100, -12)
	s.say(0, "anpai", 12700, -9)
	s.say(1, "hao", 16200, -12)
	s.say(1, "shenme", 20500, -12)
	s.say(0, "shisi", 21500, -9)
	return s
}

func TestSpeechOfACleanCall(t *testing.T) {
	t.Parallel()
	for _, noise := range []float64{-50, -60, -200} {
		s := dialogue(t)
		s.hiss(0, noise)
		s.hiss(1, noise)
		s.check(s.analyse(), 70)
	}
}

// cadence puts a tone on a channel again and again.
func (s *scene) cadence(channel int, hz float64, on, off, from, to call.Millis, level float64) {
	for at := from; at < to; at += on + off {
		s.mix(channel, sine(8000, hz, level, on.Seconds()), at, 0)
	}
}

func TestTonesAreNotSpeech(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*scene){
		"ringback":   func(s *scene) { s.cadence(1, 450, 1000, 4000, 0, 12000, -10) },
		"busy":       func(s *scene) { s.cadence(1, 450, 350, 350, 0, 9000, -13) },
		"special":    func(s *scene) { s.cadence(1, 450, 100, 100, 0, 9000, -13) },
		"dial tone":  func(s *scene) { s.cadence(1, 450, 8000, 0, 1000, 9000, -20) },
		"quiet ring": func(s *scene) { s.cadence(1, 450, 1000, 4000, 200, 12000, -35) },
		"dtmf": func(s *scene) {
			low, high := []float64{697, 770, 852, 941}, []float64{1209, 1336, 1477, 1633}
			for i := range 16 {
				for _, hz := range []float64{low[i/4], high[i%4]} {
					s.mix(1, sine(8000, hz, -12, 0.1), call.Millis(500+i*250), 0)
				}
			}
		},
		"short dtmf": func(s *scene) {
			for i := range 8 {
				s.mix(1, sine(8000, 852, -12, 0.06), call.Millis(500+i*150), 0)
				s.mix(1, sine(8000, 1336, -12, 0.06), call.Millis(500+i*150), 0)
			}
		},
		"hum": func(s *scene) {
			for k := 1.0; k < 9; k++ {
				s.mix(1, sine(8000, 50*k, -30-2*k, 14), 1000, 0)
			}
		},
		"late loud noise": func(s *scene) {
			other := newScene(s.t, 8)
			other.hiss(0, -30)
			s.mix(1, other.pcm[0], 3000, 0)
		},
		"beep": func(s *scene) { s.mix(1, sine(8000, 1000, -10, 0.4), 5000, 0) },
	}
	noises := []float64{-200, -45}
	if os.Getenv("ZHIJIAN_LONG") != "" {
		noises = append(noises, -60)
	}
	for name, add := range tests {
		for _, noise := range noises {
			s := newScene(t, 13)
			s.say(0, "nihao", 2000, -9)
			s.say(0, "dui", 8000, -9)
			add(s)
			s.hiss(0, noise)
			s.hiss(1, noise)
			a := s.analyse()
			if got := a.Channels[1].Speech; len(got) > 0 {
				t.Errorf("%s over noise of %v dB: taken for speech: %v", name, noise, got)
			}
		}
	}
}

// TestTonesInNoiseAreNotSpeech lays keys and call progress 10 to 15 dB above a noise.
func TestTonesInNoiseAreNotSpeech(t *testing.T) {
	t.Parallel()
	for _, noise := range []float64{-26, -30, -34} {
		s := newScene(t, 30)
		s.say(0, "nihao", 2000, -9)
		s.cadence(1, 450, 1000, 4000, 1000, 12000, -13)
		s.cadence(1, 450, 350, 350, 22000, 29000, -13)
		for i, low := range []float64{697, 770, 852, 941} {
			for k, high := range []float64{1209, 1336, 1477, 1633} {
				at := call.Millis(13000 + 1000*i + 250*k)
				s.mix(1, sine(8000, low, -15, 0.1), at, 0)
				s.mix(1, sine(8000, high, -15, 0.1), at, 0)
			}
		}
		s.hiss(0, noise)
		s.hiss(1, noise)
		if got := s.analyse().Channels[1].Speech; len(got) > 0 {
			t.Errorf("noise of %v dB: taken for speech: %v", noise, got)
		}
	}
}

func TestCrosstalkIsNotSpeech(t *testing.T) {
	t.Parallel()
	for _, leak := range []float64{-20, -25, -30, -35} {
		for _, delay := range []call.Millis{0, 30, 200} {
			s := dialogue(t)
			clean := [2][]float32{slices.Clone(s.pcm[0]), slices.Clone(s.pcm[1])}
			s.mix(1, clean[0], delay, leak)
			s.mix(0, clean[1], delay, leak)
			s.hiss(0, -60)
			s.hiss(1, -60)
			s.check(s.analyse(), 120)
		}
	}
}

func TestDetectorWorksAtEachRate(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{8000, 11025, 16000, 22050, 44100, 48000} {
		s := dialogue(t)
		s.hiss(0, -50)
		s.hiss(1, -55)
		var pcm [2][]float32
		for c := range pcm {
			pcm[c] = convert(s.pcm[c], 8000, rate)
		}
		a, err := Analyse(t.Context(), openPCM(t, rate, pcm[0], pcm[1]), VADConfig{})
		if err != nil {
			t.Fatal(err)
		}
		s.check(a, 80)
	}
}

func TestSpeechAtTheEdgesOfTheRecording(t *testing.T) {
	t.Parallel()
	s := newScene(t, 2.24)
	s.say(0, "nihao", 0, -9)
	s.say(1, "en", 1900, -12)
	s.hiss(0, -50)
	s.hiss(1, -50)
	s.check(s.analyse(), 70)
}

func TestTinyRecordings(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 8, 79, 80, 81, 400, 8000} {
		pcm := sine(8000, 450, -10, 1)[:n]
		a, err := Analyse(t.Context(), openPCM(t, 8000, pcm), VADConfig{})
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Channels) != 1 || len(a.Channels[0].Speech) != 0 {
			t.Errorf("%d samples: got %+v", n, a.Channels)
		}
	}
}

func TestShortPausesBelongToSpeech(t *testing.T) {
	t.Parallel()
	for pause, want := range map[call.Millis]int{200: 1, 270: 1, 450: 2} {
		s := newScene(t, 8)
		end := s.say(0, "nihao", 1000, -9)
		begin := extent(loadWord(t, "shenme")).Start
		s.say(0, "shenme", end+pause-begin, -9)
		s.hiss(0, -55)
		if got := s.analyse().Channels[0].Speech; len(got) != want {
			t.Errorf("pause of %d ms: got %v, want %d spans", pause, got, want)
		}
	}
}

func TestVADNamesItsSettings(t *testing.T) {
	t.Parallel()
	if a, b := (VADConfig{}).String(), (VADConfig{Pause: 500}).String(); a == b {
		t.Errorf("both are %q", a)
	}
	if a, b := (VADConfig{}).String(), (VADConfig{Pause: 300}).String(); a != b {
		t.Errorf("the defaults are %q, then %q", a, b)
	}
}

func TestNoisesAreNotSpeech(t *testing.T) {
	t.Parallel()
	seconds := 20.0
	if os.Getenv("ZHIJIAN_LONG") != "" {
		seconds = 60
	}
	for _, level := range []float64{-55, -40, -25} {
		tests := map[string]func(random *rand.Rand, i int) float64{
			"white": func(random *rand.Rand, _ int) float64 { return random.NormFloat64() },
			"swelling": func(random *rand.Rand, i int) float64 {
				return random.NormFloat64() * (1 + 0.9*math.Sin(float64(i)/6000))
			},
			"gusts": func(random *rand.Rand, i int) float64 {
				return random.NormFloat64() * math.Pow(10, 0.6*math.Sin(float64(i)/700))
			},
			"clicks": func(random *rand.Rand, i int) float64 {
				return random.NormFloat64() * 10 * math.Exp(-float64(i%4000)/60)
			},
			"typing": func(random *rand.Rand, i int) float64 {
				return random.NormFloat64()*0.1 + random.NormFloat64()*8*math.Exp(-float64(i%1300)/150)
			},
			"pink": pink(1),
		}
		for name, noise := range tests {
			random, pcm := rand.New(rand.NewPCG(1, 5)), silence(8000, seconds)
			gain := math.Pow(10, level/20)
			for i := range pcm {
				pcm[i] = float32(gain * noise(random, i))
			}
			a, err := Analyse(t.Context(), openPCM(t, 8000, pcm), VADConfig{})
			if err != nil {
				t.Fatal(err)
			}
			if got := a.Channels[0].Speech; len(got) > 0 {
				t.Errorf("%s at %v dB: taken for speech: %v", name, level, got)
			}
		}
	}
}

// pink returns noise that falls by 3 dB an octave, by Kellet's filter.
func pink(gain float64) func(*rand.Rand, int) float64 {
	var a, b, c float64
	return func(random *rand.Rand, _ int) float64 {
		white := random.NormFloat64() * gain
		a = 0.99765*a + white*0.0990460
		b = 0.96300*b + white*0.2965164
		c = 0.57000*c + white*1.0526913
		return (a + b + c + white*0.1848) / 2
	}
}
