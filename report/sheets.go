package report

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// sheets returns all sheets in the order of the spreadsheet. Those that the calls give nothing for,
// as teams when no call names one, are left out.
func (r *Report) sheets() []sheet {
	sheets := []sheet{r.summarySheet(), r.groupSheet("agents", "col.agent", r.Agents)}
	if len(r.Teams) > 0 {
		sheets = append(sheets, r.groupSheet("teams", "col.team", r.Teams))
	}
	return append(sheets, r.groupSheet("trend", "col.day", r.Days), r.callSheet(),
		r.violationSheet(), r.ruleSheet(), r.failureSheet())
}

// each turns a slice into rows one by one.
func each[T any](items []T, row func(T) []cell) iter.Seq[[]cell] {
	return func(yield func([]cell) bool) {
		for _, item := range items {
			if !yield(row(item)) {
				return
			}
		}
	}
}

func (r *Report) summarySheet() sheet {
	return sheet{
		name:    "summary",
		columns: []column{{title: "col.figure", width: 34}, {title: "col.value", width: 14}, {title: "norm.target", width: 14}, {title: "norm.state", width: 12}, {title: "col.remark", width: 70}},
		rows:    slices.Values(r.summaryRows()),
	}
}

// summaryRows lists what is missing, the key figures and the norms.
func (r *Report) summaryRows() [][]cell {
	w, s := r.words, r.Summary
	row := func(key string, value cell, remark string) []cell {
		return []cell{textCell(w.t(key)), value, {empty: true}, {empty: true}, textCell(remark)}
	}
	period := ""
	if s.First != "" {
		period = w.t("range", s.First, s.Last)
	}
	rows := [][]cell{}
	for i, note := range r.notes() {
		label := ""
		if i == 0 {
			label = w.t("withheld.title")
		}
		rows = append(rows, []cell{textCell(label), {empty: true}, {empty: true}, {empty: true}, textCell(note).toned(toneWarn)})
	}
	rows = append(rows, [][]cell{
		row("calls", countCell(s.Calls), period),
		row("hours", hoursCell(s.Duration), ""),
		row("mean", scoreCell(s.Mean), ""),
		row("verdict.pass", countCell(s.Pass), ""),
		row("verdict.fail", countCell(s.Fail), ""),
		row("verdict.review", countCell(s.Review), ""),
		row("vetoed", countCell(s.Vetoed), ""),
		row("violations", countCell(s.Violations), ""),
		row("page.talk", percentCell(s.TalkRatio), w.t("page.talk.target")),
		row("failed", countCell(s.Failed), ""),
	}...)
	for _, n := range r.Norms {
		rows = append(rows, r.normRow(n))
	}
	return rows
}

func (r *Report) normRow(n Norm) []cell {
	w := r.words
	target, state := cell{empty: true}, cell{empty: true}
	if n.Target != nil {
		target = textCell(map[bool]string{true: "≤ ", false: "≥ "}[n.AtMost] + w.percent(n.Target))
		state = textCell(w.t("norm.missed")).toned(toneBad)
		if *n.Met {
			state = textCell(w.t("norm.met")).toned(toneGood)
		}
	}
	return []cell{textCell(w.t("norm." + n.Key)), percentCell(&n.Rate), target, state, textCell(w.t("norm.calls", n.Calls))}
}

// notes says in sentences what is missing from the figures, or to be read with care.
func (r *Report) notes() []string {
	w, notes := r.words, []string{}
	for _, h := range r.Withheld {
		notes = append(notes, w.withheld(h))
	}
	if r.Summary.Review > 0 {
		notes = append(notes, w.t("withheld.review", r.Summary.Calls, r.Summary.Review))
	}
	if r.Summary.Unscored > 0 {
		notes = append(notes, w.t("unscored.n", r.Summary.Unscored))
	}
	if r.Summary.Undated > 0 {
		notes = append(notes, w.t("undated.n", r.Summary.Undated))
	}
	if r.Summary.Failed > 0 {
		notes = append(notes, w.t("withheld.failed", r.Summary.Failed))
	}
	return notes
}

