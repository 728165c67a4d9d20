package audio

import (
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

// BenchmarkLevels measures what levels cost beside the whole analysis of the same hour on one channel:
// x_real_time is to be compared with that of BenchmarkAnalyse in the same run.
func BenchmarkLevels(b *testing.B) {
	const hour = 3600 * framesPerSecond
	var spans []call.Span
	for at := call.Millis(0); at < 3_600_000; at += 6000 {
		spans = append(spans, call.Span{Start: at, End: at + 4300})
	}
	for b.Loop() {
		var t levelTrace
		for i := range hour {
			t.push(-float64(20 + i%40))
		}
		t.levels(spans)
	}
	b.ReportMetric(3600*float64(b.N)/b.Elapsed().Seconds(), "x_real_time")
}
