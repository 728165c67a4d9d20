package score_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/internal/calltest"
	"github.com/zhijian-qa/zhijian/score"
)

var update = flag.Bool("update", false, "write the golden files anew")

// parse reads a call script.
func parse(t testing.TB, script string) calltest.Call {
	t.Helper()
	c, err := calltest.Parse(script)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// judge scores a call script.
func judge(t testing.TB, s *score.Scorer, script string) score.Record {
	t.Helper()
	c := parse(t, script)
	return s.Score(c.Recording, c.Health, c.Transcript)
}

func TestGoldenScorecards(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	scripts, err := filepath.Glob("testdata/*.call")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("got %v, %v", scripts, err)
	}
	for _, path := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".call"), func(t *testing.T) {
			t.Parallel()
			script, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			record := judge(t, s, string(script))
			got := pretty(t, map[string]any{"measures": record.Measures, "score": withoutRevisions(record.Score)})
			golden := strings.TrimSuffix(path, ".call") + ".golden.json"
			if *update {
				if err := os.WriteFile(golden, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s differs (-want +got):\n%s", golden, diff)
			}
		})
	}
}

// withoutRevisions takes out the hashes, which change with every edit of a list.
func withoutRevisions(r score.Result) score.Result {
	r.Scorecard, _, _ = strings.Cut(r.Scorecard, "@")
	r.Revision = ""
	return r
}

func pretty(t testing.TB, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRecordHasNoNilArrays(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	got := string(pretty(t, judge(t, s, "duration 8\n")))
	for _, array := range []string{"utterances", "removed", "interruptions", "silences", "criteria", "evidence", "health", "reasons"} {
		if strings.Contains(got, `"`+array+`": null`) {
			t.Errorf("%s is null in %s", array, got)
		}
	}
}
