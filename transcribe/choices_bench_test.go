//go:build cgo && !nowhisper

package transcribe_test

import (
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/internal/callgen"
	"github.com/zhijian-qa/zhijian/transcribe"
)

// BenchmarkWindowChoices prints what other ways to make windows cost and bring on the same five calls: less
// sound kept around speech, and an encoder that computes 30 s whatever the window holds.
func BenchmarkWindowChoices(b *testing.B) {
	var studio callgen.Studio
	var calls []recording
	var said [][2]string
	for seed := range uint64(5) {
		made, err := studio.Make(b.Context(), callgen.RandomScript(900+seed, 1.5))
		if err != nil {
			b.Fatal(err)
		}
		calls = append(calls, write(b, callgen.Rate, made.Channels...))
		var texts [2]string
		for _, u := range made.Truth.Utterances {
			if u.Role == call.RoleAgent {
				texts[0] += u.Text
			} else {
				texts[1] += u.Text
			}
		}
		said = append(said, texts)
	}
	for name, cfg := range map[string]transcribe.Config{
		"as it is":     {},
		"margin 150":   {Margin: 150},
		"margin 50":    {Margin: 50},
		"full context": {Options: transcribe.Options{FullContext: true}},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				var errors eval.Characters
				var all transcribe.Stats
				for i, r := range calls {
					got, stats := transcript(b, r, cfg)
					all.Encoded += stats.Encoded
					all.Engine += stats.Engine
					for k, role := range bothRoles {
						errors.Add(eval.CharacterErrors(said[i][k], textOf(got, role)))
					}
				}
				b.ReportMetric(100*errors.Rate(), "CER%")
				b.ReportMetric(float64(all.Encoded), "encoded")
				b.ReportMetric(all.Engine.Seconds(), "engine-s")
			}
		})
	}
}
