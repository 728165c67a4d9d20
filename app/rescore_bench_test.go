package app_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/yanyiwu/gojieba"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store/storetest"
)

// The size of the calls of BenchmarkRescore, and what they may take: times the segmentation alone.
const (
	benchCalls      = 10_000
	benchCharacters = 1500
	mostDry         = 3.0
	mostWritten     = 6.0
)

// BenchmarkRescore re-scores stored five-minute calls with the full built-in scorecard on all cores, dry and
// for good, and prints both times as multiples of what gojieba's Cut alone takes over the same text in one
// goroutine. It says so when they are above the targets. ZHIJIAN_BENCH_CALLS sets another number of calls.
//
// The calls are drawn from some forty sentences, in any order: far less varied than real ones. That is no help,
// since nothing is remembered from one call to the next. Their transcripts and the results that they have before
// are what zhijian score keeps, by the same rules with another pass mark. Beside that, a dry run over transcripts
// of old, with which no segmentation is kept, is timed on a tenth of the calls.
func BenchmarkRescore(b *testing.B) {
	calls := benchCalls
	if n, err := strconv.Atoi(os.Getenv("ZHIJIAN_BENCH_CALLS")); err == nil && n > 0 {
		calls = n
	}
	data, old := b.TempDir(), b.TempDir()
	scored(b, data, calls)
	talks(b, old, max(1, calls/10), benchCharacters)
	for b.Loop() {
		cut, cutOnOne := cutAlone(b, calls)
		began := processorTime(b)
		dry := rescoreTime(b, data, true)
		dryOnOne := processorTime(b) - began
		began = processorTime(b)
		written := rescoreTime(b, data, false)
		writtenOnOne := processorTime(b) - began
		aged := rescoreTime(b, old, true)
		b.ReportMetric(cut.Seconds(), "s-cut")
		b.ReportMetric(dry.Seconds(), "s-dry")
		b.ReportMetric(written.Seconds(), "s-written")
		b.ReportMetric(dry.Seconds()/cut.Seconds(), "ratio-dry")
		b.ReportMetric(dryOnOne.Seconds()/cutOnOne.Seconds(), "ratio-dry-one-core")
		b.ReportMetric(aged.Seconds()/cut.Seconds()*float64(calls)/float64(max(1, calls/10)), "ratio-dry-old")
		b.ReportMetric(written.Seconds()/cut.Seconds(), "ratio-written")
		b.ReportMetric(writtenOnOne.Seconds()/cutOnOne.Seconds(), "ratio-written-one-core")
		if dry.Seconds() > mostDry*cut.Seconds() || written.Seconds() > mostWritten*cut.Seconds() {
			b.Logf("TARGET MISSED: %v dry and %v written, want at most %v and %v times the %v of the segmentation", dry, written, mostDry, mostWritten, cut)
		}
	}
}

// scored puts so many made-up calls into the store of a data folder, as zhijian score leaves them.
func scored(b *testing.B, data string, calls int) {
	b.Helper()
	lex, err := lexicon.Load(lexicon.Config{CacheDir: filepath.Join(data, "cache")})
	if err != nil {
		b.Fatal(err)
	}
	defer lex.Close()
	card, err := score.LoadScorecard(config.Default().Scorecard)
	if err != nil {
		b.Fatal(err)
	}
	scorer, err := score.New(lex, card, score.Config{PassMark: 0.5})
	if err != nil {
		b.Fatal(err)
	}
	keepTalks(b, data, calls, benchCharacters, func(talk score.Record) score.Record {
		return scorer.Score(talk.Recording, talk.Health, scorer.Segment(talk.Transcript))
	})
}

// cutAlone segments every utterance of the calls in one goroutine, and returns how long that takes and the
// processor time that it takes.
func cutAlone(b *testing.B, calls int) (took, processor time.Duration) {
	jieba := gojieba.NewJieba()
	defer jieba.Free()
	for n := range calls {
		talk := storetest.Talk(n, benchCharacters)
		started, used := time.Now(), processorTime(b)
		for _, u := range talk.Transcript.Utterances {
			jieba.Cut(u.Text, true)
		}
		took, processor = took+time.Since(started), processor+processorTime(b)-used
	}
	return took, processor
}

// processorTime is what this process has used of all cores: on a machine that does other work as well, the
// fairer measure.
func processorTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// rescoreTime is how long re-scoring takes, reading the word lists included.
func rescoreTime(b *testing.B, data string, dry bool) time.Duration {
	b.Helper()
	bench := benchOf(b, func(c *config.Config) { c.DataDir, c.DryRun, c.JSON = data, dry, true })
	started := time.Now()
	if err := app.Rescore(b.Context(), bench.Env); err != nil {
		b.Fatal(err)
	}
	return time.Since(started)
}

// BenchmarkMemoryOfRescoring runs the real program over a thousand and over ten thousand stored calls and
// prints the peak memory of both and their ratio.
func BenchmarkMemoryOfRescoring(b *testing.B) {
	binary, data := filepath.Join(b.TempDir(), "zhijian"), b.TempDir()
	if output, err := exec.Command(filepath.Join("..", "scripts", "build.sh"), "./cmd/zhijian", binary).CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, output)
	}
	calls := benchCalls
	if n, err := strconv.Atoi(os.Getenv("ZHIJIAN_BENCH_CALLS")); err == nil && n > 0 {
		calls = n
	}
	few, many := filepath.Join(data, "few"), filepath.Join(data, "many")
	scored(b, few, calls/10)
	scored(b, many, calls)
	for b.Loop() {
		small, large := rescoreMemory(b, binary, few), rescoreMemory(b, binary, many)
		b.ReportMetric(small, "MB-few")
		b.ReportMetric(large, "MB-many")
		b.ReportMetric(large/small, "ratio")
		if large > 1.15*small {
			b.Errorf("%d calls take %.0f MB, %d take %.0f MB: want no growth with the number of calls", calls/10, small, calls, large)
		}
	}
}

// rescoreMemory returns the largest resident memory of a dry run in MB.
func rescoreMemory(b *testing.B, binary, data string) float64 {
	b.Helper()
	run := exec.Command(binary, "rescore", "--dry-run", "--data-dir", data)
	run.Stderr = os.Stderr
	return peakOf(b, run)
}
