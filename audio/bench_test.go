package audio

import (
	"bytes"
	"os"
	"runtime"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

// longCall is a recording that repeats a dialogue of 30 s.
func longCall(t testing.TB, minutes int) *File {
	s := dialogue(t)
	s.hiss(0, -55)
	s.hiss(1, -55)
	data := bytes.Repeat(s.aLaw(), 2*minutes)
	return openBytes(t, rawWAV{tag: tagALaw, channels: 2, bits: 8, rate: 8000, data: data, dataSize: -1}.bytes())
}

// Reading, analysing and cutting hold as much memory for a long call as for a short one, but for the level of
// each frame: a byte for 10 ms of each channel, which a growing slice has a quarter to spare of. A quarter of an
// hour has 14 MB of samples and 2 MB of frames of each channel: one of them kept would show.
func TestMemoryDoesNotGrowWithTheCall(t *testing.T) {
	few, many := 2, 15
	if os.Getenv("ZHIJIAN_LONG") != "" {
		few, many = 10, 240
	}
	short, long := heldWhile(t, longCall(t, few)), heldWhile(t, longCall(t, many))
	t.Logf("at most %d KiB for %d minutes, %d KiB for %d", short/1024, few, long/1024, many)
	trace := uint64(many-few) * 60 * framesPerSecond * 2 * 5 / 4
	if long > short+short/10+1<<20+trace {
		t.Errorf("%d bytes for %d minutes, %d for %d", short, few, long, many)
	}
}

// heldWhile returns the most memory in use while f is analysed and cut.
func heldWhile(t *testing.T, f *File) uint64 {
	t.Helper()
	base := inUse()
	a := newAnalyser(f.info, VADConfig{})
	most, blocks := uint64(0), 0
	for block, err := range f.Blocks(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		a.push(block)
		if blocks++; blocks%30 == 0 {
			most = max(most, inUse()-base)
		}
	}
	result := a.finish(f.Info())
	var pieces []Piece
	for c, ch := range result.Channels {
		for _, span := range ch.Speech {
			pieces = append(pieces, Piece{c, span})
		}
	}
	cuts := 0
	for clip, err := range f.Cut(t.Context(), pieces) {
		if err != nil || len(clip.PCM) == 0 {
			t.Fatalf("%+v: %v", clip.Piece, err)
		}
		if cuts++; cuts%20 == 0 {
			most = max(most, inUse()-base)
		}
	}
	return most
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func reportSpeed(b *testing.B, length call.Millis) {
	b.ReportMetric(length.Seconds()*float64(b.N)/b.Elapsed().Seconds(), "x_real_time")
}

func BenchmarkDecode(b *testing.B) {
	f := longCall(b, 1)
	for b.Loop() {
		for _, err := range f.Blocks(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	reportSpeed(b, f.Info().Duration)
}

func BenchmarkDecodeAndResample(b *testing.B) {
	f := longCall(b, 1)
	var pieces []Piece
	for at := call.Millis(0); at < 60000; at += 20000 {
		pieces = append(pieces, Piece{0, call.Span{Start: at, End: at + 20000}}, Piece{1, call.Span{Start: at, End: at + 20000}})
	}
	for b.Loop() {
		for _, err := range f.Cut(b.Context(), pieces) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	reportSpeed(b, f.Info().Duration)
}
