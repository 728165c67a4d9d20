package callgen_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/callgen"
)

func parse(t *testing.T, dialogue string) *callgen.Script {
	t.Helper()
	script, err := callgen.ParseScript("x", []byte(header+dialogue))
	if err != nil {
		t.Fatal(err)
	}
	return script
}

func make1(t *testing.T, dialogue string) *callgen.Call {
	t.Helper()
	made, err := callgen.Make(t.Context(), parse(t, dialogue))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// TestTheVoiceReadsHan guards against a voice that reads Chinese as English letters.
func TestTheVoiceReadsHan(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, text := range []string{"您好，很高兴为您服务", "这个事情不归我们管", "请问您的户号是多少", "感谢您的来电，再见"} {
		phonemes, err := callgen.Phonemes(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		if other, twice := seen[phonemes]; twice {
			t.Errorf("%q and %q are both read as %q", text, other, phonemes)
		}
		seen[phonemes] = text
		if strings.Contains(phonemes, "(en)") || len(phonemes) < len([]rune(text)) {
			t.Errorf("%q is read as %q", text, phonemes)
		}
	}
}

func TestTheSameSeedGivesTheSameCall(t *testing.T) {
	t.Parallel()
	write := func() []byte {
		made := make1(t, "agent: 您好。\ncustomer: 我家停电了。\n")
		var wav bytes.Buffer
		if err := callgen.WriteWAV(&wav, made.Codec, made.Channels); err != nil {
			t.Fatal(err)
		}
		return wav.Bytes()
	}
	if !bytes.Equal(write(), write()) {
		t.Error("two calls of one script differ")
	}
}

func TestSoundLiesWhereTheTruthSays(t *testing.T) {
	t.Parallel()
	made := make1(t, "agent: 您好，请问有什么可以帮您？\npause 0.7s\ncustomer: 我家停电了。\nsilence 4s\nagent: 好的。\n")
	u := made.Truth.Utterances
	if len(u) != 3 || u[1].Start-u[0].End != 700 || u[2].Start-u[1].End != 4000 {
		t.Fatalf("got %+v", u)
	}
	for _, x := range u {
		own, other := 0, 1
		if x.Role == call.RoleCustomer {
			own, other = 1, 0
		}
		if got := level(made.Channels[own], x.Span); got < -26 || got > -17 {
			t.Errorf("%q: own channel at %.1f dB", x.Text, got)
		}
		if got := level(made.Channels[other], x.Span); got > -60 {
			t.Errorf("%q: other channel at %.1f dB", x.Text, got)
		}
		for _, edge := range []call.Span{{Start: x.Start - 50, End: x.Start}, {Start: x.End, End: x.End + 50}} {
			if got := level(made.Channels[own], edge); got > -60 {
				t.Errorf("%q: %.1f dB beside it at %d ms", x.Text, got, edge.Start)
			}
		}
	}
}

func level(samples []float32, s call.Span) float64 {
	part := samples[s.Start.Samples(callgen.Rate):s.End.Samples(callgen.Rate)]
	sum := 0.0
	for _, x := range part {
		sum += float64(x) * float64(x)
	}
	return 10 * math.Log10(sum/float64(len(part)))
}

func TestTruthTellsWhoSpokeOverWhom(t *testing.T) {
	t.Parallel()
	made := make1(t, `
customer: 我昨天已经打过电话了你们说今天派人来可是等到现在还没有人来
agent (backchannel at 1.5s): 嗯。
agent (interrupts over 1s): 请问您的地址是哪里？
customer: 解放路八号，我一直都住在这里从来没有搬过家请你们快一点派人来看
agent (interrupts at 1.8s): 好的我知道了。 !measure.interruptions
hold 5s
agent: 让您久等了。
`)
	truth := made.Truth
	if n := len(truth.Interruptions); n != 2 {
		t.Fatalf("got %d interruptions, want 2: %+v", n, truth.Interruptions)
	}
	first, second := truth.Interruptions[0], truth.Interruptions[1]
	if first.By != call.RoleAgent || first.Overlap != 1000 || !first.Yielded {
		t.Errorf("first: got %+v, want 1000 ms, yielded", first)
	}
	if second.Yielded {
		t.Errorf("second: got %+v, want not yielded", second)
	}
	if n := len(truth.Backchannels()); n != 1 {
		t.Errorf("got %d backchannels, want 1", n)
	}
	if len(truth.Overlaps) != 3 {
		t.Errorf("got %d overlaps, want 3", len(truth.Overlaps))
	}
	if len(truth.Silences) != 1 || !truth.Silences[0].Announced || truth.Silences[0].Length() != 5000 {
		t.Errorf("got silences %+v, want one announced of 5 s", truth.Silences)
	}
	if len(truth.Faults) != 1 || truth.Faults[0].Start != second.Start {
		t.Errorf("got faults %+v, want one at %d ms", truth.Faults, second.Start)
	}
}

func TestMakeRefusesWhatTheScriptGetsWrong(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, dialogue, want string }{
		{"an interruption of nobody", "agent: 您好。\ncustomer (interrupts over 0.1s): 我家停电了。\n", "interrupts nobody"},
		{"an unmarked interruption", "agent: 您好请问有什么可以帮助您的吗。\ncustomer (over 1s): 我家停电了。\n", "not marked"},
		{"two lines of one party at once", "agent: 您好。\ncustomer: 我家停电了。\nagent (at 0s): 好的。\nagent (at 0.1s): 好的。\n", "before the same party"},
		{"over nobody", "agent (over 1s): 您好。\n", "nobody speaks"},
		{"nothing to say", "agent: 。\n", "nothing was spoken"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := callgen.Make(t.Context(), parse(t, test.dialogue))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestRandomCallsHaveTheirLengthAndAreDense(t *testing.T) {
	t.Parallel()
	made, err := callgen.Random(t.Context(), 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	truth := made.Truth
	both := append(append([]call.Span{}, truth.Speech[call.RoleAgent]...), truth.Speech[call.RoleCustomer]...)
	share := float64(call.Total(call.Merge(both, 0))) / float64(truth.Duration)
	if truth.Duration < 45_000 || truth.Duration > 80_000 || share < 0.7 || share > 0.92 {
		t.Errorf("got %s with %.2f speech, want about a minute with 0.7 to 0.9", truth.Duration, share)
	}
}
