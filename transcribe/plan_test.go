package transcribe

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/call"
)

func TestPackLaysOutWindows(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		spans []call.Span
		want  [][]part // of each window
	}{
		{name: "nothing is said"},
		{
			name:  "one span gets its margins",
			spans: []call.Span{{Start: 5000, End: 6000}},
			want:  [][]part{{{Span: call.Span{Start: 4750, End: 6250}, at: 0}}},
		},
		{
			name:  "margins end with the recording",
			spans: []call.Span{{Start: 100, End: 99_950}},
			want:  [][]part{{{Span: call.Span{Start: 0, End: 100_000}, at: 0}}},
		},
		{
			name:  "a short silence is kept",
			spans: []call.Span{{Start: 1000, End: 2000}, {Start: 2400, End: 3000}},
			want:  [][]part{{{Span: call.Span{Start: 750, End: 3250}, at: 0}}},
		},
		{
			name:  "a long silence is cut down to two margins",
			spans: []call.Span{{Start: 1000, End: 2000}, {Start: 9000, End: 9500}},
			want: [][]part{{
				{Span: call.Span{Start: 750, End: 2250}, at: 0},
				{Span: call.Span{Start: 8750, End: 9750}, at: 1500},
			}},
		},
		{
			name:  "towards another window a margin ends halfway",
			spans: []call.Span{{Start: 1000, End: 10_000}, {Start: 10_100, End: 19_000}},
			want: [][]part{
				{{Span: call.Span{Start: 750, End: 10_050}, at: 0}},
				{{Span: call.Span{Start: 10_050, End: 19_250}, at: 0}},
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := packing{limit: 12_000, margin: 250, end: 100_000, cost: Config{}.cost}
			if tt.name == "margins end with the recording" {
				p.limit = 200_000
			}
			var got [][]part
			for _, w := range p.pack(0, tt.spans) {
				got = append(got, w.parts)
			}
			if d := cmp.Diff(tt.want, got, cmp.AllowUnexported(part{})); d != "" {
				t.Errorf("windows (-want +got):\n%s", d)
			}
		})
	}
}

// each returns n spans of speech of a length, and as long silences as are kept.
func each(n int, length call.Millis) []call.Span {
	var spans []call.Span
	for i := range call.Millis(n) {
		spans = append(spans, call.Span{Start: i * (length + 500), End: i*(length+500) + length})
	}
	return spans
}

func TestPackTakesTheCheapestWindows(t *testing.T) {
	t.Parallel()
	full := Config{Options: Options{FullContext: true}}
	tests := []struct {
		name  string
		cfg   Config
		spans []call.Span
		want  []int // spans in each window
	}{
		{"a word or two do not stay alone", Config{}, append(each(3, 2900), call.Span{Start: 10_300, End: 10_600}), []int{4}},
		{"nor at the end of a long call", Config{}, append(each(6, 2900), call.Span{Start: 20_500, End: 20_800}), []int{4, 3}},
		{"windows fill blocks", Config{}, each(6, 2900), []int{3, 3}},
		{"speech without pauses stays whole", Config{}, each(1, 25_000), []int{1}},
		{"30 s for every window: few, and the load shared", full, each(9, 3000), []int{5, 4}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg := tt.cfg.withDefaults()
			var got []int
			for _, w := range (packing{limit: cfg.Window, margin: cfg.Margin, end: 100_000, cost: cfg.cost}).pack(0, tt.spans) {
				got = append(got, len(w.speech))
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("spans in each window (-want +got):\n%s", d)
			}
		})
	}
}

// randomSpans returns merged spans of a channel, some of them very short, some longer than a window.
func randomSpans(r *rand.Rand, end call.Millis) []call.Span {
	var spans []call.Span
	for at := call.Millis(r.IntN(3000)); at < end; {
		length := call.Millis(30 + r.IntN(6000))
		if r.IntN(20) == 0 {
			length = call.Millis(r.IntN(100_000))
		}
		s := call.Span{Start: at, End: min(at+length, end)}
		if !s.Empty() {
			spans = append(spans, s)
		}
		at = s.End + call.Millis(1+r.IntN(4000))
	}
	return spans
}

func TestPackCoversAllSpeechOnce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		p := packing{limit: call.Millis(5000 + r.IntN(25_000)), margin: call.Millis(r.IntN(300)), end: 400_000, cost: Config{Options: Options{FullContext: seed%2 == 0}}.cost}
		var short []call.Span
		for _, s := range randomSpans(r, p.end) {
			var cuts []call.Millis
			for _, z := range zones(s, p.longestSpan()) {
				cuts = append(cuts, z.Start+call.Millis(r.Int64N(int64(z.Length())+1)))
			}
			short = append(short, cutAt(s, cuts)...)
		}
		checkWindows(t, seed, p, short, p.pack(0, short))
	}
}

