//go:build cgo && !nowhisper

package transcribe_test

import (
	"context"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/transcribe"
)

// sleeper is the real engine, which does not come to an end the first times it is asked.
type sleeper struct {
	transcribe.Engine
	times int
	asked []transcribe.Options
}

func (s *sleeper) Recognise(ctx context.Context, pcm []float32, o transcribe.Options) ([]transcribe.Segment, error) {
	s.asked = append(s.asked, o)
	if len(s.asked) <= s.times {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return s.Engine.Recognise(context.WithoutCancel(ctx), pcm, o)
}

// TestWindowThatTakesTooLong holds that such a window is tried once more and then given up with a reason.
func TestWindowThatTakesTooLong(t *testing.T) {
	t.Parallel()
	r := answer(t, "f2", "谢谢。")
	tests := []struct {
		name  string
		times int
		want  string
		asked int
	}{
		{"in time", 0, "谢谢", 1},
		{"in time at the second try", 1, "谢谢", 2},
		{"never", 9, "", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			engine := &sleeper{Engine: newEngine(t), times: tt.times}
			cfg := transcribe.Config{Patience: 0.01, Options: transcribe.Options{Beam: 3}}
			got, stats, err := transcribe.New(engine, cfg).Call(t.Context(), r.File, r.Analysis, bothRoles)
			if err != nil {
				t.Fatal(err)
			}
			if heard := string(characters(textOf(got, call.RoleAgent))); heard != tt.want {
				t.Errorf("heard %q, want %q", heard, tt.want)
			}
			if len(engine.asked) != tt.asked || stats.Retries != tt.asked-1 || stats.Windows != 1 {
				t.Errorf("asked %d times, %d windows, %d retries; want %d, 1, %d", len(engine.asked), stats.Windows, stats.Retries, tt.asked, tt.asked-1)
			}
			if last := engine.asked[len(engine.asked)-1]; tt.asked > 1 && (last.Beam != 1 || last.TemperatureStep >= 0) {
				t.Errorf("the second try was with %+v, want greedy and nothing hotter", last)
			}
			if tt.want != "" {
				return
			}
			if len(got.Removed) != 1 || got.Removed[0].Reason != transcribe.ReasonTooSlow || got.Removed[0].Span != r.Channels[0].Speech[0] {
				t.Errorf("removed %+v, want the speech at %v for being too slow", got.Removed, r.Channels[0].Speech)
			}
		})
	}
}

// TestRealEngineRunsOutOfTime gives the real engine no time at all, over a whole call.
func TestRealEngineRunsOutOfTime(t *testing.T) {
	t.Parallel()
	r := open(t, demoCalls(t)[0])
	got, stats := transcript(t, r, transcribe.Config{Patience: 1e-9})
	var given call.Millis
	for _, removed := range got.Removed {
		if removed.Reason == transcribe.ReasonTooSlow {
			given += removed.Length()
		}
	}
	if len(got.Utterances) != 0 || given != stats.Speech || stats.Retries != stats.Windows {
		t.Errorf("%d utterances, %d of %d ms given up, %+v", len(got.Utterances), given, stats.Speech, stats)
	}
}
