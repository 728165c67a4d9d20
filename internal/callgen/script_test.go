package callgen_test

import (
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/callgen"
)

const header = "title: t\nagent: {id: \"1\", voice: f2}\ncustomer: {voice: m3}\n---\n"

func TestParseScriptReadsEveryKindOfLine(t *testing.T) {
	t.Parallel()
	script, err := callgen.ParseScript("x", []byte(header+`
agent: 您好。 # a comment
customer (interrupts over 0.8s): 你先听我说。
agent (backchannel at 1.2s): 嗯。
agent: 不归我们管。 !forbidden.shirking !polite.words
pause 0.5s
hold 12s
silence 9s !measure.silence
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []callgen.Event{
		{Role: call.RoleAgent, Text: "您好。"},
		{Role: call.RoleCustomer, Text: "你先听我说。", Placing: callgen.PlaceOver, Offset: 800, Interrupts: true},
		{Role: call.RoleAgent, Text: "嗯。", Placing: callgen.PlaceAt, Offset: 1200, Backchannel: true},
		{Role: call.RoleAgent, Text: "不归我们管。", Faults: []string{"forbidden.shirking", "polite.words"}},
		{Kind: callgen.KindPause, Offset: 500},
		{Kind: callgen.KindHold, Offset: 12000},
		{Kind: callgen.KindSilence, Offset: 9000, Faults: []string{"measure.silence"}},
	}
	if len(script.Events) != len(want) {
		t.Fatalf("got %d events, want %d", len(script.Events), len(want))
	}
	for i, got := range script.Events {
		w := want[i]
		if got.Kind != w.Kind || got.Role != w.Role || got.Text != w.Text || got.Placing != w.Placing || got.Offset != w.Offset ||
			got.Backchannel != w.Backchannel || got.Interrupts != w.Interrupts || strings.Join(got.Faults, " ") != strings.Join(w.Faults, " ") {
			t.Errorf("event %d: got %+v, want %+v", i, got, w)
		}
	}
	if script.Events[0].Line != 6 {
		t.Errorf("got line %d, want 6", script.Events[0].Line)
	}
}

func TestParseScriptNamesTheFault(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, script, want string }{
		{"no dialogue mark", "title: t\n", `no line "---"`},
		{"unknown key", "tittle: t\n---\nagent: 您好\n", "unknown field"},
		{"empty dialogue", header, "no dialogue"},
		{"unknown party", header + "boss: 您好\n", `line 5: cannot read "boss: 您好"`},
		{"unknown gap", header + "wait 3s\n", `line 5: "wait" is neither`},
		{"bad length", header + "pause 3\n", `line 5: "3" is no length of time`},
		{"negative length", header + "hold -3s\n", "no length"},
		{"bad placing", header + "agent (under 3s): 您好\n", "is not"},
		{"interruption without place", header + "agent (interrupts): 您好\n", `needs "over" or "at"`},
		{"bad rule", header + "agent: 您好 !shirking\n", `"shirking" is no rule`},
		{"every fault at once", header + "wait 3s\nboss: x\n", "line 6"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := callgen.ParseScript("x", []byte(test.script))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func FuzzParseScript(f *testing.F) {
	f.Add(header + "agent (interrupts over 0.8s): 您好 !a.b\npause 1s\n")
	f.Add("---\n---\n")
	f.Fuzz(func(_ *testing.T, text string) {
		_, _ = callgen.ParseScript("x", []byte(text))
	})
}
