package senses_test

import (
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/internal/senses"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/lexicon/sense"
)

// TestModelIsOfItsSentences: whoever changes an example learns the model anew, with "make senses".
func TestModelIsOfItsSentences(t *testing.T) {
	t.Parallel()
	sources, err := senses.ReadSources("../..", senses.Sentences, senses.Calls)
	if err != nil {
		t.Fatal(err)
	}
	m, err := sense.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := m.LearntFrom(), sources.Digest(); got != want {
		t.Errorf("the model was learnt from %s, the examples are %s: run `make senses`", got, want)
	}
}

// TestSeventhSet: what the model makes of whole calls by another hand that it was never learnt from. The figures are
// those that it reaches, with room for a few calls; docs/accuracy.md has the outcomes of the rules.
func TestSeventhSet(t *testing.T) {
	t.Parallel()
	lex, err := lexicon.Load(lexicon.Config{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer lex.Close()
	m, err := sense.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	sources, err := senses.ReadSources("../..", nil, []string{"score/testdata/heldout7.txt"})
	if err != nil {
		t.Fatal(err)
	}
	examples, err := sources.Examples(lex)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range senses.Measure(m, lex, examples) {
		t.Logf("%-18s %3d of %d: ordered %.3f, recall %.2f, precision %.2f", f.Act, f.Done, f.All, f.Ordered, f.Recall, f.Precision)
		if f.Done < 10 || f.Ordered < 0.90 {
			t.Errorf("%s: ordered %.3f of %d, want 0.90", f.Act, f.Ordered, f.Done)
		}
	}
}

func TestSentencesAreReadWithWhatIsKnownOfThem(t *testing.T) {
	t.Parallel()
	listed := func(act, text string) bool { return act == "apology" && strings.Contains(text, "抱歉") }
	examples, err := senses.ReadSentences("# act: empathy\n+ 搁谁都急，抱歉\n\n- 您的心情跟天气一样\n# act: complaint\n+ 都报了三回了\n# act: none agent\n- 请报户号\n", listed)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []map[string]string{
		{"empathy": "done", "apology": "unknown", "refusal": "not", "dissatisfied": "unknown"},
		{"empathy": "not", "apology": "not", "dissatisfied": "unknown"},
		{"dissatisfied": "done", "empathy": "unknown"},
		{"empathy": "not", "refusal": "not", "dissatisfied": "unknown"},
	} {
		for act, is := range want {
			label := examples[i].Labels[act]
			got := map[bool]string{true: "done", false: "not"}[label.Done]
			if label.Weight == 0 {
				got = "unknown"
			}
			if got != is {
				t.Errorf("%s: %s is %s, want %s", examples[i].Texts[0], act, got, is)
			}
		}
	}
	if _, err := senses.ReadSentences("# act: empathy\n搁谁都急\n", listed); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a line without a mark: %v", err)
	}
}

func TestCallsAreReadWithTheirLabels(t *testing.T) {
	t.Parallel()
	examples, err := senses.ReadCalls("# a set\n\n* repair | hello | shirk | complains\na: 您好。\nc: 又停了。\na: 找物业去。\n\n* repair | | | upset\na: 嗯。\nc: 急死我了。\n")
	if err != nil || len(examples) != 4 || len(examples[0].Texts) != 2 {
		t.Fatalf("got %d examples, %v: %v", len(examples), err, examples)
	}
	agent, customer, upset := examples[0].Labels, examples[1].Labels, examples[3].Labels
	if !agent["greeting"].Done || !agent["shirking"].Done || agent["empathy"].Done || agent["empathy"].Weight == 0 {
		t.Errorf("agent: %v", agent)
	}
	if !customer["dissatisfied"].Done || len(customer) != 1 || len(upset) != 0 {
		t.Errorf("customer: %v; upset: %v", customer, upset)
	}
}

func TestMishearingKeepsMostOfASentence(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("师傅两个小时之内跟您联系。", 200)
	e := sense.Example{Texts: []string{text}, Labels: map[string]sense.Label{"empathy": {Weight: 1}}}
	hear := senses.NewMishearing([]sense.Example{e}, 1)
	if got := hear.Hear(e, 0).Texts[0]; got != text {
		t.Error("heard well, the text is another one")
	}
	heard := []rune(hear.Hear(e, 0.2).Texts[0])
	if n := len([]rune(text)); len(heard) < n*9/10 || len(heard) >= n {
		t.Errorf("%d of %d characters are left; some 2 %% are lost", len(heard), n)
	}
	if again := senses.NewMishearing([]sense.Example{e}, 1).Hear(e, 0.2).Texts[0]; len([]rune(again)) == 0 {
		t.Error("nothing was heard")
	}
}
