package score

import (
	"cmp"
	"regexp"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/calltest"
	"github.com/zhijian-qa/zhijian/internal/strictyaml"
)

const (
	defaultPassMark = 0.8
	defaultMinTalk  = 10 // seconds
	maxPoints       = 1000
)

var ruleID = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$`)

// read fills c from the file.
func (c *Scorecard) read(root strictyaml.Node) {
	m := root.Mapping("name", "zh", "en", "pass_mark", "min_talk_seconds", "sections", "rules")
	c.name, c.zh, c.en = m.Need("name").Text(), m.Need("zh").Text(), m.Get("en").Text()
	c.passMark = defaultPassMark
	if node := m.Get("pass_mark"); m.Has("pass_mark") {
		if c.passMark = node.Float(); c.passMark <= 0 || c.passMark > 1 {
			node.Fault("the pass mark is a share of the points: above 0, at most 1")
		}
	}
	c.minTalk = defaultMinTalk * 1000
	if m.Has("min_talk_seconds") {
		c.minTalk = seconds(m.Get("min_talk_seconds"))
	}
	for _, node := range m.Get("sections").List() {
		sm := node.Mapping("id", "zh", "en")
		c.sections = append(c.sections, section{id: sm.Need("id").Text(), zh: sm.Need("zh").Text(), en: sm.Get("en").Text()})
	}
	for _, node := range m.Need("rules").List() {
		r := c.readRule(node)
		if slices.ContainsFunc(c.rules, func(known *rule) bool { return known.id == r.id }) {
			node.Fault("rule %q stands twice", r.id)
		}
		c.rules = append(c.rules, r)
	}
	if len(c.rules) == 0 && m.Has("rules") {
		m.Fault("has no rules")
	}
}

func seconds(node strictyaml.Node) call.Millis {
	if node.Missing() {
		return 0
	}
	v := node.Float()
	if v < 0 || v > 86400 {
		node.Fault("wants seconds, from 0 to 86400")
		return 0
	}
	return call.Millis(v * 1000)
}

// kinds of rules and what reads their own keys.
var kinds = map[string]struct {
	keys []string
	read func(r *rule, m strictyaml.Mapping)
}{
	kindMustSay:    {keys: []string{"lists", "at_least"}, read: (*rule).readMustSay},
	kindMustNotSay: {keys: []string{"lists", "per_hit"}, read: (*rule).readMustNotSay},
	kindMeasure:    {keys: []string{"measure", "bands", "limit_seconds"}, read: (*rule).readMeasure},
}

const (
	kindMustSay    = "must_say"
	kindMustNotSay = "must_not_say"
	kindMeasure    = "measure"
)

var commonKeys = []string{
	"id", "zh", "en", "section", "kind", "severity", "veto", "points", "coaching", "role", "where", "when", "unless",
	"min_talk_seconds", "examples",
}

func (c *Scorecard) readRule(node strictyaml.Node) *rule {
	keys := slices.Clone(commonKeys)
	for _, kind := range kinds {
		keys = append(keys, kind.keys...)
	}
	m := node.Mapping(keys...)
	r := &rule{node: node, id: m.Need("id").Text(), zh: m.Need("zh").Text(), en: m.Get("en").Text()}
	if r.id != "" && !ruleID.MatchString(r.id) {
		m.Get("id").Fault("%q is no rule ID: it is made of words of a to z, 0 to 9 and _ with a dot between", r.id)
	}
	if m.Has("section") {
		r.section = m.Get("section").OneOf(c.sectionIDs()...)
	}
	r.severity = Severity(cmp.Or(m.Get("severity").OneOf(string(SeverityMinor), string(SeveritySerious), string(SeverityCritical)), string(SeverityMinor)))
	r.veto = m.Get("veto").Bool()
	if r.points = m.Need("points").Float(); r.points < 0 || r.points > maxPoints {
		m.Get("points").Fault("points are from 0 to %d", maxPoints)
	}
	r.coaching = readText(m.Get("coaching"))
	r.role = call.Role(cmp.Or(m.Get("role").OneOf(string(call.RoleAgent), string(call.RoleCustomer)), string(call.RoleAgent)))
	r.where = readWhere(m.Get("where"))
	r.when, r.unless = readConditions(m.Get("when")), readConditions(m.Get("unless"))
	r.measure.minTalk = seconds(m.Get("min_talk_seconds"))
	r.kind = m.Need("kind").OneOf(kindMustSay, kindMustNotSay, kindMeasure)
	if kind, ok := kinds[r.kind]; ok {
		kind.read(r, m)
		for other, k := range kinds {
			for _, key := range k.keys {
				if other != r.kind && m.Has(key) && !slices.Contains(kind.keys, key) {
					m.Get(key).Fault("%q does not belong to a rule of kind %s", key, r.kind)
				}
			}
		}
	}
	r.examples = readExamples(m.Get("examples"))
	return r
}

func (c *Scorecard) sectionIDs() []string {
	ids := make([]string, len(c.sections))
	for i, s := range c.sections {
		ids[i] = s.id
	}
	return ids
}

func readText(node strictyaml.Node) text {
	if node.Missing() {
		return text{}
	}
	m := node.Mapping("zh", "en")
	return text{zh: m.Need("zh").Text(), en: m.Get("en").Text()}
}

func readWhere(node strictyaml.Node) where {
	if node.Missing() {
		return where{}
	}
	m := node.Mapping("first", "last")
	if m.Has("first") == m.Has("last") {
		m.Fault("wants either \"first\" or \"last\"")
	}
	return where{first: readReach(m.Get("first")), last: readReach(m.Get("last"))}
}

func readReach(node strictyaml.Node) *reach {
	if node.Missing() {
		return nil
	}
	m := node.Mapping("seconds", "turns")
	r := &reach{length: seconds(m.Get("seconds"))}
	if m.Has("turns") {
		r.turns = m.Get("turns").Int()
	}
	if r.length == 0 && r.turns == 0 {
		m.Fault("wants seconds, turns or both")
	}
	return r
}

func (r *rule) readMustSay(m strictyaml.Mapping) {
	r.say.lists, r.say.atLeast = m.Need("lists").Texts(), 1
	if node := m.Get("at_least"); m.Has("at_least") {
		if r.say.atLeast = node.Int(); r.say.atLeast == 0 {
			node.Fault("wants at least 1")
		}
	}
}

func (r *rule) readMustNotSay(m strictyaml.Mapping) {
	r.say.lists, r.say.perHit = m.Need("lists").Texts(), r.points
	if node := m.Get("per_hit"); m.Has("per_hit") {
		if r.say.perHit = node.Float(); r.say.perHit <= 0 || r.say.perHit > r.points {
			node.Fault("wants more than 0 points and at most the rule's own")
		}
	}
}

func (r *rule) readMeasure(m strictyaml.Mapping) {
	r.measure.name = m.Need("measure").OneOf(figureNames()...)
	r.measure.limit = seconds(m.Get("limit_seconds"))
	for _, node := range m.Need("bands").List() {
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

func readExamples(node strictyaml.Node) []example {
	var examples []example
	for _, item := range node.List() {
		m := item.Mapping("expect", "call")
		script := m.Need("call")
		e := example{line: item.Line(), script: script.Text()}
		e.expect = Outcome(m.Need("expect").OneOf(string(OutcomePass), string(OutcomeFail), string(OutcomeNotApplicable), string(OutcomeReview)))
		if _, err := calltest.Parse(e.script); err != nil {
			script.Fault("%s", err.Error())
		}
		examples = append(examples, e)
	}
	return examples
}
