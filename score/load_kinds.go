package score

import (
	"cmp"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/strictyaml"
)

// The kinds of rules.
const (
	kindMustSay    = "must_say"
	kindMustNotSay = "must_not_say"
	kindMeasure    = "measure"
	kindFlow       = "flow"
	kindRepetition = "repetition"
	kindReadBack   = "read_back"
	kindExpression = "expression"
	kindManual     = "manual"
)

// kindNames are the kinds in the order in which messages name them.
func kindNames() []string {
	return []string{
		kindMustSay, kindMustNotSay, kindMeasure, kindFlow, kindRepetition, kindReadBack, kindExpression, kindManual,
	}
}

// kind is what reads the keys of one kind of rules.
type kind struct {
	keys []string
	read func(r *rule, m strictyaml.Mapping)
}

// kinds of rules and what reads their own keys.
var kinds = map[string]kind{
	kindMustSay:    {keys: []string{"lists", "maybe", "at_least", "all", "staff_number", "restates", "literal"}, read: (*rule).readMustSay},
	kindMustNotSay: {keys: []string{"lists", "maybe", "per_hit", "cap", "at_most", "per_100_characters", "cleared_by", "literal"}, read: (*rule).readMustNotSay},
	kindMeasure:    {keys: []string{"measure", "bands", "limit_seconds"}, read: (*rule).readMeasure},
	kindFlow:       {keys: []string{"steps", "any_order"}, read: (*rule).readFlow},
	kindRepetition: {keys: []string{"of", "except", "after", "at_most", "per_hit"}, read: (*rule).readRepetition},
	kindReadBack:   {keys: []string{"of"}, read: (*rule).readReadBack},
	kindExpression: {keys: []string{"holds"}, read: (*rule).readExpressionRule},
	kindManual:     {read: (*rule).readManual},
}

func (r *rule) readMustSay(m strictyaml.Mapping) {
	r.say.lists, r.say.atLeast, r.say.all = m.NeedSome("lists").Texts(), 1, m.Get("all").Bool()
	r.say.staffNumber, r.say.restates = m.Get("staff_number").Bool(), m.Get("restates").Bool()
	r.say.maybe, r.say.literal = m.Get("maybe").Texts(), m.Get("literal").Bool()
	if m.Has("maybe") && r.say.all {
		m.Get("maybe").Fault("does not go with all, which wants each of the lists")
	}
	if r.say.restates && r.say.all {
		m.Get("restates").Fault("does not go with all, which wants each of the lists")
	}
	if node := m.Get("at_least"); m.Has("at_least") {
		if r.say.atLeast = node.Int(); r.say.atLeast == 0 {
			node.Fault("wants at least 1")
		}
	}
}

func (r *rule) readMustNotSay(m strictyaml.Mapping) {
	r.say.lists, r.say.perHit, r.say.most = m.NeedSome("lists").Texts(), r.readPerHit(m), r.points
	r.say.maybe, r.say.literal = m.Get("maybe").Texts(), m.Get("literal").Bool()
	if node := m.Get("cap"); m.Has("cap") {
		if r.say.most = node.Float(); r.say.most <= 0 || r.say.most > r.points {
			node.Fault("wants more than 0 points and at most the rule's own")
		}
	}
	if m.Has("at_most") {
		r.say.atMost = m.Get("at_most").Int()
	}
	if node := m.Get("per_100_characters"); m.Has("per_100_characters") {
		if r.say.perHundred = node.Float(); r.say.perHundred <= 0 || r.say.perHundred > 100 {
			node.Fault("wants more than 0 hits, at most 100")
		}
	}
	if node := m.Get("cleared_by"); m.Has("cleared_by") {
		cm := node.Mapping("lists", "seconds")
		r.say.clearedBy = clearing{lists: cm.NeedSome("lists").Texts(), within: seconds(cm.Need("seconds"))}
	}
}

func (r *rule) readPerHit(m strictyaml.Mapping) float64 {
	node := m.Get("per_hit")
	if !m.Has("per_hit") {
		return r.points
	}
	perHit := node.Float()
	if perHit <= 0 || perHit > r.points {
		node.Fault("wants more than 0 points and at most the rule's own")
	}
	return perHit
}

func (r *rule) readFlow(m strictyaml.Mapping) {
	r.flow.anyOrder = m.Get("any_order").Bool()
	required := 0
	for _, node := range m.Need("steps").List() {
		sm := node.Mapping("zh", "en", "lists", "role", "optional", "within_seconds")
		s := step{name: text{zh: sm.Need("zh").Text(), en: sm.Get("en").Text()}, lists: sm.NeedSome("lists").Texts()}
		s.role = call.Role(cmp.Or(sm.Get("role").OneOf(string(call.RoleAgent), string(call.RoleCustomer)), string(call.RoleAgent)))
		s.optional, s.within = sm.Get("optional").Bool(), seconds(sm.Get("within_seconds"))
		if !s.optional {
			required++
		}
		r.flow.steps = append(r.flow.steps, s)
	}
	if m.Has("steps") && (required == 0 || len(r.flow.steps) > mostSteps) {
		m.Get("steps").Fault("a flow has from 1 to %d steps, and not all of them are optional", mostSteps)
	}
}

func (r *rule) readRepetition(m strictyaml.Mapping) {
	r.repetition.questions = m.Need("of").OneOf("questions", "statements") == "questions"
	r.repetition.except, r.repetition.after = m.Get("except").Texts(), m.Get("after").Texts()
	if m.Has("at_most") {
		r.repetition.atMost = m.Get("at_most").Int()
	}
	r.repetition.perHit = r.readPerHit(m)
}

func (r *rule) readReadBack(m strictyaml.Mapping) {
	for _, item := range m.NeedSome("of").List() {
		if kind := item.OneOf(readNumber, readAddress); kind != "" {
			r.readBack = append(r.readBack, kind)
		}
	}
}

func (r *rule) readExpressionRule(m strictyaml.Mapping) {
	r.expression = readExpression(m.Need("holds"))
}

func (r *rule) readManual(m strictyaml.Mapping) {
	if r.veto {
		m.Get("veto").Fault("a rule that is left to a person cannot be a veto: every call would wait for it")
	}
}

func (r *rule) readMeasure(m strictyaml.Mapping) {
	r.measure.name = m.Need("measure").OneOf(figureNames()...)
	r.measure.limit = seconds(m.Get("limit_seconds"))
	for _, node := range m.NeedSome("bands").List() {
		r.measure.bands = append(r.measure.bands, readBand(node))
	}
	if n := len(r.measure.bands); n > 0 && (r.measure.bands[n-1].from != nil || r.measure.bands[n-1].upTo != nil) {
		m.Get("bands").Fault("the last band must have no bounds: it takes what the others leave")
	}
}

func readBand(node strictyaml.Node) band {
	m := node.Mapping("from", "up_to", "share", "outcome")
	var b band
	if m.Has("from") {
		v := m.Get("from").Float()
		b.from = &v
	}
	if m.Has("up_to") {
		v := m.Get("up_to").Float()
		b.upTo = &v
	}
	if b.share = m.Need("share").Float(); b.share < 0 || b.share > 1 {
		m.Get("share").Fault("a share is from 0 to 1")
	}
	b.outcome = Outcome(m.Get("outcome").OneOf(string(OutcomePass), string(OutcomeFail)))
	if b.outcome == "" {
		b.outcome = OutcomePass
		if b.share == 0 {
			b.outcome = OutcomeFail
		}
	}
	return b
}
