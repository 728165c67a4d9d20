package senses

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/lexicon/sense"
)

// Acts are what the model tells: what a rule asks an agent for, what it forbids, and whether the customer is satisfied.
var (
	asked     = []string{"greeting", "self_intro", "offer_help", "empathy", "apology", "paraphrase", "anything_else", "satisfaction", "closing"}
	forbidden = []string{"vague", "refusal", "shirking", "rude", "condescending", "over_promise", "internal_complaint", "denial"}
	customers = []string{"dissatisfied"}
)

// Acts returns all acts in the order in which the model has them.
func Acts() []string { return slices.Concat(asked, forbidden, customers) }

// How much it counts that nothing says a sentence does another act.
const (
	weightOwn     = 1.0
	weightOther   = 0.4 // an act of another kind
	weightSimilar = 0.1 // another of the forbidden ones: they go together
)

// ReadSentences reads sentences: below the name of an act, "+" for those that do it, "-" for those that only look like
// it. The name stands in "# act: name" (none for sentences that do none of them), or as in the labelled sets of the
// lists and of the rules (lexicon/testdata/sentences.txt, score/testdata/labelled.txt). listed reports whether the word
// lists find an act in a sentence, so that nothing is taken for granted there.
func ReadSentences(text string, listed func(act, text string) bool) ([]sense.Example, error) {
	var all []sense.Example
	act, customer := "", false
	for number, line := range strings.Split(text, "\n") {
		head, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name := headOf(head, rest); name != "" {
			act, customer = actOf(name)
			continue
		}
		switch head {
		case "", "#", "frame", "other":
		case "+", "-":
			all = append(all, exampleOf(act, customer, head == "+", rest, listed))
		default:
			return nil, fmt.Errorf("line %d of the sentences: begin with +, - or #", number+1)
		}
	}
	return all, nil
}

// headOf returns what a line that begins a section says its sentences are about, "" for other lines.
func headOf(head, rest string) string {
	fields := strings.Fields(rest)
	switch {
	case head == "#" && strings.HasPrefix(rest, "act: "):
		return strings.TrimPrefix(rest, "act: ")
	case head == "says" && len(fields) > 0:
		return fields[0]
	case head == "rule" && len(fields) == 3:
		return fields[2]
	}
	return ""
}

// actOf returns an act, "" for none, and whether customers are who says it.
func actOf(name string) (act string, customer bool) {
	fields := strings.Fields(name)
	switch {
	case len(fields) == 2:
		return "", fields[1] == "customer"
	case name == "complaint", name == "complaint_words":
		return "dissatisfied", true
	}
	return name, slices.Contains(customers, name)
}

func exampleOf(act string, customer, done bool, text string, listed func(act, text string) bool) sense.Example {
	e := sense.Example{Texts: []string{text}, Labels: map[string]sense.Label{}}
	for _, other := range Acts() {
		switch {
		case other == act:
			e.Labels[other] = sense.Label{Done: done, Weight: weightOwn}
		case slices.Contains(customers, other) != customer, listed(other, text):
		case done && slices.Contains(forbidden, act) && slices.Contains(forbidden, other):
			e.Labels[other] = sense.Label{Weight: weightSimilar}
		default:
			e.Labels[other] = sense.Label{Weight: weightOther}
		}
	}
	return e
}
