package score

import (
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
)

// holdLead is by how much the words that announce or end a wait may be heard on the wrong side of the
// silence's edge: the clock of the words is coarser than that of the speech.
const holdLead = call.Millis(1000)

// silences lists the stretches in which nobody speaks, whether they were announced and who had the word.
func (v *view) silences() []Silence {
	silences := []Silence{}
	for _, gap := range call.Gaps(v.speech.anyone) {
		if gap.Length() <= v.limits.Silence {
			continue
		}
		s := Silence{Span: gap, Hold: v.holdOf(gap)}
		s.Announced = s.Hold != nil
		s.WaitingFor = v.waitingFor(s)
		s.Sounds = v.soundsIn(gap)
		silences = append(silences, s)
	}
	return silences
}

// waitingFor says who should have spoken in a silence: whoever asked for patience; else the customer after
// a question or request of the agent, and the agent after anything else that was said. The agent leads a
// service call, so that a statement of the agent's own leaves the word with the agent.
func (v *view) waitingFor(s Silence) call.Role {
	if s.Hold != nil {
		return s.Hold.By
	}
	last, heard := v.lastBefore(s.Start)
	switch {
	case wholeFault(v.health) != "", !heard:
		return call.RoleUnknown
	case last.Role == call.RoleAgent && v.endsAsking(last):
		return call.RoleCustomer
	case last.Role == call.RoleUnknown:
		return call.RoleUnknown
	}
	return call.RoleAgent
}

// lastBefore returns the utterance that ends last before at. Where the speech right before at was not
// recognised there is none: nobody knows what it asked.
func (v *view) lastBefore(at call.Millis) (last call.Utterance, heard bool) {
	for _, u := range v.transcript.Utterances {
		if u.End <= at+holdLead && u.Start < at && (!heard || u.End >= last.End) {
			last, heard = u, true
		}
	}
	return last, heard && at-last.End <= holdLead
}

// maybeAnnounced looks before a gap that nobody announced for words of role that come near to hold language.
func (v *view) maybeAnnounced(role call.Role, gap call.Span) (miss lexicon.Miss, near bool) {
	before := call.Span{Start: gap.Start - v.limits.HoldReach, End: gap.Start + holdLead}
	miss, near = v.maybeSaid(listHold, role, before)
	return miss, near && miss.Length >= shortestAnywhere
}

// holdOf returns the hold language that announces gap, nil when there is none: the last that ends shortly
// before it, or an earlier one whose promised time still runs and whose party has not come back since.
func (v *view) holdOf(gap call.Span) *Hold {
	var last *request
	for i := range v.requests {
		r := &v.requests[i]
		if r.at.End <= gap.Start+holdLead && (last == nil || r.at.End >= last.at.End) && v.holds(*r, gap) {
			last = r
		}
	}
	if last == nil {
		return nil
	}
	hold := &Hold{By: last.role, Span: last.at, Quote: last.quote()}
	hold.promise(v, gap, *last)
	v.comesBack(hold, gap)
	return hold
}

// holds reports whether a request that lies before gap still counts when gap begins.
func (v *view) holds(r request, gap call.Span) bool {
	if r.at.End >= gap.Start-v.limits.HoldReach {
		return true
	}
	since := call.Span{Start: r.at.End + holdLead, End: gap.Start}
	return r.at.End+r.promised.length >= gap.Start && v.speech.within(r.role, since) < v.limits.BackchannelLength
}

// comesBack looks for the words that end the wait after gap, and for others that make it longer.
func (v *view) comesBack(hold *Hold, gap call.Span) {
	after := call.Span{Start: gap.End - holdLead, End: gap.End + v.limits.ReturnWithin}
	for i := range v.hits {
		h := &v.hits[i]
		if h.role != hold.By || !after.Contains(h.at.Start) || !h.provesSaid() {
			continue
		}
		switch h.List {
		case listHoldReturn:
			if hold.Return == nil || h.at.Start < hold.Return.Start {
				hold.Return = &Said{Span: h.at, Quote: h.Text}
			}
		case listHold:
			hold.Renewed = hold.Renewed || h.at.End > gap.End
		}
	}
}

// quote is the sentence in which h was said, or the part of it around h.
func (h hit) quote() string {
	if h.in == nil {
		return h.Text
	}
	runes := []rune(h.in.text)
	start, end := h.Start, h.End
	for start > 0 && h.End-start < longestQuote/2 && !endsSentence(runes[start-1]) {
		start--
	}
	for end < len(runes) && end-h.Start < longestQuote && !endsSentence(runes[end]) {
		end++
	}
	return string(runes[start:end])
}

func endsSentence(r rune) bool { return strings.ContainsRune(stops+" ", r) }
