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
	// With less than half of what applies judged, the rest could turn any result: points are then no verdict.
	defaultLeastJudged = 0.5
	defaultMinTalk     = 10 // seconds
	maxPoints          = 1000
	maxWeight          = 100
)

var ruleID = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$`)

// read fills c from the file.
func (c *Scorecard) read(root strictyaml.Node) {
	m := root.Mapping("name", "zh", "en", "pass_mark", "least_judged", "min_talk_seconds", "include", "bounds", "sections", "rules")
	c.name, c.zh, c.en = m.Need("name").Text(), m.Need("zh").Text(), m.Get("en").Text()
	c.passMark = defaultPassMark
	if node := m.Get("pass_mark"); m.Has("pass_mark") {
		if c.passMark = node.Float(); c.passMark <= 0 || c.passMark > 1 {
			node.Fault("the pass mark is a share of the points: above 0, at most 1")
		}
	}
	c.leastJudged = defaultLeastJudged
	if node := m.Get("least_judged"); m.Has("least_judged") {
		if c.leastJudged = node.Float(); c.leastJudged < 0 || c.leastJudged > 1 {
			node.Fault("the least that must be judged is a share of the points: from 0 to 1")
		}
	}
	c.minTalk = defaultMinTalk * 1000
	if m.Has("min_talk_seconds") {
		c.minTalk = seconds(m.Get("min_talk_seconds"))
	}
	c.readBounds(m.Get("bounds"))
	c.readIncludes(m.Get("include"))
	for _, node := range m.Get("sections").List() {
		c.readSection(node)
	}
	for _, node := range m.Get("rules").List() {
		c.addRule(c.readRule(node))
	}
	if len(c.rules) == 0 && !c.partial {
		m.Fault("has no rules: name some in \"rules\", or take over a scorecard with \"include\"")
	}
	c.checkReferences()
}

// readSection adds a section, or says more of one that an included scorecard has.
func (c *Scorecard) readSection(node strictyaml.Node) {
	m := node.Mapping("id", "zh", "en", "weight")
	s := section{id: m.Need("id").Text(), zh: m.Need("zh").Text(), en: m.Get("en").Text(), weight: 1}
	if m.Has("weight") {
		if s.weight = m.Get("weight").Float(); s.weight <= 0 || s.weight > maxWeight {
			m.Get("weight").Fault("a weight is above 0, at most %d", maxWeight)
		}
	}
	if at := slices.IndexFunc(c.sections, func(known section) bool { return known.id == s.id }); at >= 0 {
		c.sections[at] = s
		return
	}
	c.sections = append(c.sections, s)
}

// addRule appends a rule, or puts it in the place of an included one.
func (c *Scorecard) addRule(r *rule) {
	at := slices.IndexFunc(c.rules, func(known *rule) bool { return known.id == r.id })
	switch {
	case at < 0 && r.replace:
		r.node.Fault("there is no rule %q to replace%s", r.id, strictyaml.Hint(r.id, c.Rules()))
	case at < 0:
		c.rules = append(c.rules, r)
	case r.replace:
		c.rules[at] = r
	default:
		r.node.Fault("rule %q stands twice", r.id)
	}
}

func (c *Scorecard) readBounds(node strictyaml.Node) {
	if node.Missing() {
		return
	}
	m := node.Mapping("lower", "upper")
	c.lower = m.Get("lower").Float()
	if m.Has("upper") {
		upper := m.Get("upper").Float()
		c.upper = &upper
	}
	if c.lower < 0 || c.upper != nil && (*c.upper <= c.lower || *c.upper > maxPoints*maxPoints) {
		m.Fault("wants bounds from 0, the lower one below the upper one")
	}
}

// weight returns by how much the points of a section count.
func (c *Scorecard) weight(id string) float64 {
	for _, s := range c.sections {
		if s.id == id {
			return s.weight
		}
	}
	return 1
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

var commonKeys = []string{
	"id", "zh", "en", "section", "kind", "severity", "veto", "points", "coaching", "role", "mono", "where", "when", "unless",
	"min_talk_seconds", "examples", "replace",
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
	r.anyone = m.Get("mono").Bool()
	if r.points = m.Need("points").Float(); r.points < 0 || r.points > maxPoints {
		m.Get("points").Fault("points are from 0 to %d", maxPoints)
	}
	r.replace = m.Get("replace").Bool()
	r.coaching = readText(m.Get("coaching"))
	r.role = call.Role(cmp.Or(m.Get("role").OneOf(string(call.RoleAgent), string(call.RoleCustomer)), string(call.RoleAgent)))
	r.where = readWhere(m.Get("where"))
	r.when, r.unless = readConditions(m.Get("when")), readConditions(m.Get("unless"))
	r.measure.minTalk = seconds(m.Get("min_talk_seconds"))
	r.kind = m.Need("kind").OneOf(kindNames()...)
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

// weigh multiplies what each rule gives and takes by the weight of its section, those of included rules too. It is
// for the outermost scorecard, whose weights take the place of others.
func (c *Scorecard) weigh() {
	for _, r := range c.rules {
		r.weigh(c.weight(r.section))
	}
}

func (r *rule) weigh(weight float64) {
	for _, points := range []*float64{&r.points, &r.say.perHit, &r.say.most, &r.repetition.perHit} {
		*points = round(*points*weight, 2)
	}
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