// groupSheet shows groups; their first column has the title key.
func (r *Report) groupSheet(name, key string, groups []Group) sheet {
	w := r.words
	columns := []column{{title: key, width: 16}}
	if name == "agents" {
		columns = []column{{title: "col.rank", width: 12}, {title: key, width: 12}, {title: "col.agent_name", width: 12}}
	}
	columns = append(columns, []column{
		{title: "col.calls", width: 9},
		{title: "col.hours", width: 13, aside: true},
		{title: "col.mean", width: 10},
		{title: "verdict.pass", width: 9},
		{title: "verdict.fail", width: 9},
		{title: "verdict.review", width: 9},
		{title: "col.compliance", width: 11},
		{title: "measure.talk_ratio", width: 10},
		{title: "violations", width: 9, aside: true},
		{title: "vetoed", width: 11, aside: true},
		{title: "col.top_faults", width: 60},
	}...)
	return sheet{name: name, columns: columns, rows: each(groups, func(g Group) []cell {
		row := []cell{textCell(cmp.Or(g.Key, w.t("unnamed")))}
		if name == "agents" {
			rank := countCell(g.Rank)
			if g.Rank == 0 {
				rank = textCell(w.t("min_calls.row")).toned(toneMuted)
			}
			row = []cell{rank, row[0], textCell(g.Name)}
		}
		return append(row, countCell(g.Calls), hoursCell(g.Duration), scoreCell(g.Mean), countCell(g.Pass), countCell(g.Fail),
			countCell(g.Review), percentCell(g.Compliance), percentCell(g.TalkRatio), countCell(g.Violations), countCell(g.Vetoed),
			textCell(w.faults(g.TopFaults)))
	})}
}

// faults lists rules with their counts.
func (w words) faults(faults []Fault) string {
	items := make([]string, len(faults))
	for i, f := range faults {
		items[i] = fmt.Sprintf("%s ×%d", f.Name, f.Count)
	}
	return w.list(items)
}

func (r *Report) callSheet() sheet {
	w := r.words
	return sheet{
		name: "calls",
		columns: []column{
			{title: "col.id", width: 19},
			{title: "col.file", width: 28},
			{title: "col.start", width: 19},
			{title: "col.agent", width: 10},
			{title: "col.agent_name", width: 10},
			{title: "col.team", width: 12},
			{title: "col.customer", width: 15},
			{title: "col.direction", width: 8},
			{title: "col.scenario", width: 10},
			{title: "col.duration", width: 10},
			{title: "col.score", width: 8},
			{title: "col.points", width: 8},
			{title: "col.potential", width: 8},
			{title: "col.verdict", width: 9},
			{title: "col.veto", width: 11},
			{title: "col.talk_ratio", width: 15},
			{title: "col.interruptions", width: 10},
			{title: "col.silences", width: 13},
			{title: "col.rate", width: 12},
			{title: "col.response", width: 12},
			{title: "col.shouts", width: 8},
			{title: "col.lost", width: 60},
			{title: "col.withheld", width: 30},
			{title: "col.path", width: 60},
		},
		rows: each(r.Calls, func(c Call) []cell {
			return []cell{
				textCell(c.ID), textCell(c.File()), timeCell(c.StartedAt), textCell(c.Agent), textCell(c.AgentName), textCell(c.Team),
				textCell(c.Customer), textCell(w.known("direction", c.Direction)), textCell(w.scenario(c.Scenario)), lengthCell(c.Duration),
				scoreCell(c.Normalised), pointsCell(c.Points), pointsCell(c.Potential),
				textCell(w.verdict(c.Verdict)).toned(verdictTone(c.Verdict)), w.vetoCell(c.Vetoed),
				percentCell(c.TalkRatio), optionalCount(c.Interruptions), optionalCount(c.Silences),
				quotientCell(kindPoints, c.SpeechRate), quotientCell(kindPoints, c.Response), optionalCount(c.Shouts),
				textCell(w.losses(c.Lost)), textCell(w.missing(c.Withheld)), textCell(c.Path),
			}
		}),
	}
}

// losses lists the names of what was lost with the points.
func (w words) losses(losses []Loss) string { return w.list(w.lossList(losses)) }

func (w words) lossList(losses []Loss) []string {
	items := make([]string, len(losses))
	for i, l := range losses {
		items[i] = w.loss(l)
	}
	return items
}

func (w words) loss(l Loss) string {
	switch {
	case l.Outcome == score.OutcomeReview:
		return w.t("loss.review", l.Name)
	case l.Veto:
		return w.t("loss.veto", l.Name, points(l.Points))
	}
	return w.t("loss", l.Name, points(l.Points))
}

// missing lists what could not be measured.
func (w words) missing(withheld map[string]string) string {
	items := []string{}
	for _, measure := range slices.Sorted(maps.Keys(telling(withheld))) {
		if name := w.known("measure", measure); !slices.Contains(items, name) {
			items = append(items, name)
		}
	}
	return w.list(items)
}

