package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/score"
)

// outlined is a result with all that an outline keeps, and with more.
func outlined() resultBody {
	share, upper, figure := 0.875, 100.0, 3.5
	return resultBody{
		Measures: score.Measures{AgentTalkRatio: &share},
		Score: score.Result{
			Scorecard: "power-service@1", Revision: "r1", PassMark: 0.8, Points: 70.25, Potential: 80, Normalised: &share, AtRisk: 2.5,
			Verdict: score.VerdictReview, Vetoed: true, RolesSwapped: true, Lower: 5, Upper: &upper,
			Criteria: []score.Criterion{
				{Rule: "greeting.opening", Name: "开场问候", NameEN: "Greeting", Outcome: score.OutcomePass, Points: 5, Potential: 5, Note: "说到 1 处"},
				{
					Rule: "forbidden.rude", Name: "冲撞", Veto: true, Outcome: score.OutcomeReview, Points: 10, Potential: 10, AtRisk: 2.5,
					Evidence: []score.Evidence{{Quote: "有完没完", Measure: &figure}},
				},
			},
		},
	}
}

func TestOutlinesAreReadWithoutTheWhole(t *testing.T) {
	t.Parallel()
	want := outlined()
	body, err := packResult(want)
	if err != nil {
		t.Fatal(err)
	}
	old, err := pack(want)
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{"today": body, "of old": old} {
		outline, err := unpackOutline(body)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want.Score.Outline(), outline); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		var whole resultBody
		if err := unpackResult(body, &whole); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, whole); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for n := range body { // cut short anywhere it is an error, never a panic
		var whole resultBody
		_, errOutline := unpackOutline(body[:n])
		if err := unpackResult(body[:n], &whole); err == nil || errOutline == nil && n < len(outlineMagic) {
			t.Fatalf("cut to %d of %d bytes: read without an error", n, len(body))
		}
	}
}

func FuzzUnpackOutline(f *testing.F) {
	body, err := packResult(outlined())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	f.Add([]byte(outlineMagic))
	f.Add([]byte(outlineMagic + "\x05ABCDE"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		_, _ = unpackOutline(data)
		r := bodyReader{body: data}
		r.text = string(r.bytes())
		r.outline() // what a decompressed outline may hold
	})
}
