package audio

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

// convert resamples pcm in one piece.
func convert(pcm []float32, from, to int) []float32 {
	r := newResampler(newFilter(from, to))
	return r.flush(r.push(nil, pcm))
}

// strength returns the level of a tone in pcm in dB, 0 being a sine at full scale. A window keeps
// tones elsewhere out by more than 100 dB.
func strength(pcm []float32, rate int, hz float64) float64 {
	var re, im, sum float64
	for i, v := range pcm {
		x := 2*float64(i)/float64(len(pcm)) - 1
		w := bessel(16*math.Sqrt(max(0, 1-x*x))) / bessel(16)
		s, c := math.Sincos(2 * math.Pi * hz * float64(i) / float64(rate))
		re, im, sum = re+w*c*float64(v), im+w*s*float64(v), sum+w
	}
	return 20 * math.Log10(2*math.Hypot(re, im)/sum+1e-12)
}

func TestUpsamplingTo16kRejectsImages(t *testing.T) {
	t.Parallel()
	for _, hz := range []float64{200, 450, 1000, 2000, 3000, 3300, 3400} {
		out := convert(sine(8000, hz, 0, 1), 8000, 16000)
		if got := strength(out, 16000, hz); math.Abs(got) > 0.01 {
			t.Errorf("%v Hz passes with %.3f dB, want 0", hz, got)
		}
		if got := strength(out, 16000, 8000-hz); got > -90 {
			t.Errorf("the image of %v Hz lies at %.1f dB, want below -90", hz, got)
		}
	}
}

func TestOtherRatesRejectImages(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{11025, 12000} {
		out := convert(sine(rate, 3400, 0, 1), rate, 16000)
		if got := strength(out, 16000, 3400); math.Abs(got) > 0.01 {
			t.Errorf("%d Hz: 3400 Hz passes with %.3f dB", rate, got)
		}
		if got := strength(out, 16000, math.Abs(float64(rate)-3400)); got > -90 {
			t.Errorf("%d Hz: the image lies at %.1f dB", rate, got)
		}
	}
}

func TestDownsamplingTo16kDoesNotAlias(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{22050, 24000, 32000, 44100, 48000} {
		for _, hz := range []float64{8100, 8600, 9500, 10900} {
			out := convert(sine(rate, hz, 0, 1), rate, 16000)
			if got := strength(out, 16000, 16000-hz); got > -90 {
				t.Errorf("%d Hz: %v Hz folds back at %.1f dB, want below -90", rate, hz, got)
			}
		}
		out := convert(sine(rate, 6000, 0, 1), rate, 16000)
		if got := strength(out, 16000, 6000); math.Abs(got) > 0.01 {
			t.Errorf("%d Hz: 6000 Hz passes with %.3f dB, want 0", rate, got)
		}
	}
}

func TestResamplingInBlocksGivesTheSameSamples(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for _, rate := range []int{8000, 11025, 16000, 22050, 44100, 47999, 48000} {
		pcm := make([]float32, rate/2+7)
		for i := range pcm {
			pcm[i] = random.Float32()*2 - 1
		}
		whole := convert(pcm, rate, 16000)
		if want := (len(pcm)*16000 + rate - 1) / rate; len(whole) != want {
			t.Errorf("%d Hz: got %d samples, want %d", rate, len(whole), want)
		}
		r := newResampler(newFilter(rate, 16000))
		var parts []float32
		for rest := pcm; len(rest) > 0; {
			n := min(len(rest), random.IntN(400))
			parts = r.push(parts, rest[:n])
			rest = rest[n:]
		}
		if parts = r.flush(parts); !slices.Equal(parts, whole) {
			t.Errorf("%d Hz: blocks give other samples", rate)
		}
	}
}

func TestCutGivesWhatResamplingTheWholeGives(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{8000, 11025, 16000, 48000} {
		left, right := speechLike(rate, 4.3, 1), speechLike(rate, 4.3, 2)
		f := openPCM(t, rate, left, right)
		stored := readAll(t, f)
		pieces := []Piece{
			{1, call.Span{Start: 3900, End: 9000}},
			{0, call.Span{Start: 0, End: 700}},
			{0, call.Span{Start: 1000, End: 2500}},
			{1, call.Span{Start: 20, End: 2980}},
			{0, call.Span{Start: 2400, End: 2400}},
			{0, call.Span{Start: 2410, End: 4000}},
			{1, call.Span{Start: 6000, End: 7000}},
		}
		whole := [][]float32{convert(stored[0], rate, 16000), convert(stored[1], rate, 16000)}
		seen := 0
		for clip, err := range f.Cut(t.Context(), pieces) {
			if err != nil {
				t.Fatal(err)
			}
			seen++
			from := min(int(clip.Start)*16, len(whole[0]))
			want := whole[clip.Channel][from:min(int(clip.End)*16, len(whole[0]))]
			// A piece that starts between two samples of another rate begins up to one sample early.
			if d := len(clip.PCM) - len(want); d < -16 || d > 16 {
				t.Errorf("%d Hz %v: got %d samples, want %d", rate, clip.Piece, len(clip.PCM), len(want))
			}
			if exact := int64(clip.Start)*int64(rate)%1000 == 0; exact {
				for i := range min(len(clip.PCM), len(want)) {
					if math.Abs(float64(clip.PCM[i]-want[i])) > 1e-5 {
						t.Fatalf("%d Hz %v: sample %d is %v, want %v", rate, clip.Piece, i, clip.PCM[i], want[i])
					}
				}
			}
		}
		if seen != len(pieces) {
			t.Errorf("%d Hz: got %d clips, want %d", rate, seen, len(pieces))
		}
	}
}

// speechLike returns noise with a changing envelope.
func speechLike(rate int, seconds float64, seed uint64) []float32 {
	random := rand.New(rand.NewPCG(seed, 3))
	pcm, y := make([]float32, int(seconds*float64(rate))), 0.0
	for i := range pcm {
		y = 0.9*y + 0.1*random.NormFloat64()
		pcm[i] = float32(y * (1 + math.Sin(float64(i)/float64(rate)*9)) / 4)
	}
	return pcm
}

func BenchmarkResample8kTo16k(b *testing.B) {
	filter, pcm := newFilter(8000, 16000), speechLike(8000, 1, 1)
	r := newResampler(filter)
	var out []float32
	for b.Loop() {
		out = r.push(out[:0], pcm)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "x_real_time")
}
