//go:build cgo && !nowhisper

package transcribe_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/internal/callgen"
	"github.com/zhijian-qa/zhijian/internal/scene"
	"github.com/zhijian-qa/zhijian/transcribe"
)

// answer is a recording of 6 s in which one short thing is said on a quiet line.
func answer(t *testing.T, voice, text string) recording {
	t.Helper()
	var maker scene.Maker
	line, err := maker.Background(t.Context(), scene.White, 3, -60, 6000)
	if err != nil {
		t.Fatal(err)
	}
	var studio callgen.Studio
	pcm, _, err := studio.Line(t.Context(), text, callgen.Party{Voice: voice, Rate: 170, Pitch: 45, Level: -20})
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range pcm {
		line[2*scene.Rate+i] += x
	}
	return write(t, scene.Rate, line)
}

func TestShortAnswersStay(t *testing.T) {
	t.Parallel()
	for _, voice := range []string{"f2", "m3"} {
		for _, text := range []string{"谢谢。", "好。", "嗯。", "对。"} {
			got, _ := transcript(t, answer(t, voice, text), transcribe.Config{})
			if heard := string(characters(textOf(got, call.RoleAgent))); heard != strings.TrimSuffix(text, "。") {
				t.Errorf("%s says %s: heard %q, removed %+v", voice, text, heard, got.Removed)
			}
			for _, u := range got.Utterances {
				if u.Start < 1700 || u.End > 3000 {
					t.Errorf("%s says %s at 2 s: heard at %v", voice, text, u.Span)
				}
			}
		}
	}
}

// liar is the real engine, which says something made up in the place of what it heard, so many times.
type liar struct {
	transcribe.Engine
	text  string
	times int
	asked int
}

func (l *liar) Recognise(ctx context.Context, pcm []float32, o transcribe.Options) ([]transcribe.Segment, error) {
	l.asked++
	if l.asked > l.times {
		return l.Engine.Recognise(ctx, pcm, o)
	}
	s := transcribe.Segment{Span: call.Span{End: call.FromSamples(int64(len(pcm)), 16_000)}, AvgLogProb: -0.2}
	for _, r := range l.text {
		s.Tokens = append(s.Tokens, transcribe.Token{Span: s.Span, Text: string(r), Probability: 0.9})
	}
	return []transcribe.Segment{s}, nil
}

// TestThanksUnderACredit lets the engine say a credit where 谢谢 was said: it is asked once more, and when it
// says a credit again, nothing is claimed to have been said and the place is named.
func TestThanksUnderACredit(t *testing.T) {
	t.Parallel()
	r := answer(t, "f2", "谢谢。")
	tests := []struct {
		name, text, prompt string
		times              int
		want               string
		reason             string
	}{
		{"heard at the second try", "字幕由Amara.org社群提供", "", 1, "谢谢", transcribe.ReasonCredit},
		{"never heard", "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", "", 2, "", transcribe.ReasonCredit},
		{"under the prompt", "网上国网，峰谷电价", "国家电网，网上国网，峰谷电价", 1, "谢谢", transcribe.ReasonPrompt},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			registry := prometheus.NewRegistry()
			engine := &liar{Engine: newEngine(t), text: tt.text, times: tt.times}
			got, stats, err := transcribe.New(engine, transcribe.Config{
				Options: transcribe.Options{Prompt: tt.prompt}, Metrics: transcribe.NewMetrics(registry),
			}).Call(t.Context(), r.File, r.Analysis, bothRoles)
			if err != nil {
				t.Fatal(err)
			}
			if heard := string(characters(textOf(got, call.RoleAgent))); heard != tt.want {
				t.Errorf("heard %q, want %q", heard, tt.want)
			}
			if engine.asked != 2 || stats.Retries != 1 {
				t.Errorf("the engine was asked %d times, with %d retries; want once more", engine.asked, stats.Retries)
			}
			if len(got.Removed) != 1 || got.Removed[0].Reason != tt.reason || got.Removed[0].Text == "" ||
				len(call.Clip(got.Speech[call.RoleAgent], got.Removed[0].Span)) == 0 {
				t.Errorf("removed %+v, want one piece over the speech, for %s", got.Removed, tt.reason)
			}
			want := "# HELP zhijian_transcribe_removed_total Pieces of text that the hallucination guard took out, and of speech that was given up as too slow.\n" +
				"# TYPE zhijian_transcribe_removed_total counter\n"
			for _, reason := range []string{transcribe.ReasonTooSlow, transcribe.ReasonCredit, transcribe.ReasonNoSpeech, transcribe.ReasonPrompt, transcribe.ReasonRepetition} {
				n := 0
				if reason == tt.reason {
					n = 1
				}
				want += fmt.Sprintf("zhijian_transcribe_removed_total{reason=%q} %d\n", reason, n)
			}
			if err := testutil.GatherAndCompare(registry, strings.NewReader(want), "zhijian_transcribe_removed_total"); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestALongNameOfThePromptMayBeSaid lets the engine hear a hot word as long as an echo. Heard again without the prompt,
// it was said: nothing is lost and nothing is named as removed.
func TestALongNameOfThePromptMayBeSaid(t *testing.T) {
	t.Parallel()
	r := answer(t, "f2", "我家里停电了。")
	const name = "网上国网积分商城"
	tests := map[string]struct {
		times   int
		want    string
		removed int
	}{
		"said":                 {2, name, 0},
		"only with the prompt": {1, "我家里停电了", 1},
	}
	for what, tt := range tests {
		engine := &liar{Engine: newEngine(t), text: name, times: tt.times}
		cfg := transcribe.Config{Options: transcribe.Options{Prompt: "国家电网，" + name}}
		got, _, err := transcribe.New(engine, cfg).Call(t.Context(), r.File, r.Analysis, bothRoles)
		if err != nil {
			t.Fatal(err)
		}
		heard := string(characters(textOf(got, call.RoleAgent)))
		if eval.CharacterErrors(tt.want, heard).Errors > 2 || len(got.Removed) != tt.removed || engine.asked != 2 {
			t.Errorf("%s: heard %q, removed %+v, asked %d times; want %q", what, heard, got.Removed, engine.asked, tt.want)
		}
	}
}

// TestLoopIsDecodedHotterThenCut lets the engine go round in circles.
func TestLoopIsDecodedHotterThenCut(t *testing.T) {
	t.Parallel()
	r := answer(t, "f2", "我家里停电了。")
	loop := strings.Repeat("电线掉下来了", 12)
	for times, want := range map[int]string{1: "我家里停电了", 9: "电线掉下来了"} {
		engine := &liar{Engine: newEngine(t), text: loop, times: times}
		got, _, err := transcribe.New(engine, transcribe.Config{}).Call(t.Context(), r.File, r.Analysis, bothRoles)
		if err != nil {
			t.Fatal(err)
		}
		heard := string(characters(textOf(got, call.RoleAgent)))
		if eval.CharacterErrors(want, heard).Errors > 2 {
			t.Errorf("%d loops: heard %q, want %q", times, heard, want)
		}
		if cut := times > 1; cut != (len(got.Removed) == 1) || engine.asked > 3 {
			t.Errorf("%d loops: removed %+v, the engine was asked %d times", times, got.Removed, engine.asked)
		}
	}
}
