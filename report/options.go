package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/zhijian-qa/zhijian/score"
)

// Options says how a report is made. Its zero value is a Chinese report that masks nothing.
type Options struct {
	Lang     string              // "zh" or "en". Defaults to "zh".
	Mask     func(string) string // hides personal data in a text; nil shows them.
	MinCalls int                 // calls with a score that an agent needs to be ranked. Defaults to 3.
	Details  int                 // calls whose scorecards the web page shows, the worst first. Defaults to 300.
	Colour   bool                // colours in terminal output.
	Zone     *time.Location      // in which days begin. Defaults to the zone that each call's time is given in.
	Now      time.Time           // when the report is made; zero leaves it out.
}

// withDefaults returns o with its gaps filled.
func (o Options) withDefaults() Options {
	o.Lang = cmp.Or(o.Lang, "zh")
	o.MinCalls = cmp.Or(o.MinCalls, 3)
	o.Details = cmp.Or(o.Details, 300)
	return o
}

// local returns t in the report's zone.
func (o Options) local(t time.Time) time.Time {
	if o.Zone == nil || t.IsZero() {
		return t
	}
	return t.In(o.Zone)
}

// localDecisions returns criteria with the times of their decisions in the report's zone.
func (o Options) localDecisions(criteria []score.Criterion) []score.Criterion {
	criteria = slices.Clone(criteria)
	for i := range criteria {
		c := &criteria[i]
		for _, d := range []**score.Decision{&c.Decision, &c.Earlier} {
			if *d != nil {
				moved := **d
				moved.At = o.local(moved.At)
				*d = &moved
			}
		}
	}
	return criteria
}
