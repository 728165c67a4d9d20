package accuracy_test

import (
	"math"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/internal/callgen"
	"github.com/zhijian-qa/zhijian/internal/scene"
)

// BenchmarkAnalyse tells how many seconds of a stereo call one second of a processor analyses: beside other
// work the time on the clock says little. Its peers in the same run are reading the same file and holding
// the energy of its frames against a fixed level, and Silero where its model is at hand.
func BenchmarkAnalyse(b *testing.B) {
	path := written(b)
	var plain float64
	b.Run("peer=reading and energy", func(b *testing.B) {
		plain = perSecond(b, path, readAndThreshold)
	})
	analyse := func(cfg audio.VADConfig) func(*testing.B, *audio.File) {
		return func(b *testing.B, f *audio.File) {
			if _, err := audio.Analyse(b.Context(), f, cfg); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("built-in", func(b *testing.B) {
		b.ReportMetric(plain/perSecond(b, path, analyse(audio.VADConfig{})), "x_time_of_reading_and_energy")
	})
	voices := sileroVoices()
	if voices == nil {
		b.Log("Silero is left out: its model is not at hand")
		return
	}
	b.Run("peer=Silero", func(b *testing.B) {
		b.ReportMetric(plain/perSecond(b, path, analyse(audio.VADConfig{Voices: voices})), "x_time_of_reading_and_energy")
	})
}

// written returns the file of a noisy call of about two minutes.
func written(b *testing.B) string {
	b.Helper()
	var m scene.Maker
	s, err := m.Make(b.Context(), 700_001, scene.Conditions{Cast: scene.CastB, Noise: scene.Office, SNR: 20, Echo: true, EchoDB: -28, EchoLag: 90})
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "scene.wav")
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	if err := callgen.WriteWAV(file, "alaw", s.PCM[:]); err != nil {
		b.Fatal(err)
	}
	return path
}

// perSecond returns, and reports, the seconds of the call that a second of a processor takes in.
func perSecond(b *testing.B, path string, take func(*testing.B, *audio.File)) float64 {
	b.Helper()
	f, err := audio.Open(b.Context(), path, audio.Config{})
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	before := processor(b)
	for b.Loop() {
		take(b, f)
	}
	speed := f.Info().Duration.Seconds() * float64(b.N) / (processor(b) - before)
	b.ReportMetric(speed, "x_real_time_of_a_core")
	return speed
}

// processor returns the processor time that this process has used, in seconds.
func processor(b *testing.B) float64 {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}

// readAndThreshold counts the frames of 10 ms above a level, and nothing else.
func readAndThreshold(b *testing.B, f *audio.File) {
	b.Helper()
	loud := 0
	for block, err := range f.Blocks(b.Context()) {
		if err != nil {
			b.Fatal(err)
		}
		for _, pcm := range block.PCM {
			for ; len(pcm) >= scene.Rate/100; pcm = pcm[scene.Rate/100:] {
				sum := 0.0
				for _, x := range pcm[:scene.Rate/100] {
					sum += float64(x) * float64(x)
				}
				if 10*math.Log10(sum/(scene.Rate/100)+1e-12) > -42 {
					loud++
				}
			}
		}
	}
	if loud == 0 {
		b.Fatal("nothing is loud")
	}
}
