package score

import (
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/internal/strictyaml"
)

// readIncludes takes over the sections and rules of other scorecards: built-in ones by name, files by a
// path that begins where the program was started.
func (c *Scorecard) readIncludes(node strictyaml.Node) {
	for _, item := range node.List() {
		name, without := "", []string(nil)
		if item.IsMapping() {
			m := item.Mapping("card", "without")
			name, without = m.Need("card").Text(), m.Get("without").Texts()
		} else {
			name = item.Text()
		}
		if name == "" {
			continue
		}
		if slices.Contains(c.reading, name) {
			item.Fault("scorecards include each other in a circle: %s", strings.Join(append(slices.Clone(c.reading), name), " → "))
			continue
		}
		other, faults, err := loadScorecard(name, slices.Clone(c.reading))
		if err == nil {
			err = faults.Err()
		}
		if err != nil {
			item.Fault("cannot include %s: %s", name, err.Error())
		}
		if other == nil || err != nil && len(other.rules) == 0 {
			c.partial = true
			continue
		}
		for _, id := range without {
			if other.rule(id) == nil {
				item.Fault("%s has no rule %q to leave out%s", name, id, strictyaml.Hint(id, other.Rules()))
			}
		}
		c.include(other, without)
	}
}

// include takes over what other has. The same rule by two ways is one rule.
func (c *Scorecard) include(other *Scorecard, without []string) {
	c.partial = c.partial || other.partial
	c.hash = hashOf([]byte(c.hash + other.hash))
	for _, s := range other.sections {
		if !slices.Contains(c.sectionIDs(), s.id) {
			c.sections = append(c.sections, s)
		}
	}
	for _, r := range other.rules {
		if known := c.rule(r.id); slices.Contains(without, r.id) || known != nil && known.node.Place() == r.node.Place() {
			continue
		}
		c.addRule(r)
	}
}
