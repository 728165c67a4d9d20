//go:build cgo && !nowhisper

package transcribe_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/transcribe"
)

// foreigner is an engine that takes every window for English and goes round in circles.
type foreigner struct {
	liar
	asked []string // the languages that it was told
}

func (f *foreigner) Recognise(ctx context.Context, pcm []float32, o transcribe.Options) ([]transcribe.Segment, error) {
	f.asked = append(f.asked, o.Language)
	segments, err := f.liar.Recognise(ctx, pcm, o)
	for i := range segments {
		segments[i].Language = "en"
	}
	return segments, err
}

// TestThreeWindowsTellTheLanguage holds that a window that is decoded twice does not tell it twice.
func TestThreeWindowsTellTheLanguage(t *testing.T) {
	t.Parallel()
	r := open(t, demoCalls(t)[0])
	engine := &foreigner{liar: liar{Engine: newEngine(t), text: strings.Repeat("电线掉下来了", 12), times: 1 << 20}}
	cfg := transcribe.Config{Window: 6_000, Hole: transcribe.MaxWindow, Options: transcribe.Options{Language: "auto"}}
	_, stats, err := transcribe.New(engine, cfg).Call(t.Context(), r.File, r.Analysis, bothRoles)
	if err != nil {
		t.Fatal(err)
	}
	want := append([]string{"auto", "auto", "auto", "auto", "auto"}, slices.Repeat([]string{"en"}, 2*stats.Windows-5)...)
	if stats.Windows < 4 || !slices.Equal(engine.asked, want) {
		t.Errorf("%d windows: asked in %v, want in %v", stats.Windows, engine.asked, want)
	}
}
