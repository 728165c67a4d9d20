package report_test

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/score"
)

func page(t *testing.T, opt report.Options, clips report.Clips) string {
	t.Helper()
	r := build(t, opt)
	return text(t, func(w *bytes.Buffer) error { return r.WriteHTML(w, clips) })
}

func TestPageLoadsNothing(t *testing.T) {
	t.Parallel()
	clips := report.Clips{}
	clips.Add(shirking().Recording.ID, "forbidden.shirking", 1, []byte("RIFF????WAVE"))
	html := page(t, options(), clips)
	for name, pattern := range map[string]string{
		"an address":         `(?i)\b(https?|ftp|wss?|file):`,
		"a schemeless one":   `(?i)(src|href|action|poster|data|srcset)\s*=\s*["']?\s*//`,
		"a style's import":   `(?i)@import|url\(`,
		"a linked file":      `(?i)<(link|iframe|object|embed|img|base|form|source|track)\b`,
		"an event attribute": `(?i)<[a-z][^<>]*\son[a-z]+\s*=`,
		"a request":          `fetch\(|XMLHttpRequest|WebSocket|sendBeacon|importScripts|import\(`,
	} {
		if found := regexp.MustCompile(pattern).FindString(html); found != "" {
			t.Errorf("the page holds %s: %q", name, found)
		}
	}
	sources := regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(html, -1)
	if len(sources) != 1 {
		t.Fatalf("got %d sources, want the one clip", len(sources))
	}
	wav, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(sources[0][1], "data:audio/wav;base64,"))
	if err != nil || string(wav) != "RIFF????WAVE" {
		t.Errorf("got clip %q, %v", wav, err)
	}
	if !strings.Contains(html, `content="default-src 'none'`) {
		t.Error("the page has no policy against loading")
	}
}

func TestPageEscapes(t *testing.T) {
	t.Parallel()
	html := page(t, options(), nil)
	if n := strings.Count(strings.ToLower(html), "<script"); n != 1 {
		t.Errorf("got %d scripts, want the page's own", n)
	}
	if n := strings.Count(strings.ToLower(html), "</style"); n != 1 {
		t.Errorf("got %d ends of style, want 1", n)
	}
	for _, bad := range []string{"推诿<b>", `"><script`, "<script>alert", "]]></style>"} {
		if strings.Contains(html, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	for _, want := range []string{"&lt;script&gt;alert(1)&lt;", "推诿&lt;b&gt;", "&#34;&gt;&lt;script&gt;alert(&#39;x&#39;)", "]]&gt;&lt;/style&gt;"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// TestPageIsWellFormed checks that every element that must be closed is.
func TestPageIsWellFormed(t *testing.T) {
	t.Parallel()
	html := page(t, options(), nil)
	body := regexp.MustCompile(`(?s)<script>.*?</script>|<style>.*?</style>`).ReplaceAllString(html, "")
	var open []string
	for _, tag := range regexp.MustCompile(`<(/?)([a-z0-9]+)[^<>]*?(/?)>`).FindAllStringSubmatch(body, -1) {
		name := tag[2]
		switch {
		case tag[3] == "/" || name == "meta" || name == "input":
		case tag[1] == "":
			open = append(open, name)
		case len(open) == 0 || open[len(open)-1] != name:
			t.Fatalf("</%s> closes %v", name, open)
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("not closed: %v", open)
	}
}

func TestPageLanguages(t *testing.T) {
	t.Parallel()
	opt := options()
	if html := page(t, opt, nil); !strings.Contains(html, `<html lang="zh-CN">`) || !strings.Contains(html, "坐席排名") {
		t.Error("the page is not Chinese")
	}
	opt.Lang = "en"
	html := page(t, opt, nil)
	if !strings.Contains(html, `<html lang="en">`) || !strings.Contains(html, "Passing the buck") {
		t.Error("the page is not English")
	}
	for _, chinese := range []string{"坐席排名", "不是已知的音频格式", "合格", "待复核", "扣分", "说话占比</"} {
		if strings.Contains(html, chinese) {
			t.Errorf("the English page holds %q", chinese)
		}
	}
}

func TestPageStartsWithWhatIsWithheld(t *testing.T) {
	t.Parallel()
	html := page(t, options(), nil)
	note, figures := strings.Index(html, "6 通中有 1 通是单声道"), strings.Index(html, `class="figures"`)
	if note < 0 || figures < 0 || note > figures {
		t.Errorf("the note stands at %d, the figures at %d", note, figures)
	}
}

func TestPageBoundsItsDetails(t *testing.T) {
	t.Parallel()
	opt := options()
	opt.Details = 2
	html := page(t, opt, nil)
	if n := strings.Count(html, `<details class="one"`); n != 2 {
		t.Errorf("got %d scorecards, want 2", n)
	}
	for _, want := range []string{"此处只展开 2 通", "call_02.wav"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// TestDetailIDs holds the calls that clips are cut for against those that the page shows.
func TestDetailIDs(t *testing.T) {
	t.Parallel()
	opt := options()
	opt.Details = 2
	r := build(t, opt)
	want := []string{shirking().Recording.ID, hostile().Recording.ID}
	if got := r.DetailIDs(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	html := text(t, func(w *bytes.Buffer) error { return r.WriteHTML(w, nil) })
	for _, id := range r.DetailIDs() {
		if !strings.Contains(html, "<code>"+id+"</code>") {
			t.Errorf("the page lacks call %s", id)
		}
	}
}

func TestPageShowsASingleNorm(t *testing.T) {
	t.Parallel()
	settled, satisfied := mono(), perfect()
	settled.Score.Verdict = score.VerdictReview
	yes := true
	settled.Recording.Settled = &yes
	r, err := report.Build(of(settled), nil, options())
	if err != nil {
		t.Fatal(err)
	}
	if html := text(t, func(w *bytes.Buffer) error { return r.WriteHTML(w, nil) }); !strings.Contains(html, "投诉按时办结率") {
		t.Error("the only norm is not shown")
	}
	satisfied.Recording.Satisfaction, satisfied.Recording.Complaint, satisfied.Recording.Resolved = nil, nil, nil
	if r, err = report.Build(of(satisfied), nil, options()); err != nil {
		t.Fatal(err)
	}
	if html := text(t, func(w *bytes.Buffer) error { return r.WriteHTML(w, nil) }); strings.Contains(html, `class="norms"`) {
		t.Error("norms are shown without one that asks for a number")
	}
}

func TestPageSaysWhenUnmasked(t *testing.T) {
	t.Parallel()
	opt := options()
	if !strings.Contains(page(t, opt, nil), "个人信息已遮蔽") {
		t.Error("a masked page does not say so")
	}
	clips := report.Clips{}
	clips.Add(shirking().Recording.ID, "forbidden.shirking", 1, []byte("RIFF????WAVE"))
	const voices = "录音片段未遮蔽"
	if strings.Contains(page(t, opt, nil), voices) || !strings.Contains(page(t, opt, clips), voices) {
		t.Error("the page does not say that voices are not masked, or says so without clips")
	}
	opt.Mask = nil
	if !strings.Contains(page(t, opt, nil), "请勿外传") {
		t.Error("an unmasked page does not warn")
	}
}
