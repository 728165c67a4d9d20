package eval

import (
	"maps"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// afterEnd is how far beyond the end of a recording a label may lie: a player may show its length rounded up.
const afterEnd = call.Millis(1000)

// Check finds in labels what contradicts the results that they belong to: rules and measures that none of
// them has, times after the end of a recording, and calls labelled twice under different names. The error is
// a *Faults.
func Check(calls []Labelled) error {
	c := checker{rules: map[string]bool{}, known: figures{values: map[string]float64{}}, told: map[Place]bool{}}
	for _, l := range calls {
		for _, k := range l.Record.Score.Criteria {
			c.rules[k.Rule] = true
		}
		f := figuresOf(l.Record.Measures)
		maps.Copy(c.known.values, f.values)
		c.known.unknown = append(c.known.unknown, f.unknown...)
	}
	first := map[string]Place{}
	for _, l := range calls {
		if place, again := first[l.Record.Recording.SHA256]; again {
			c.fault(l.At, "同一通电话标注了两次，另见 %s the same call is labelled twice, also at %[1]s", place)
		} else {
			first[l.Record.Recording.SHA256] = l.At
		}
		c.check(l)
	}
	return c.faults.Err()
}

type checker struct {
	rules  map[string]bool
	known  figures
	faults Faults
	told   map[Place]bool // the heading over a column is one place for all its cells
}

func (c *checker) fault(at Place, format string, args ...any) {
	if !c.told[at] && c.faults.Len() < mostFaults {
		c.faults.Add(at.fault(format, args...))
	}
	c.told[at] = true
}

func (c *checker) check(l Labelled) {
	rules := slices.Sorted(maps.Keys(c.rules))
	for _, r := range l.Rules {
		if !c.rules[r.ID] {
			c.fault(r.At, "这些通话的评分卡没有规则 the scorecards of these calls have no rule%s", quoted(r.ID)+hint(r.ID, rules))
		}
	}
	for _, m := range l.Measures {
		if !c.known.has(m.Name) {
			c.fault(m.At, "没有指标 there is no measure%s", quoted(m.Name)+hint(m.Name, c.known.names()))
		}
	}
	end := l.Record.Recording.Duration + afterEnd
	late := func(at Place, t call.Millis) {
		if t > end {
			c.fault(at, "时间在录音结束（%s）之后 a time is after the end of the recording (%[1]s)", l.Record.Recording.Duration)
		}
	}
	for _, i := range l.Interruptions {
		late(i.At, i.Start)
	}
	for _, s := range l.Silences {
		late(s.At, s.End)
	}
	for _, u := range l.Utterances {
		late(u.At, u.End)
	}
}
