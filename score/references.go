package score

import (
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/internal/strictyaml"
)

// rule returns the rule of that ID, nil when there is none.
func (c *Scorecard) rule(id string) *rule {
	if at := slices.IndexFunc(c.rules, func(r *rule) bool { return r.id == id }); id != "" && at >= 0 {
		return c.rules[at]
	}
	return nil
}

// refers lists the rules that r looks at.
func (r *rule) refers() []string {
	ids := slices.Clone(r.expression.rules)
	if r.where.anchor != nil && r.where.anchor.rule != "" {
		ids = append(ids, r.where.anchor.rule)
	}
	for _, c := range slices.Concat(r.when, r.unless) {
		if c.rule != "" {
			ids = append(ids, c.rule)
		}
	}
	return ids
}

// namesLists lists the word lists that r names.
func (r *rule) namesLists() []string {
	named := slices.Concat(r.say.lists, r.say.maybe, r.say.clearedBy.lists, r.repetition.except, r.repetition.after)
	for _, c := range slices.Concat(r.when, r.unless) {
		named = append(append(named, c.lists...), c.maybe...)
	}
	for _, s := range r.flow.steps {
		named = append(named, s.lists...)
	}
	if r.where.anchor != nil {
		named = append(named, r.where.anchor.lists...)
	}
	return named
}

// checkReferences records a fault for each rule that names one that is not there or not fit, and for each
// circle of rules that wait for each other.
func (c *Scorecard) checkReferences() {
	if c.partial {
		return // what is not there may be in what could not be read
	}
	for _, r := range c.rules {
		for _, id := range r.refers() {
			if c.rule(id) == nil {
				r.node.Fault("rule %s names the rule %q, which is not there%s", r.id, id, strictyaml.Hint(id, c.Rules()))
			}
		}
		if a := r.where.anchor; a != nil && c.rule(a.rule) != nil && len(c.rule(a.rule).say.lists) == 0 {
			r.node.Fault("rule %s looks around the hits of %s, which is about no words", r.id, a.rule)
		}
		for _, id := range r.expression.counted {
			if other := c.rule(id); other != nil && len(other.say.lists) == 0 {
				r.node.Fault("rule %s counts the hits of %s, which is about no words", r.id, id)
			}
		}
	}
	done := map[*rule]bool{}
	for _, r := range c.rules {
		c.checkCircle(r, nil, done)
	}
}

// checkCircle follows what r refers to and records a fault where that leads back to a rule on the path.
func (c *Scorecard) checkCircle(r *rule, path []string, done map[*rule]bool) {
	if r == nil || done[r] {
		return
	}
	if at := slices.Index(path, r.id); at >= 0 {
		done[r] = true
		r.node.Fault("rules wait for each other in a circle: %s", strings.Join(append(path[at:], r.id), " → "))
		return
	}
	for _, id := range r.refers() {
		c.checkCircle(c.rule(id), append(slices.Clone(path), r.id), done)
	}
	done[r] = true
}
