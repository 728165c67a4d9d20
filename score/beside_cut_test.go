package score_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/yanyiwu/gojieba"

	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store/storetest"
)

// The size of the calls of BenchmarkScoreBesideCut: 1,500 characters are five minutes.
const (
	talks          = 200
	talkCharacters = 1500
)

// BenchmarkScoreBesideCut scores stored calls by the full built-in scorecard and prints the processor time that takes as
// a multiple of what gojieba's Cut alone takes over the same text, one after the other. How the texts fall into
// words is kept with the calls, as it is in the store.
func BenchmarkScoreBesideCut(b *testing.B) {
	s := scorer(b, "power-service")
	jieba := gojieba.NewJieba()
	defer jieba.Free()
	calls := make([]score.Record, talks)
	for i := range calls {
		calls[i] = storetest.Talk(i, talkCharacters)
		calls[i].Transcript = s.Segment(calls[i].Transcript)
	}
	var cut, scored time.Duration
	rounds := 0
	for ; b.Loop(); rounds++ {
		began := processorTime(b)
		for i := range calls {
			for _, u := range calls[i].Transcript.Utterances {
				jieba.Cut(u.Text, true)
			}
		}
		between := processorTime(b)
		for i := range calls {
			s.Score(calls[i].Recording, calls[i].Health, calls[i].Transcript)
		}
		cut, scored = cut+between-began, scored+processorTime(b)-between
	}
	b.ReportMetric(float64(cut.Microseconds())/float64(rounds*talks), "µs-cut/call")
	b.ReportMetric(float64(scored.Microseconds())/float64(rounds*talks), "µs-score/call")
	b.ReportMetric(scored.Seconds()/cut.Seconds(), "ratio")
}

// processorTime is what this process has used of all cores.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
