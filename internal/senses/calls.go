package senses

import (
	"strings"

	"github.com/zhijian-qa/zhijian/lexicon/sense"
)

// labelOf are the labels of the calls in score/testdata, by act.
var labelOf = map[string]string{
	"greeting": "hello", "self_intro": "intro", "offer_help": "help", "empathy": "empathy", "apology": "apology", "paraphrase": "repeat",
	"anything_else": "else", "satisfaction": "rate", "closing": "bye", "vague": "vague", "refusal": "refuse", "shirking": "shirk", "rude": "rude",
	"condescending": "look-down", "over_promise": "promise", "internal_complaint": "inside", "denial": "deny",
}

// ReadCalls reads calls that are labelled by hand (score/testdata/heldout.txt): each gives what the agent said, and what
// the customer said, with all their labels.
func ReadCalls(text string) []sense.Example {
	var all []sense.Example
	for _, block := range strings.Split(text, "\n\n") {
		labels, agent, customer := map[string]bool{}, []string(nil), []string(nil)
		for line := range strings.Lines(block) {
			head, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			switch head {
			case "*":
				for _, label := range strings.Fields(strings.ReplaceAll(rest, "|", " ")) {
					labels[label] = true
				}
			case "a:":
				agent = append(agent, rest)
			case "c:":
				customer = append(customer, rest)
			}
		}
		if len(agent) > 0 {
			all = append(all, partyOf(agent, labels, false), partyOf(customer, labels, true))
		}
	}
	return all
}

func partyOf(texts []string, labels map[string]bool, customer bool) sense.Example {
	e := sense.Example{Texts: texts, Labels: map[string]sense.Label{}}
	if customer {
		complains, upset := labels["complains"], labels["upset"]
		if complains || !upset { // of who is upset and complains of nothing, hearers think this and that
			e.Labels["dissatisfied"] = sense.Label{Done: complains, Weight: weightOwn}
		}
		return e
	}
	for act, label := range labelOf {
		e.Labels[act] = sense.Label{Done: labels[label], Weight: weightOwn}
	}
	return e
}
