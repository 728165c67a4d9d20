package report

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// TestTextsAreComplete looks up every key that the code and the page use, and every text for both
// languages and the same placeholders.
func TestTextsAreComplete(t *testing.T) {
	t.Parallel()
	used := regexp.MustCompile(`(?:\bt|title:|say)[ (]*"([a-z_.]+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob("page/*.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, pages...) {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range used.FindAllStringSubmatch(string(source), -1) {
			if _, ok := textOf(match[1]); !ok && !strings.HasSuffix(match[1], ".") && strings.Trim(match[1], "tf") != "" {
				t.Errorf("%s uses the text %q, which is missing", file, match[1])
			}
		}
	}
	placeholder := regexp.MustCompile(`%(\[\d\])?[.\d]*[a-z]`)
	all, count := map[string][2]string{}, 0
	for _, table := range allTexts {
		maps.Copy(all, table)
		count += len(table)
	}
	if len(all) != count {
		t.Error("a text stands twice")
	}
	for key, pair := range all {
		if pair[0] == "" || pair[1] == "" {
			t.Errorf("%s lacks a language", key)
		}
		if zh, en := len(placeholder.FindAllString(pair[0], -1)), len(placeholder.FindAllString(pair[1], -1)); zh != en {
			t.Errorf("%s: %d placeholders in Chinese, %d in English", key, zh, en)
		}
	}
}

// TestSectionsAreNamedAsInTheScorecard holds the names here against the built-in scorecards'.
func TestSectionsAreNamedAsInTheScorecard(t *testing.T) {
	t.Parallel()
	names, err := score.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if n.Kind != "section" {
			continue
		}
		if got, want := texts["section."+n.ID], [2]string{n.ZH, n.EN}; got != want {
			t.Errorf("section %s: got %q, want %q", n.ID, got, want)
		}
	}
}

func TestKnownWords(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{
		call.ReasonMono, call.ReasonDuplicate, call.ReasonSilent, call.ReasonNoSpeech, call.ReasonQuiet, call.ReasonClipped,
		call.ReasonTone, call.ReasonNoise, call.ReasonTruncated, call.ReasonShort, call.ReasonSwapped,
		call.ReasonCorrected, call.ReasonCrosstalk, call.ReasonShorter,
	} {
		for _, prefix := range []string{"reason", "cause"} {
			if got := newWords("zh").known(prefix, reason); got == reason {
				t.Errorf("%s.%s has no text", prefix, reason)
			}
		}
	}
	if got := newWords("en").known("reason", "something_new"); got != "something_new" {
		t.Errorf("an unknown reason is shown as %q", got)
	}
}

func TestFigureForms(t *testing.T) {
	t.Parallel()
	w := newWords("zh")
	third, whole := 1.0/3, 1.0
	for _, test := range []struct{ got, want string }{
		{clock(0), "0:00"},
		{clock(59_499), "0:59"},
		{clock(59_500), "1:00"},
		{clock(3_600_000), "1:00:00"},
		{w.hours(5_400_000), "1.5 小时"},
		{w.hours(3_600_000), "1.0 小时"},
		{w.hours(3_540_000), "59 分钟"},
		{w.hours(1_000), "1 分钟"},
		{newWords("en").hours(300_000), "5 min"},
		{newWords("en").t("calls.n", 1), "1 call"},
		{newWords("en").t("calls.n", 11), "11 calls"},
		{singular("worth 0.1 points, 1 unannounced silences, heard 1 times"), "worth 0.1 points, 1 unannounced silence, heard 1 time"},
		{newWords("en").t("withheld.failed", 1), "could not be processed: 1 more recording"},
		{newWords("en").either("说到 1 处", "said in 1 places"), "said in 1 place"},
		{w.score(&third), "33.3"},
		{w.score(&whole), "100"},
		{w.score(nil), "—"},
		{w.percent(&third), "33.3%"},
		{points(7.5), "7.5"},
		{points(7), "7"},
		{span(call.Span{}), ""},
		{span(call.Span{Start: 500, End: 1400}), "0:01"},
		{span(call.Span{Start: 500, End: 61_000}), "0:01–1:01"},
		{w.agent("", ""), "（未标明）"},
		{w.agent("1024", ""), "1024"},
		{w.rule(score.Criterion{Rule: "x.y"}), "x.y"},
		{newWords("en").rule(score.Criterion{Rule: "x.y", Name: "名"}), "名"},
		{RuleName("en", score.Criterion{Rule: "x.y", Name: "名", NameEN: "name"}), "name"},
		{RuleName("zh", score.Criterion{Rule: "x.y", Name: "名", NameEN: "name"}), "名"},
		{Printable("/calls/\x1b[31m\u202ea\nb.wav"), "/calls/ [31m a b.wav"},
		{guard("=1"), "'=1"},
		{guard("＋1"), "'＋1"},
		{guard("\tx"), "'\tx"},
		{guard("1=1"), "1=1"},
		{guard(""), ""},
		{cut("一二三四", 3), "一二…"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

func TestWrapAndWidths(t *testing.T) {
	t.Parallel()
	term := newTerminal(nil, false)
	for _, test := range []struct {
		text  string
		width int
		want  string
	}{
		{"", 10, ""},
		{"一二三四五六", 6, "一二三|四五六"},
		{"一二三，四五", 6, "一二|三，四|五"},
		{"one two three", 7, "one two|three"},
		{"unbreakable", 4, "unbreakable"},
		{"坐席 abc 客户", 8, "坐席 abc|客户"},
		{"a\x1b[31mb\u202e", 20, "a [31mb"},
	} {
		lines := term.wrap(test.text, test.width)
		if got := strings.Join(lines, "|"); got != test.want {
			t.Errorf("wrap(%q, %d): got %q, want %q", test.text, test.width, got, test.want)
		}
	}
	if got := term.left("通话质检", 5); got != "通话…" {
		t.Errorf("left: got %q", got)
	}
	if got := term.right("通", 5); got != "   通" {
		t.Errorf("right: got %q", got)
	}
}

func TestWorstCallsAreKept(t *testing.T) {
	t.Parallel()
	score1, score2 := 0.9, 0.2
	calls := []Call{
		{ID: "a", Verdict: score.VerdictPass, Normalised: &score1},
		{ID: "b", Verdict: score.VerdictFail, Normalised: &score1},
		{ID: "c", Verdict: score.VerdictPass, Normalised: &score2},
		{ID: "d", Verdict: score.VerdictReview, Normalised: &score1},
		{ID: "e", Verdict: score.VerdictFail, Normalised: &score2},
	}
	w := worst{limit: 3}
	for _, c := range calls {
		w.add(&detail{Call: c})
	}
	kept := w.byID()
	if len(kept) != 3 || kept["e"] == nil || kept["b"] == nil || kept["d"] == nil {
		t.Errorf("got %v, want e, b and d", kept)
	}
}

func TestAxis(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ top, steps, last int }{{0, 2, 1}, {1, 2, 1}, {4, 5, 4}, {5, 4, 6}, {111, 4, 150}, {99_999, 6, 100_000}} {
		got := axis(test.top)
		if len(got) > 6 || got[len(got)-1] != test.last {
			t.Errorf("axis(%d): got %v, want it to end at %d", test.top, got, test.last)
		}
	}
}

func TestHistogramBins(t *testing.T) {
	t.Parallel()
	h := newHistogram()
	for _, v := range []float64{0, 0.1, 0.3, 0.7, 0.7000000001, 0.999, 1, 1.2, -0.1} {
		h.add(&v)
	}
	h.add(nil)
	want := []int{2, 1, 0, 1, 0, 0, 0, 2, 0, 3}
	for i, n := range h.Counts {
		if n != want[i] {
			t.Fatalf("got %v, want %v", h.Counts, want)
		}
	}
	if h.None != 1 {
		t.Errorf("got %d without value, want 1", h.None)
	}
}