func checkWindows(t *testing.T, seed uint64, p packing, spans []call.Span, windows []window) {
	t.Helper()
	var speech []call.Span
	var before call.Millis
	for i, w := range windows {
		if w.length() > p.limit {
			t.Fatalf("seed %d: window %d is %d ms long, want at most %d", seed, i, w.length(), p.limit)
		}
		for _, s := range w.speech {
			inside := call.Millis(0)
			for _, part := range w.parts {
				inside += part.Intersect(s).Length()
			}
			if inside != s.Length() {
				t.Fatalf("seed %d: window %d holds %d ms of a span of %d ms", seed, i, inside, s.Length())
			}
		}
		for _, part := range w.parts {
			if part.Start < before || part.Empty() || part.End > p.end {
				t.Fatalf("seed %d: window %d has part %v after %d", seed, i, part, before)
			}
			before = part.End
		}
		speech = append(speech, w.speech...)
		checkClock(t, seed, w)
	}
	if d := cmp.Diff(spans, speech); d != "" {
		t.Fatalf("seed %d: speech in windows (-want +got):\n%s", seed, d)
	}
}

func checkClock(t *testing.T, seed uint64, w window) {
	t.Helper()
	for _, s := range w.speech {
		for _, at := range []call.Millis{s.Start, (s.Start + s.End) / 2, s.End - 1} {
			if back := w.toCall(w.toWindow(at)); back != at {
				t.Fatalf("seed %d: %d goes to %d and comes back as %d", seed, at, w.toWindow(at), back)
			}
		}
	}
	for i, s := range w.speechInWindow() {
		if back := w.spanToCall(s); back != w.speech[i] {
			t.Fatalf("seed %d: span %v comes back as %v", seed, w.speech[i], back)
		}
	}
	for at := call.Millis(0); at < w.length(); at += 97 {
		if back := w.toWindow(w.toCall(at)); back != at {
			t.Fatalf("seed %d: window time %d comes back as %d", seed, at, back)
		}
	}
}

func TestClockKeepsOutsideTimesInside(t *testing.T) {
	t.Parallel()
	w := window{parts: []part{
		{Span: call.Span{Start: 1000, End: 2000}, at: 0},
		{Span: call.Span{Start: 5000, End: 6000}, at: 1000},
	}}
	if got := w.toCall(9999); got != 6000 {
		t.Errorf("after the window: got %d, want 6000", got)
	}
	if got := w.toCall(-5); got != 1000 {
		t.Errorf("before the window: got %d, want 1000", got)
	}
	if got := w.toWindow(3000); got != 1000 {
		t.Errorf("in what was left out: got %d, want 1000", got)
	}
	want := call.Span{Start: 1500, End: 2000}
	if got := w.spanToCall(call.Span{Start: 500, End: 1000}); got != want {
		t.Errorf("a span up to a cut: got %v, want %v", got, want)
	}
}

func TestZonesKeepEveryPieceShort(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	for range 500 {
		limit := call.Millis(6000 + r.IntN(24_000))
		s := call.Span{Start: call.Millis(r.IntN(1000))}
		s.End = s.Start + call.Millis(1+r.IntN(400_000))
		var cuts []call.Millis
		for _, z := range zones(s, limit) {
			at := z.Start
			if r.IntN(2) == 0 {
				at = z.End
			}
			cuts = append(cuts, at)
		}
		for _, piece := range cutAt(s, cuts) {
			if piece.Length() > limit || piece.Empty() {
				t.Fatalf("%v cut at %v for %d: piece %v", s, cuts, limit, piece)
			}
		}
	}
}

func TestQuietestFindsThePause(t *testing.T) {
	t.Parallel()
	zone := call.Span{Start: 10_000, End: 16_000}
	pcm := make([]float32, zone.Length().Samples(16_000))
	for i := range pcm {
		pcm[i] = 0.3
		if ms := i / 16; ms >= 4000 && ms < 4200 {
			pcm[i] = 0.001
		}
	}
	if got := quietest(pcm, zone); got < 14_000 || got > 14_200 {
		t.Errorf("cut at %d, want it in the pause from 14000 to 14200", got)
	}
	if got := quietest(nil, zone); got != 13_000 {
		t.Errorf("without sound: cut at %d, want the middle", got)
	}
}
