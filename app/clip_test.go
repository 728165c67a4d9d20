package app_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/score"
)

// The audio that is shown for a finding holds the words that it quotes: a clip, transcribed by itself,
// gives the sounds of its quote again. Which characters of the same syllable the demo model writes differs with the
// length of the window and the processor.
func TestAClipHoldsItsQuote(t *testing.T) {
	t.Parallel()
	const rule = "forbidden.shirking"
	b := setup(t, asJSON, func(c *config.Config) { c.FullContext = true })
	if err := app.Score(t.Context(), b.Env, []string{filepath.Join(demo, shirking)}); err != nil {
		t.Fatal(err)
	}
	quotes := quotesOf(readLines(t, b.out)[shirking].Record, rule)
	if len(quotes) == 0 {
		t.Fatalf("%s was not found", rule)
	}
	clips := t.TempDir()
	cut := b.again(t, func(c *config.Config) { c.Rule, c.Out = rule, clips })
	if err := app.Clip(t.Context(), cut.Env, shirking); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(clips, "*.wav"))
	if err != nil || len(files) != len(quotes) {
		t.Fatalf("%d clips for %d quotes, %v", len(files), len(quotes), err)
	}
	for i, file := range files { // named by number, so in the order of the evidence
		heard := b.again(t)
		heard.Config.JSON = false
		if err := app.Transcribe(t.Context(), heard.Env, []string{file}); err != nil {
			t.Fatal(err)
		}
		if text := withoutMarks(heard.out.String()); !strings.Contains(lexicon.Pinyin(text), lexicon.Pinyin(withoutMarks(quotes[i]))) {
			t.Errorf("%s: heard %q, want %q in it", filepath.Base(file), text, quotes[i])
		}
	}
}

func quotesOf(record score.Record, rule string) []string {
	var quotes []string
	for _, c := range record.Score.Criteria {
		for _, e := range c.Evidence {
			if c.Rule == rule {
				quotes = append(quotes, e.Quote)
			}
		}
	}
	return quotes
}

var marks = regexp.MustCompile(`[\s\p{P}]+`)

func withoutMarks(text string) string { return marks.ReplaceAllString(text, "") }

func TestClipsAndReportsOfAScoredCall(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if err := app.Score(t.Context(), b.Env, []string{filepath.Join(demo, noGreeting)}); err != nil {
		t.Fatal(err)
	}
	if table := b.out.String(); !strings.Contains(table, noGreeting) || !strings.Contains(table, "开场问候") {
		t.Errorf("the table does not tell what was lost:\n%s", table)
	}
	out := t.TempDir()
	report := b.again(t, func(c *config.Config) { c.Out, c.Clips = out, true })
	if err := app.Report(t.Context(), report.Env); err != nil {
		t.Fatal(err)
	}
	for name, magic := range map[string]string{"report.xlsx": "PK", "report.csv": "\ufeff", "report.json": "{", "report.html": "<!doctype html>"} {
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil || !bytes.HasPrefix(bytes.ToLower(data), bytes.ToLower([]byte(magic))) {
			t.Errorf("%s: %v, begins with %.20q", name, err, data)
		}
		if name == "report.html" && !bytes.Contains(data, []byte("data:audio/wav;base64,")) {
			t.Error("the page holds no clips")
		}
	}
	clip := b.again(t, func(c *config.Config) { c.Rule, c.Out = "forbidden.singing", out })
	if err := app.Clip(t.Context(), clip.Env, noGreeting); app.ExitCode(err) != 1 {
		t.Errorf("a rule that the scorecard has not: got %v, want an error", err)
	}
}

func TestExplainMasksUnlessAsked(t *testing.T) {
	t.Parallel()
	b := scoredDay(t)
	const customer = "13912345678"
	if strings.Contains(b.out.String(), customer) {
		t.Error("score prints the customer's number")
	}
	const ref = "20261120-094130-2007.wav"
	masked := b.again(t, func(c *config.Config) { c.JSON = false })
	if err := app.Explain(t.Context(), masked.Env, ref); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(masked.out.String(), customer) {
		t.Error("explain prints the customer's number")
	}
	open := b.again(t, func(c *config.Config) { c.JSON, c.Unmasked = false, true })
	if err := app.Explain(t.Context(), open.Env, ref); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(open.out.String(), customer) {
		t.Error("explain --unmasked hides the customer's number")
	}
	log, err := os.ReadFile(filepath.Join(b.Config.DataDir, "audit.jsonl"))
	var entry struct{ At, Who, What string }
	if err != nil || json.Unmarshal(bytes.TrimSpace(log), &entry) != nil || !strings.Contains(entry.What, "explain") || entry.Who == "" {
		t.Errorf("audit log %q, %v", log, err)
	}
}

// Where personal data are spoken a clip is silent, unless it is asked for unmasked.
func TestClipsAreSilentWherePersonalDataAreSpoken(t *testing.T) {
	t.Parallel()
	const recording, rule = "20261120-094130-2007.wav", "forbidden.rude"
	b := setup(t)
	if err := app.Score(t.Context(), b.Env, []string{filepath.Join(demo, recording)}); err != nil {
		t.Fatal(err)
	}
	samples := func(unmasked bool) []byte {
		folder := t.TempDir()
		cut := b.again(t, func(c *config.Config) { c.Rule, c.Out, c.Unmasked = rule, folder, unmasked })
		if err := app.Clip(t.Context(), cut.Env, recording); err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(folder, "*.wav"))
		if err != nil || len(files) == 0 {
			t.Fatalf("got clips %v, %v", files, err)
		}
		data, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		return data[44:]
	}
	silenced, whole := samples(false), samples(true)
	if len(silenced) != len(whole) {
		t.Fatalf("got %d and %d bytes", len(silenced), len(whole))
	}
	hidden := 0
	for i := range silenced {
		if silenced[i] != whole[i] {
			hidden++
			if silenced[i] != 0 {
				t.Fatalf("byte %d became another sound", i)
			}
		}
	}
	const second = 8000 * 2
	if hidden < second || hidden > len(whole)/2 {
		t.Errorf("%d of %d bytes are silenced", hidden, len(whole))
	}
	log, err := os.ReadFile(filepath.Join(b.Config.DataDir, "audit.jsonl"))
	if err != nil || !strings.Contains(string(log), "clip") {
		t.Errorf("audit log %q, %v", log, err)
	}
}
