package transcribe

import (
	"strings"
	"testing"
)

func TestRevisionNamesWhatChangesATranscript(t *testing.T) {
	t.Parallel()
	base := Config{Model: "demo@1"}.Revision("energy")
	same := map[string]Config{
		"defaults written out": {Model: "demo@1", Pause: 500, Window: 25_600, Margin: 250, Options: Options{Language: "zh"}},
		"threads":              {Model: "demo@1", Options: Options{Threads: 2}},
	}
	for name, c := range same {
		if got := c.Revision("energy"); got != base {
			t.Errorf("%s: got %s, want %s", name, got, base)
		}
	}
	other := map[string]Config{
		"model":  {Model: "demo@2"},
		"pause":  {Model: "demo@1", Pause: 700},
		"beam":   {Model: "demo@1", Options: Options{Beam: 5}},
		"prompt": {Model: "demo@1", Options: Options{Prompt: "网上国网"}},
		"margin": {Model: "demo@1", Margin: 100},
		"full":   {Model: "demo@1", Options: Options{FullContext: true}},
	}
	seen := map[string]string{base: "the base"}
	for name, c := range other {
		got := c.Revision("energy")
		if had, is := seen[got]; is {
			t.Errorf("%s: got the revision of %s", name, had)
		}
		seen[got] = name
	}
	if got := (Config{Model: "demo@1"}).Revision("silero"); got == base {
		t.Error("another voice activity detection has the same revision")
	}
}

func TestSimplifyReachesEveryToken(t *testing.T) {
	t.Parallel()
	c := Config{Simplify: func(s string) string { return strings.ReplaceAll(s, "電", "电") }}.withDefaults()
	if got := c.Simplify("停電"); got != "停电" {
		t.Errorf("got %q", got)
	}
	if got := (Config{}).withDefaults().Simplify("停電"); got != "停電" {
		t.Errorf("without a function: got %q", got)
	}
}
