package score_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/internal/calltest"
	"github.com/zhijian-qa/zhijian/score"
)

// labelled is a call and how its rules should come out.
type labelled struct {
	call  calltest.Call
	truth map[string]score.Outcome // by rule
	about string                   // the rule whose phrase is labelled by hand; "" when all are
}

// aspect is a rule about words that the labelled sets hold, and the lists of its phrases.
type aspect struct {
	rule, label string
	asks        bool // the rule asks for a phrase; else it forbids it
	lists       []string
	atLeast     int
}

// aspects are the rules of the card that ask for, or forbid, words.
var aspects = []aspect{
	{"greeting.opening", "hello", true, []string{"greeting"}, 1},
	{"greeting.self_intro", "intro", true, []string{"self_intro"}, 1},
	{"greeting.offer_help", "help", true, []string{"offer_help"}, 1},
	{"polite.words", "polite", true, []string{"polite", "thanks", "apology", "greeting"}, 2},
	{"empathy.complaint", "empathy", true, []string{"empathy"}, 1},
	{"apology.complaint", "apology", true, []string{"apology"}, 1},
	{"confirm.paraphrase", "repeat", true, []string{"paraphrase"}, 1},
	{"closing.anything_else", "else", true, []string{"anything_else"}, 1},
	{"closing.satisfaction", "rate", true, []string{"satisfaction"}, 1},
	{"closing.farewell", "bye", true, []string{"closing"}, 1},
	{"forbidden.vague", "vague", false, []string{"vague"}, 1},
	{"forbidden.refusal", "refuse", false, []string{"refusal"}, 1},
	{"forbidden.shirking", "shirk", false, []string{"shirking"}, 1},
	{"forbidden.rude", "rude", false, []string{"rude", "discriminatory"}, 1},
	{"forbidden.condescending", "look-down", false, []string{"condescending"}, 1},
	{"forbidden.over_promise", "promise", false, []string{"over_promise"}, 1},
	{"forbidden.internal_complaint", "inside", false, []string{"internal_complaint"}, 1},
	{"forbidden.denial", "deny", false, []string{"denial"}, 1},
}

// outcome is how the rule should come out when its phrase is said, or is not.
func (a aspect) outcome(said bool) score.Outcome {
	if said == a.asks {
		return score.OutcomePass
	}
	return score.OutcomeFail
}

// readTuned reads the labelled set that the rules were tuned on; its first lines tell how it is written. A
// call is about one rule; of the others the outcome on the text as written counts as the truth.
func readTuned(t *testing.T, s *score.Scorer) []labelled {
	t.Helper()
	var all []labelled
	rule, frame := "", ""
	for number, text := range strings.Split(readFile(t, "testdata/labelled.txt"), "\n") {
		head, rest, _ := strings.Cut(text, " ")
		switch head {
		case "", "#":
		case "rule":
			rule = strings.Fields(rest)[0]
		case "frame":
			frame = rest
		case "+", "-":
			c := parse(t, strings.ReplaceAll(strings.ReplaceAll(frame, "{}", rest), " / ", "\n"))
			l := labelled{call: c, about: rule, truth: outcomesOf(s, c)}
			for _, a := range aspects {
				if a.rule == rule {
					l.truth[rule] = a.outcome(head == "+")
				}
			}
			all = append(all, l)
		default:
			t.Fatalf("line %d of the labelled set: %q", number+1, text)
		}
	}
	return all
}

// readHeldOut reads calls with every label by hand.
func readHeldOut(t *testing.T, path string) []labelled {
	t.Helper()
	calls, err := calltest.ParseLabelled(readFile(t, path))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	var all []labelled
	for _, c := range calls {
		var script strings.Builder
		truth := truthOf(t, c.Labels)
		if truth["confirm.paraphrase"] == score.OutcomeNotApplicable {
			script.WriteString("scenario callback\n")
		}
		for _, line := range c.Lines {
			fmt.Fprintf(&script, "%s: %s\n", line.Role, line.Text)
		}
		all = append(all, labelled{call: parse(t, script.String()), truth: truth})
	}
	return all
}

// truthOf returns how the rules should come out for the labels of a call.
func truthOf(t *testing.T, said map[string]bool) map[string]score.Outcome {
	t.Helper()
	truth := map[string]score.Outcome{}
	for _, a := range aspects {
		truth[a.rule] = a.outcome(said[a.label])
		delete(said, a.label)
	}
	if !said["complains"] && !said["upset"] {
		truth["empathy.complaint"] = score.OutcomeNotApplicable
	}
	if !said["complains"] {
		truth["apology.complaint"] = score.OutcomeNotApplicable
	}
	if said["callback"] {
		truth["confirm.paraphrase"] = score.OutcomeNotApplicable
	}
	for _, known := range []string{"complains", "upset", "repair", "billing", "consultation", "complaint", "callback", "business"} {
		delete(said, known)
	}
	if len(said) > 0 {
		t.Fatalf("held-out set: unknown labels %v", said)
	}
	return truth
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// outcomesOf judges a call.
func outcomesOf(s *score.Scorer, c calltest.Call) map[string]score.Outcome {
	by := map[string]score.Outcome{}
	for _, criterion := range s.Score(c.Recording, c.Health, c.Transcript).Score.Criteria {
		if !strings.HasPrefix(criterion.Rule, "measure.") {
			by[criterion.Rule] = criterion.Outcome
		}
	}
	return by
}
