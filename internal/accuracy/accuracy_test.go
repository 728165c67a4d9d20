package accuracy_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/internal/accuracy"
	"github.com/zhijian-qa/zhijian/internal/scene"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/score"
)

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
		{Name: "builtin", Detect: accuracy.Product(t.TempDir(), audio.VADConfig{})},
		{Name: "energy", Detect: accuracy.Energy},
	}}
}

func TestAccuracyOfSpeechAndMeasures(t *testing.T) {
	n := 9
	if os.Getenv("ZHIJIAN_LONG") != "" {
		n = 100
	}
	if k, err := strconv.Atoi(os.Getenv("N")); err == nil {
		n = k
	}
	r := newRunner(t)
	var b strings.Builder
	for _, set := range accuracy.Sets() {
		for c, column := range accuracy.Columns() {
			began := time.Now()
			all, err := r.Run(t.Context(), set, column, n, func(d string, seed uint64, c scene.Conditions, o accuracy.Outcome) {
				if d == "builtin" && os.Getenv("V") != "" {
					fmt.Printf("%d %+v\n   F1 %.3f ratio %.2f fr %+v int %+v bc %d/%d sil %+v\n", seed, c, o.Frames.F1(), o.RatioError, o.Frames, o.Interruptions, o.Mistaken, o.Backchannels, o.Silences)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "\n%s %s (%v)\n", set.Name, column.Name, time.Since(began))
			for _, f := range accuracy.Figures() {
				fmt.Fprintf(&b, "%-42s", f.Name)
				for _, d := range r.Detectors {
					fmt.Fprintf(&b, " %-28s", f.Cell(all[d.Name]))
				}
				if c < 2 {
					fmt.Fprintf(&b, " %v %v", f.Goal[c], f.Meets(f.Of(all["builtin"]), c))
				}
				b.WriteString("\n")
			}
		}
	}
	t.Log(b.String())
}
