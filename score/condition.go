package score

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/strictyaml"
)

// condition says when a rule applies. Exactly one of its parts is set.
type condition struct {
	scenarios  []string
	directions []string
	complaint  bool // the metadata say that the call is, or led to, a complaint
	metadata   string
	is         []string // one of these is the value of metadata
	rule       string
	outcomes   []string // one of these is the outcome of rule
	measure    string
	from       float64 // that measure comes to as much
	lists      []string
	maybe      []string  // hits of these lists leave open whether it holds
	role       call.Role // who says one of lists, or whose measure it is
}

func readConditions(node strictyaml.Node) []condition {
	var conditions []condition
	for _, item := range node.List() {
		m := item.Mapping("scenario", "direction", "complaint", "metadata", "is", "rule", "outcome", "measure", "from", "says", "maybe", "role")
		c := condition{scenarios: namedAs(call.Scenario, m.Get("scenario").Texts()), directions: namedAs(call.Direction, m.Get("direction").Texts()), lists: m.Get("says").Texts(), maybe: m.Get("maybe").Texts()}
		c.complaint = m.Get("complaint").Bool()
		c.metadata = m.Get("metadata").OneOf(metadataNames()...)
		c.is = asMetadata(c.metadata, m.Some("is"))
		if m.Has("rule") {
			c.rule, c.outcomes = m.Get("rule").Text(), m.NeedSome("outcome").Texts()
		}
		if m.Has("measure") {
			c.measure, c.from = m.Get("measure").OneOf(figureNames()...), m.Need("from").Float()
		}
		usual := map[bool]call.Role{true: call.RoleAgent, false: call.RoleCustomer}[m.Has("measure")]
		c.role = call.Role(cmp.Or(m.Get("role").OneOf(string(call.RoleAgent), string(call.RoleCustomer)), string(usual)))
		set := 0
		for _, is := range []bool{len(c.scenarios) > 0, len(c.directions) > 0, c.complaint, m.Has("metadata"), m.Has("rule"), m.Has("measure"), len(c.lists) > 0} {
			if is {
				set++
			}
		}
		if set != 1 {
			item.Fault("wants exactly one of scenario, direction, complaint: true, metadata, rule, measure, says")
		}
		if m.Has("metadata") != m.Has("is") {
			item.Fault(`"metadata" and "is" belong together`)
		}
		if m.Has("maybe") && !m.Has("says") {
			m.Get("maybe").Fault(`"maybe" belongs to "says"`)
		}
		for _, o := range c.outcomes {
			if !slices.Contains([]Outcome{OutcomePass, OutcomeFail, OutcomeNotApplicable}, Outcome(o)) {
				m.Get("outcome").Fault("%q is no outcome to wait for: pass, fail, not_applicable", o)
			}
		}
		conditions = append(conditions, c)
	}
	return conditions
}

// namedAs returns texts by the names that recordings have for them: 报修 is repair.
func namedAs(name func(string) string, texts []string) []string {
	for i := range texts {
		texts[i] = name(texts[i])
	}
	return texts
}

// asMetadata returns the values in node of a piece of metadata as recordings have them. What it can never be is a
// fault.
func asMetadata(name string, node strictyaml.Node) []string {
	values := node.Texts()
	switch name {
	case "scenario":
		return namedAs(call.Scenario, values)
	case "direction":
		return namedAs(call.Direction, values)
	case "hung_up_by":
		return namedAs(call.PartyOf, values)
	case "complaint", "resolved", "satisfaction", "settled":
		for _, value := range values {
			if value != answerYes && value != answerNo {
				node.Fault("%s is %s or %s, never %q", name, answerYes, answerNo, value)
			}
		}
	}
	return values
}

// What the metadata say of what is so or is not.
const (
	answerYes = "yes"
	answerNo  = "no"
)

// metadataNames are what a condition may ask the metadata for.
func metadataNames() []string {
	return []string{"agent", "complaint", "direction", "hung_up_by", "resolved", "satisfaction", "scenario", "settled", "team"}
}

// metadataOf returns the value of a piece of metadata, "" when it is not known.
func metadataOf(m call.Metadata, name string) string {
	yesNo := func(b *bool) string {
		if b == nil {
			return ""
		}
		return map[bool]string{true: answerYes, false: answerNo}[*b]
	}
	switch name {
	case "agent":
		return m.Agent
	case "team":
		return m.Team
	case "direction":
		return m.Direction
	case "scenario":
		return m.Scenario
	case "hung_up_by":
		return m.HungUpBy
	case "complaint":
		return yesNo(m.Complaint)
	case "satisfaction":
		return yesNo(m.Satisfaction)
	case "settled":
		return yesNo(m.Settled)
	case "resolved":
		return yesNo(m.Resolved)
	}
	return ""
}

// holding is how far a condition holds, from not at all to surely.
type holding int

const (
	holdsNot holding = iota
	holdsMaybe
	holdsSurely
)

// String implements fmt.Stringer.
func (h holding) String() string { return "holding " + strconv.Itoa(int(h)) }

// holds tells whether c holds for a call, and what was heard that says so.
func (c condition) holds(t *trial) (holding, []hit) {
	if c.rule != "" {
		return c.ruleHolds(t), nil
	}
	if c.measure != "" {
		return c.measureHolds(t), nil
	}
	certain := slices.Contains(c.directions, t.rec.Direction) ||
		c.complaint && t.rec.Complaint != nil && *t.rec.Complaint
	if value := metadataOf(t.rec.Metadata, c.metadata); value != "" && slices.Contains(c.is, value) {
		certain = true
	}
	if certain {
		return holdsSurely, nil
	}
	if len(c.scenarios) > 0 {
		return t.scenario.is(c.scenarios), nil
	}
	var sure, weak []hit
	for _, at := range t.placesOf(nil, c.lists, c.maybe) {
		h := &t.hits[at]
		if h.role != c.role {
			continue
		}
		if h.provesSaid() && slices.Contains(c.lists, h.List) {
			sure = append(sure, *h)
		} else {
			weak = append(weak, *h)
		}
	}
	return c.weigh(t.view, sure, weak)
}

// measureHolds tells whether the measure comes to what c wants. One that is not known does not.
func (c condition) measureHolds(t *trial) holding {
	switch f := figures[c.measure](t.view, &rule{role: c.role}); {
	case f.withheld != "":
		return holdsNot
	case f.value >= c.from:
		return holdsSurely
	case f.worst >= c.from:
		return holdsMaybe
	}
	return holdsNot
}

// ruleHolds tells whether the other rule came out as c wants. One that is undecided may have.
func (c condition) ruleHolds(t *trial) holding {
	switch outcome := t.judgement(t.scorer.card.rule(c.rule)).outcome; {
	case slices.Contains(c.outcomes, string(outcome)):
		return holdsSurely
	case outcome == OutcomeReview:
		return holdsMaybe
	}
	return holdsNot
}

// applies tells whether a rule applies to a call.
func (r *rule) applies(t *trial) (holding, []hit) {
	most := holdsSurely
	for _, c := range r.unless {
		h, _ := c.holds(t)
		if h == holdsSurely {
			return holdsNot, nil
		}
		if h == holdsMaybe && len(c.lists) == 0 {
			most = holdsMaybe
		}
	}
	if len(r.when) == 0 {
		return most, nil
	}
	best, because := holdsNot, []hit(nil)
	for _, c := range r.when {
		if h, hits := c.holds(t); h > best {
			best, because = h, hits
		}
	}
	return min(best, most), because
}
