package app_test

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/internal/callgen"
	"github.com/zhijian-qa/zhijian/score"
)

// flawed are the ways in which a recorder may spoil a call, each by the name of its file.
func flawed(t *testing.T) string {
	t.Helper()
	file, err := audio.Open(t.Context(), filepath.Join(demo, shirking), audio.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	pcm, err := file.Excerpt(t.Context(), call.Span{End: file.Info().Duration})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name string, channels ...[]float32) {
		to, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer to.Close()
		if err := callgen.WriteWAV(to, "alaw", channels); err != nil {
			t.Fatal(err)
		}
	}
	const late = callgen.Rate * 120 / 1000
	mono, copied := make([]float32, len(pcm[0])), make([]float32, len(pcm[0]))
	for i := range mono {
		mono[i] = (pcm[0][i] + pcm[1][i]) / 2
		if i >= late {
			copied[i] = mono[i-late] * float32(math.Pow(10, -6.0/20))
		}
	}
	write("mono.wav", mono)
	write("copied.wav", mono, copied)
	write("dead.wav", pcm[0], make([]float32, len(pcm[0])))
	whole, err := os.ReadFile(filepath.Join(demo, shirking))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "cut.wav"), whole[:len(whole)*2/3], 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestFlawedRecordingsAreScoredAsFarAsTheyTell takes recordings with a fault through the program: what the
// fault spoils is withheld and named, the rest is judged, and the report says what to do.
func TestFlawedRecordingsAreScoredAsFarAsTheyTell(t *testing.T) {
	t.Parallel()
	dir := flawed(t)
	b := setup(t, asJSON)
	if err := app.Score(t.Context(), b.Env, []string{dir}); err != nil {
		t.Fatalf("%v\n%s", err, b.err)
	}
	lines := readLines(t, strings.NewReader(b.out.String()))
	for name, want := range map[string]struct {
		status   []call.Status
		reason   string
		withheld []string // measures
		told     []string // measures
		spoiled  []string // rules that the reason makes not applicable
		judged   []string // rules that are judged all the same
	}{
		"mono.wav": {
			[]call.Status{call.StatusWarn},
			call.ReasonMono,
			[]string{"talk_ms", "agent_talk_ratio", "overlap_ms", "interruptions", "chars_per_minute"},
			[]string{"non_talk_ms", "silences"},
			[]string{"measure.talk_ratio", "measure.interruptions", "greeting.opening"},
			[]string{"closing.anything_else", "closing.satisfaction"},
		},
		"copied.wav": {
			[]call.Status{call.StatusBad, call.StatusBad},
			call.ReasonDuplicate,
			[]string{"talk_ms", "agent_talk_ratio", "overlap_ms", "interruptions", "chars_per_minute"},
			[]string{"non_talk_ms", "silences"},
			[]string{"measure.talk_ratio", "measure.interruptions", "greeting.opening", "forbidden.rude"},
			nil,
		},
		"dead.wav": {
			[]call.Status{call.StatusOK, call.StatusBad},
			call.ReasonSilent,
			[]string{"talk_ms.customer", "agent_talk_ratio", "overlap_ms", "non_talk_ms", "interruptions", "silences"},
			[]string{"talk_ms.agent"},
			[]string{"measure.talk_ratio", "measure.interruptions"},
			[]string{"greeting.opening", "forbidden.shirking"},
		},
		"cut.wav": {
			[]call.Status{call.StatusWarn, call.StatusWarn},
			call.ReasonTruncated,
			nil,
			[]string{"talk_ms", "agent_talk_ratio", "interruptions", "talk_ms.agent", "talk_ms.customer"},
			[]string{"closing.farewell", "closing.satisfaction"},
			[]string{"greeting.opening", "forbidden.shirking"},
		},
	} {
		line, found := lines[name]
		if !found {
			t.Errorf("%s is missing", name)
			continue
		}
		for i, h := range line.Health {
			if h.Status != want.status[i] || slices.Contains(h.Reasons, want.reason) != (h.Status != call.StatusOK) {
				t.Errorf("%s, channel %d: %s %v, want %s with %s", name, i, h.Status, h.Reasons, want.status[i], want.reason)
			}
		}
		for _, m := range want.withheld {
			if line.Measures.Withheld[m] != want.reason {
				t.Errorf("%s: %s is withheld for %q, want %q", name, m, line.Measures.Withheld[m], want.reason)
			}
		}
		for _, m := range want.told {
			if why, no := line.Measures.Withheld[m]; no {
				t.Errorf("%s: %s is withheld for %q", name, m, why)
			}
		}
		for _, rule := range want.spoiled {
			if c := ruleOf(t, line.Record, rule); c.Outcome != score.OutcomeNotApplicable || c.Reason != want.reason {
				t.Errorf("%s: %s is %s for %q, want not applicable for %q", name, rule, c.Outcome, c.Reason, want.reason)
			}
		}
		for _, rule := range want.judged {
			if c := ruleOf(t, line.Record, rule); c.Outcome == score.OutcomeNotApplicable {
				t.Errorf("%s: %s is not judged: %s", name, rule, c.Reason)
			}
		}
	}
	if talk := lines["dead.wav"].Measures.TalkMS; talk[call.RoleAgent] == 0 || len(talk) != 1 {
		t.Errorf("talk time beside a dead channel: %v", talk)
	}
	advised(t, b, dir)
}

