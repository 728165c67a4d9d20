package senses

import (
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/calltest"
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
func ReadCalls(text string) ([]sense.Example, error) {
	calls, err := calltest.ParseLabelled(text)
	var all []sense.Example
	for _, c := range calls {
		all = append(all, agentOf(c), customerOf(c))
	}
	return all, err
}

func agentOf(c calltest.Labelled) sense.Example {
	e := sense.Example{Texts: c.By(call.RoleAgent), Labels: map[string]sense.Label{}}
	for act, label := range labelOf {
		e.Labels[act] = sense.Label{Done: c.Labels[label], Weight: weightOwn}
	}
	return e
}

func customerOf(c calltest.Labelled) sense.Example {
	e := sense.Example{Texts: c.By(call.RoleCustomer), Labels: map[string]sense.Label{}}
	complains := c.Labels["complains"]
	if complains || !c.Labels["upset"] { // of who is upset and complains of nothing, hearers think this and that
		e.Labels["dissatisfied"] = sense.Label{Done: complains, Weight: weightOwn}
	}
	return e
}
