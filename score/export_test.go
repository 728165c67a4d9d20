package score

// Examples counts the examples of a rule by what must come of them; nil when there is no such rule.
func (c *Scorecard) Examples(id string) map[Outcome]int {
	r := c.rule(id)
	if r == nil {
		return nil
	}
	counts := map[Outcome]int{}
	for _, e := range r.examples {
		counts[e.expect]++
	}
	return counts
}

// Manual reports whether the rule is left to a person.
func (c *Scorecard) Manual(id string) bool { return c.rule(id).kind == kindManual }

// FigureNames are the measures that rules may judge.
func FigureNames() []string { return figureNames() }
