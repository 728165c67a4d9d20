package call_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/call"
)

func span(start, end call.Millis) call.Span { return call.Span{Start: start, End: end} }

func TestMerge(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   []call.Span
		gap  call.Millis
		want []call.Span
	}{
		{"nothing stays nothing", nil, 0, nil},
		{"touching spans join", []call.Span{span(0, 10), span(10, 20)}, 0, []call.Span{span(0, 20)}},
		{"order does not matter", []call.Span{span(30, 40), span(0, 10)}, 0, []call.Span{span(0, 10), span(30, 40)}},
		{"a span inside another vanishes", []call.Span{span(0, 100), span(20, 30)}, 0, []call.Span{span(0, 100)}},
		{"a gap below the limit is bridged", []call.Span{span(0, 10), span(309, 400)}, 300, []call.Span{span(0, 400)}},
		{"a gap of the limit stays", []call.Span{span(0, 10), span(310, 400)}, 300, []call.Span{span(0, 10), span(310, 400)}},
		{"empty spans are dropped", []call.Span{span(5, 5), span(9, 2)}, 0, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, call.Merge(tt.in, tt.gap)); diff != "" {
				t.Errorf("Merge(%v, %d) (-want +got):\n%s", tt.in, tt.gap, diff)
			}
		})
	}
}

func TestWidenStaysInTheRecording(t *testing.T) {
	t.Parallel()
	if got, want := span(500, 9_800).Widen(1000, 10_000), span(0, 10_000); got != want {
		t.Errorf("Widen = %v, want %v", got, want)
	}
}

// Whatever the spans, talk(a) + talk(b) − overlap + silence is the whole recording, counted here
// against a plain array of milliseconds.
func TestArithmeticAgreesWithCounting(t *testing.T) {
	t.Parallel()
	const length = 400
	for seed := range uint64(500) {
		random := rand.New(rand.NewPCG(seed, 1))
		a, b := randomSpans(random, length), randomSpans(random, length)
		mergedA, mergedB := call.Merge(call.Clip(a, span(0, length)), 0), call.Merge(call.Clip(b, span(0, length)), 0)
		var talkA, talkB, both, either call.Millis
		for at := range call.Millis(length) {
			inA, inB := covers(a, at), covers(b, at)
			talkA, talkB = talkA+one(inA), talkB+one(inB)
			both, either = both+one(inA && inB), either+one(inA || inB)
		}
		overlap := call.Total(call.Intersections(mergedA, mergedB))
		union := call.Total(call.Merge(append(mergedA, mergedB...), 0))
		got := []call.Millis{call.Total(mergedA), call.Total(mergedB), overlap, union}
		if diff := cmp.Diff([]call.Millis{talkA, talkB, both, either}, got); diff != "" {
			t.Fatalf("seed %d: a %v b %v (-counted +got):\n%s", seed, a, b, diff)
		}
		if talkA+talkB-overlap != union {
			t.Fatalf("seed %d: %d + %d − %d ≠ %d", seed, talkA, talkB, overlap, union)
		}
	}
}

func randomSpans(random *rand.Rand, length int) []call.Span {
	spans := make([]call.Span, random.IntN(12))
	for i := range spans {
		start := random.IntN(length+40) - 20
		spans[i] = span(call.Millis(start), call.Millis(start+random.IntN(60)-5))
	}
	return spans
}

func covers(spans []call.Span, at call.Millis) bool {
	for _, s := range spans {
		if s.Contains(at) {
			return true
		}
	}
	return false
}

func one(yes bool) call.Millis {
	if yes {
		return 1
	}
	return 0
}
