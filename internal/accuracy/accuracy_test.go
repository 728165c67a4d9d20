package accuracy_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/accuracy"
	"github.com/zhijian-qa/zhijian/internal/scene"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/score"
)

const builtin = "内置 built-in"

func newRunner(t *testing.T) *accuracy.Runner {
	t.Helper()
	lex, err := lexicon.Load(lexicon.Config{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lex.Close() })
	card, err := score.LoadScorecard("power-service")
	if err != nil {
		t.Fatal(err)
	}
	scorer, err := score.New(lex, card, score.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return &accuracy.Runner{Scorer: scorer, Detectors: []accuracy.Detector{
		{Name: builtin, Detect: accuracy.Product(t.TempDir(), audio.VADConfig{})},
	}}
}

// TestGoalsOnAFewCalls holds the built-in detector to the goals on six calls of each set.
func TestGoalsOnAFewCalls(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	columns := accuracy.Columns()
	for c, column := range columns[:2] {
		var all []accuracy.Outcome
		for _, set := range accuracy.Sets() {
			outcomes, err := r.Run(t.Context(), set, column, 6)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, outcomes[builtin]...)
		}
		for _, f := range accuracy.Figures() {
			if value := f.Of(all); !f.Meets(value, c) {
				t.Errorf("%s, %s: %.3f misses %v", column.Name, f.Name, value, f.Goal[c])
			}
		}
	}
}

// TestAccuracyOfSpeechAndMeasures prints the tables of docs/accuracy.md.
func TestAccuracyOfSpeechAndMeasures(t *testing.T) {
	if os.Getenv("ZHIJIAN_LONG") == "" {
		t.Skip("a long run: ZHIJIAN_LONG=1, or make accuracy; TestGoalsOnAFewCalls is the short one")
	}
	const calls = 45 // of each set in each column
	r := newRunner(t)
	r.Detectors = append(r.Detectors, silero(t)...)
	r.Detectors = append(r.Detectors, accuracy.Detector{Name: "能量门限 energy", Detect: accuracy.Energy})
	for c, column := range accuracy.Columns() {
		pooled := map[string][]accuracy.Outcome{}
		for _, set := range accuracy.Sets() {
			outcomes, err := r.Run(t.Context(), set, column, calls)
			if err != nil {
				t.Fatal(err)
			}
			t.Log(table(column.Name+"，"+set.Name, r.Detectors, outcomes))
			for name, list := range outcomes {
				pooled[name] = append(pooled[name], list...)
			}
			for _, f := range accuracy.Figures() {
				if value := f.Of(outcomes[builtin]); c < 2 && !f.Meets(value, c) {
					t.Errorf("%s, %s, %s: %.3f misses %v", set.Name, column.Name, f.Name, value, f.Goal[c])
				}
			}
		}
		t.Log(accuracy.Counted(column.Name, pooled[builtin]))
	}
}

// table formats a table for docs/accuracy.md.
func table(title string, detectors []accuracy.Detector, outcomes map[string][]accuracy.Outcome) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n| %s |", title)
	for _, d := range detectors {
		fmt.Fprintf(&b, " %s |", d.Name)
	}
	b.WriteString("\n| --- |" + strings.Repeat(" --- |", len(detectors)))
	for _, f := range accuracy.Figures() {
		fmt.Fprintf(&b, "\n| %s |", f.Name)
		for _, d := range detectors {
			fmt.Fprintf(&b, " %s |", f.Cell(outcomes[d.Name]))
		}
	}
	return b.String()
}

// TestEchoMakesNoInterruption plays each party to the other 20 dB down.
func TestEchoMakesNoInterruption(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	echo := func(seed uint64) scene.Conditions {
		return scene.Conditions{Codec: "alaw", Noise: scene.Pink, SNR: 30, Echo: true, EchoDB: -20, EchoLag: 20 + 60*call.Millis(seed%4)}
	}
	for seed := range uint64(4) {
		o, err := r.One(t.Context(), builtin, 40+seed, echo(seed))
		if err != nil {
			t.Fatal(err)
		}
		if o.Interruptions.False > 0 || o.Interruptions.Hit == 0 {
			t.Errorf("seed %d: %+v", seed, o.Interruptions)
		}
	}
}

// TestBabbleFillsNoSilence plays voices 10 and 8 dB below the speaker, of both casts.
func TestBabbleFillsNoSilence(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	for i, cast := range []scene.Cast{scene.CastA, scene.CastB} {
		set := accuracy.Set{Seed: 5_000 + 100*uint64(i), Cast: cast, Noises: []scene.Noise{scene.Babble}}
		outcomes, err := r.Run(t.Context(), set, accuracy.Column{SNR: []float64{10, 8}}, 4)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range accuracy.Figures() {
			if value := f.Of(outcomes[builtin]); !f.Meets(value, 1) {
				t.Errorf("cast %d, %s: %.3f misses %v", i, f.Name, value, f.Goal[1])
			}
		}
	}
}

// TestSoftWordsAreFound lets callers turn away from the telephone: on a clean line no word of theirs is lost.
func TestSoftWordsAreFound(t *testing.T) {
	t.Parallel()
	var m scene.Maker
	detect := accuracy.Product(t.TempDir(), audio.VADConfig{})
	for seed, c := range []scene.Conditions{ // no echo: what is as soft as one, beside the other party, is lost
		{SoftDB: 12, Codec: "alaw"},
		{SoftDB: 15, Codec: "mulaw", Cast: scene.CastB},
		{SoftDB: 15, Codec: "alaw", Noise: scene.Pink, SNR: 35},
		{SoftDB: 12, Codec: "alaw", Noise: scene.Babble, SNR: 22, Cast: scene.CastB},
	} {
		s, err := m.Make(t.Context(), 6_000+uint64(seed), c)
		if err != nil {
			t.Fatal(err)
		}
		speech, err := detect(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range s.Truth.Utterances {
			if heard := call.Total(call.Clip(speech[u.Role], u.Span)); 2*heard < u.Length() {
				t.Errorf("%+v: %s %v (%s) is lost", c, u.Role, u.Span, u.Text)
			}
		}
	}
}
