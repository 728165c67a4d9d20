package app_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/zhijian-qa/zhijian/internal/proctest"
)

// BenchmarkMemoryOfLongCalls runs the real program on 10 minutes and on 2 hours of the same talk and
// prints the peak memory of both and their ratio, which may not be above 1.10.
func BenchmarkMemoryOfLongCalls(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "zhijian")
	if output, err := exec.Command(filepath.Join("..", "scripts", "build.sh"), "./cmd/zhijian", binary).CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, output)
	}
	for b.Loop() {
		short, long := peakMemory(b, binary, 10), peakMemory(b, binary, 120)
		ratio := long / short
		b.ReportMetric(short, "MB/10min")
		b.ReportMetric(long, "MB/2h")
		b.ReportMetric(ratio, "ratio")
		if ratio > 1.10 {
			b.Errorf("2 hours take %.0f MB, 10 minutes %.0f MB: ratio %.2f, want at most 1.10", long, short, ratio)
		}
	}
}

// peakMemory transcribes a call of so many minutes and returns the largest resident memory in MB.
func peakMemory(b *testing.B, binary string, minutes int) float64 {
	b.Helper()
	path := filepath.Join(b.TempDir(), "long.wav")
	repeat(b, filepath.Join(demo, noGreeting), path, minutes)
	run := exec.Command(binary, "score", path, "--workers", "1", "--json", "--data-dir", b.TempDir())
	run.Stdout = io.Discard
	run.Stderr = os.Stderr
	return peakOf(b, run)
}

// peakOf runs cmd to its end and returns the most memory that was resident in it, in MB.
func peakOf(b *testing.B, cmd *exec.Cmd) float64 {
	b.Helper()
	most, err := proctest.RunPeak(cmd)
	if err != nil {
		b.Fatal(err)
	}
	return float64(most) / (1 << 20)
}

// repeat writes the 8 kHz stereo A-law recording at from over and over until it is so many minutes long.
func repeat(b *testing.B, from, to string, minutes int) {
	b.Helper()
	sound, err := os.ReadFile(from)
	if err != nil {
		b.Fatal(err)
	}
	start := bytes.Index(sound, []byte("data")) + 8
	head, body := bytes.Clone(sound[:start]), sound[start:len(sound)&^1]
	times := minutes*60*8000*2/len(body) + 1
	binary.LittleEndian.PutUint32(head[4:], uint32(start-8+times*len(body)))
	binary.LittleEndian.PutUint32(head[start-4:], uint32(times*len(body)))
	file, err := os.Create(to)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	for i, part := range append([][]byte{head}, make([][]byte, times)...) {
		if i > 0 {
			part = body
		}
		if _, err := file.Write(part); err != nil {
			b.Fatal(err)
		}
	}
}