// advised holds that the table and the page say what is missing, why, and what to do.
func advised(t *testing.T, b *bench, dir string) {
	t.Helper()
	out := t.TempDir()
	table := b.again(t, func(c *config.Config) { c.JSON = false })
	if err := app.Score(t.Context(), table.Env, []string{dir}); err != nil {
		t.Fatal(err)
	}
	page := b.again(t, func(c *config.Config) { c.JSON, c.Out = false, out })
	if err := app.Report(t.Context(), page.Env); err != nil {
		t.Fatal(err)
	}
	html, err := os.ReadFile(filepath.Join(out, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"4 通中有 1 通是单声道", "请在交换机/录音系统中启用双声道（分轨）录音",
		"4 通中有 1 通两个声道内容相同",
		"4 通中有 1 通有声道完全无声", "请检查录音线路",
		"4 通中有 1 通录音不完整", "请检查录音的存储与传输",
	} {
		for shown, text := range map[string]string{"table": strings.ReplaceAll(table.out.String(), "\n", ""), "page": string(html)} {
			if !strings.Contains(strings.ReplaceAll(text, " ", ""), strings.ReplaceAll(want, " ", "")) {
				t.Errorf("the %s does not say %q", shown, want)
			}
		}
	}
	if t.Failed() {
		t.Log(table.out)
	}
}

func ruleOf(t *testing.T, rec score.Record, rule string) score.Criterion {
	t.Helper()
	for _, c := range rec.Score.Criteria {
		if c.Rule == rule {
			return c
		}
	}
	t.Fatalf("there is no rule %s", rule)
	return score.Criterion{}
}

// TestTranscribePutsSwappedRolesRight gives the agent the wrong channel.
func TestTranscribePutsSwappedRolesRight(t *testing.T) {
	t.Parallel()
	b := setup(t, asJSON, func(c *config.Config) { c.AgentChannel, c.FixSwapped = 1, true })
	if err := app.Transcribe(t.Context(), b.Env, []string{filepath.Join(folder(t, shirking), shirking)}); err != nil {
		t.Fatal(err)
	}
	line := readLines(t, b.out)[shirking]
	if h := line.Health; len(h) != 2 || h[0].Role != call.RoleAgent || !slices.Contains(h[0].Reasons, call.ReasonCorrected) {
		t.Errorf("got %+v", h)
	}
	if u := line.Transcript.Utterances; len(u) == 0 || u[0].Role != call.RoleAgent {
		t.Errorf("the agent's greeting is not the agent's: %+v", u)
	}
}
