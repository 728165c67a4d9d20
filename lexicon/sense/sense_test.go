package sense_test

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/zhijian-qa/zhijian/lexicon/sense"
)

// examples say what somebody does who passes a customer on, and who does not.
func examples() []sense.Example {
	var all []sense.Example
	add := func(done bool, texts ...string) {
		for _, text := range texts {
			for range 3 { // so often that their features tell something
				all = append(all, sense.Example{Texts: []string{text}, Labels: map[string]sense.Label{"shirking": {Done: done, Weight: 1}}})
			}
		}
	}
	add(true, "这个你找物业去", "不归我们管你找别人", "那是物业的事你去找物业", "你找居委会去别找我们", "这事找社区去不归我们")
	add(false, "我帮您联系物业", "我们马上派人来", "物业的电话我报给您", "这个归我们管我来处理", "我帮您找师傅来看", "我不会跟您说不归我们管")
	return all
}

func odds(m *sense.Model, text string) float64 {
	return m.Read(text, nil).Most("shirking", 0, utf8.RuneCountInString(text)).Odds
}

func TestLearntFromFewSentences(t *testing.T) {
	t.Parallel()
	m := sense.Learn([]string{"shirking", "empathy"}, examples(), 1)
	for _, tt := range []struct {
		text string
		done bool
	}{
		{"您这个情况呢你找社区去吧别找我们", true},
		{"好的我记下了那你找物业去", true},
		{"好的我记下了我帮您联系物业的师傅", false},
		{"我不会跟您说这个不归我们管", false},
	} {
		if got := odds(m, tt.text); (got > 0) != tt.done {
			t.Errorf("%s: odds %.2f, done %v", tt.text, got, tt.done)
		}
	}
}

// The stretch that is named is where it was said, however much stands around it.
func TestStretchIsWhereItWasSaid(t *testing.T) {
	t.Parallel()
	m := sense.Learn([]string{"shirking"}, examples(), 1)
	before, said, after := strings.Repeat("今天天气很好。", 20), "你找物业去", strings.Repeat("，谢谢来电", 20)
	s := m.Read(before+said+after, nil).Most("shirking", 0, math.MaxInt)
	at := utf8.RuneCountInString(before)
	if s.Start > at+3 || s.End < at+2 || s.End-s.Start > 14 {
		t.Errorf("stretch %d to %d, said at %d", s.Start, s.End, at)
	}
	if elsewhere := m.Read(before+said+after, nil).Most("shirking", 0, 50); elsewhere.Odds > 0 {
		t.Errorf("odds %.2f where nothing of the kind was said", elsewhere.Odds)
	}
}

func TestSavedModelReadsTheSame(t *testing.T) {
	t.Parallel()
	m := sense.Learn([]string{"shirking"}, examples(), 1).Of("a few")
	var file bytes.Buffer
	if err := m.Save(&file); err != nil {
		t.Fatal(err)
	}
	loaded, err := sense.Load(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if loaded.LearntFrom() != "a few" || loaded.Revision() == "" || !loaded.Knows("shirking") || loaded.Knows("vague") {
		t.Errorf("got %q, revision %q, acts %v", loaded.LearntFrom(), loaded.Revision(), loaded.Acts())
	}
	for _, text := range []string{"那你找物业去", "我帮您联系", ""} {
		if got, want := odds(loaded, text), odds(m, text); got != want {
			t.Errorf("%s: odds %v, want %v", text, got, want)
		}
	}
	for cut := range file.Len() {
		if _, err := sense.Load(bytes.NewReader(file.Bytes()[:cut])); err == nil {
			t.Fatalf("read %d of %d bytes without an error", cut, file.Len())
		}
	}
}

func TestUnknownActAndEmptyTextSpeakForNothing(t *testing.T) {
	t.Parallel()
	m := sense.Learn([]string{"shirking"}, examples(), 1)
	for _, s := range []sense.Sense{
		m.Read("你找物业去", nil).Most("empathy", 0, 5), m.Read("", nil).Most("shirking", 0, 9), m.Read("，。", nil).Most("shirking", 0, 2),
		m.Read("你找物业去", nil).Most("shirking", 3, 3), m.Read("你找物业去", nil).Most("shirking", 90, 99),
	} {
		if !math.IsInf(s.Odds, -1) {
			t.Errorf("got %+v", s)
		}
	}
}

// FuzzRead: whatever the text, what is found lies in it.
func FuzzRead(f *testing.F) {
	m, err := sense.Builtin()
	if err != nil {
		f.Fatal(err)
	}
	f.Add("这个不归我们管，你找物业去吧", 0, 14)
	f.Add("\xff\x00，a１２三", 1, 3)
	f.Add(strings.Repeat("您好", 3000), 17, 4000)
	f.Fuzz(func(t *testing.T, text string, start, end int) {
		n := len([]rune(text))
		r := m.Read(text, []sense.Mark{{List: "shirking", End: end}})
		for _, act := range m.Acts() {
			s := r.Most(act, start, end)
			if math.IsNaN(s.Odds) || !math.IsInf(s.Odds, -1) && (s.Start < 0 || s.Start >= s.End || s.End > n) {
				t.Errorf("%s: %+v in %d runes", act, s, n)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	m, err := sense.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	text := strings.Repeat("这个情况我给您登记一下，师傅两个小时之内跟您联系。", 60)
	for b.Loop() {
		m.Read(text, nil)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(utf8.RuneCountInString(text)), "ns/character")
}