func (r *Report) violationSheet() sheet {
	w := r.words
	return sheet{
		name: "violations",
		columns: []column{
			{title: "col.id", width: 19},
			{title: "col.file", width: 28},
			{title: "col.start", width: 19},
			{title: "col.agent", width: 10},
			{title: "col.agent_name", width: 10},
			{title: "col.team", width: 12},
			{title: "col.rule_name", width: 20},
			{title: "col.rule", width: 26},
			{title: "col.severity", width: 8},
			{title: "col.veto", width: 11},
			{title: "col.points_lost", width: 8},
			{title: "col.role", width: 8},
			{title: "col.at", width: 14},
			{title: "col.quote", width: 44},
			{title: "col.places", width: 7},
			{title: "col.note", width: 50},
			{title: "col.coaching", width: 50},
		},
		rows: each(r.Violations, func(v Violation) []cell {
			return []cell{
				textCell(v.Call), textCell(v.File()), timeCell(v.StartedAt), textCell(v.Agent), textCell(v.AgentName), textCell(v.Team),
				textCell(v.Name), textCell(v.Rule), textCell(w.severity(v.Severity)).toned(severityTone(v.Severity)),
				w.vetoCell(v.Veto), pointsCell(v.Points), textCell(w.role(v.Role)),
				textCell(span(v.Span)), textCell(v.Quote), countCell(v.Places), textCell(v.Note), textCell(v.Coaching),
			}
		}),
	}
}

// span shows from when to when in a call, nothing for an empty one.
func span(s call.Span) string {
	if s.Empty() {
		return ""
	}
	from, to := clock(s.Start), clock(s.End)
	if from == to {
		return from
	}
	return from + "–" + to
}

func (r *Report) ruleSheet() sheet {
	w := r.words
	return sheet{
		name: "rules",
		columns: []column{
			{title: "col.rule", width: 28},
			{title: "col.rule_name", width: 22},
			{title: "col.section", width: 14, aside: true},
			{title: "col.severity", width: 8},
			{title: "outcome.pass", width: 9},
			{title: "outcome.fail", width: 9},
			{title: "outcome.review", width: 9},
			{title: "outcome.not_applicable", width: 9, aside: true},
			{title: "col.pass_rate", width: 10},
			{title: "col.points_lost", width: 9},
		},
		rows: each(r.Rules, func(rule Rule) []cell {
			rate := percentCell(rule.Rate)
			if rule.Rate != nil {
				rate.tone = scoreTone(*rule.Rate)
			}
			return []cell{
				textCell(rule.Rule), textCell(rule.Name), textCell(rule.Section),
				textCell(w.severity(rule.Severity)).toned(severityTone(rule.Severity)),
				countCell(rule.Pass), countCell(rule.Fail), countCell(rule.Review), countCell(rule.NotApplicable), rate, pointsCell(rule.Lost),
			}
		}),
	}
}

func (r *Report) failureSheet() sheet {
	w := r.words
	return sheet{
		name:    "failures",
		columns: []column{{title: "col.path", width: 60}, {title: "col.code", width: 18}, {title: "col.message", width: 70}, {title: "col.times", width: 7}, {title: "col.last", width: 19}},
		rows: each(r.Failures, func(f Failure) []cell {
			return []cell{
				textCell(f.Path), textCell(f.Code).toned(toneBad), textCell(w.fault(f)), countCell(f.Times), timeCell(f.Last),
			}
		}),
	}
}

// by returns the sheet that --by asks for.
func (r *Report) by(name string) (sheet, error) {
	build, ok := map[string]func() sheet{
		"":          r.callSheet,
		"call":      r.callSheet,
		"agent":     func() sheet { return r.groupSheet("agents", "col.agent", r.Agents) },
		"team":      func() sheet { return r.groupSheet("teams", "col.team", r.Teams) },
		"day":       func() sheet { return r.groupSheet("trend", "col.day", r.Days) },
		"week":      func() sheet { return r.groupSheet("weeks", "col.week", r.Weeks) },
		"rule":      r.ruleSheet,
		"violation": r.violationSheet,
		"failure":   r.failureSheet,
	}[name]
	if !ok {
		return sheet{}, fmt.Errorf("%w: report by %q: want agent, team, day, week, rule, call, violation or failure", call.ErrInvalid, name)
	}
	return build(), nil
}
