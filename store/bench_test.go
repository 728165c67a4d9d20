package store_test

import (
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/pgtest"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/store/storetest"
)

// longCall is the n-th sample with the words of a call of some six minutes.
func longCall(n int) score.Record {
	rec := storetest.Sample(n)
	var utterances []call.Utterance
	for i := range 60 {
		u := rec.Transcript.Utterances[0]
		u.Text, u.Words = "", nil
		for j := range 20 {
			at := call.Millis(6000*i + 250*j)
			word := string(rune('一' + (n*31+i*20+j)%3000))
			u.Words = append(u.Words, call.Word{Span: call.Span{Start: at, End: at + 200}, Text: word, Confidence: float64(float32(0.9))})
			u.Text += word
		}
		u.Span = call.Span{Start: u.Words[0].Start, End: u.Words[19].End}
		utterances = append(utterances, u)
	}
	rec.Transcript.Utterances = utterances
	return rec
}

// BenchmarkSaveCalls saves transcripts and results from eight writers at once, as workers do, each write kept
// through a loss of power. SQLite, with its one writer, is the peer.
func BenchmarkSaveCalls(b *testing.B) {
	server := pgtest.Server{Durable: true}
	b.Cleanup(server.Stop)
	peer := 0.0
	for _, kind := range []struct {
		name     string
		location func() string
	}{
		{"SQLite", func() string { return filepath.Join(b.TempDir(), "zhijian.db") }},
		{"PostgreSQL", func() string { return server.Database(b) }},
	} {
		var number atomic.Int64
		var s *store.Store
		b.Run(kind.name, func(b *testing.B) {
			var err error
			if s == nil { // the calls of one database add up
				if s, err = store.Open(b.Context(), kind.location()); err != nil {
					b.Fatal(err)
				}
			}
			b.SetParallelism(4)
			b.ResetTimer()
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					rec := longCall(int(number.Add(1)))
					if err := s.SaveTranscript(b.Context(), rec.Recording, rec.Health, rec.Transcript); err != nil {
						b.Error(err)
					}
					if err := s.SaveResult(b.Context(), rec); err != nil {
						b.Error(err)
					}
				}
			})
			b.StopTimer()
			rate := float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(rate, "calls/s")
			if kind.name == "SQLite" {
				peer = rate
			} else {
				b.ReportMetric(rate/peer, "x_SQLite")
			}
		})
		if s != nil {
			if err := s.Close(); err != nil {
				b.Error(err)
			}
		}
	}
}
