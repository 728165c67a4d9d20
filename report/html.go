package report

import (
	"cmp"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/score"
)

//go:embed page/page.tmpl page/calls.tmpl page/style.css page/script.js
var pageFiles embed.FS

// clipKey says which piece of evidence a clip belongs to.
type clipKey struct {
	Call   string // its ID
	Rule   string
	Number int // of the evidence, from 1
}

// Clips holds the audio behind findings, each a whole WAV file. A page with clips carries them in it.
type Clips map[clipKey][]byte

// Add puts in the clip of the rule's evidence of that number, counted from 1, in the call with ID id.
func (c Clips) Add(id, rule string, number int, wav []byte) {
	c[clipKey{Call: id, Rule: rule, Number: number}] = wav
}

// WriteHTML writes the report as one page that needs nothing but itself: styles, charts and clips
// are in it, and a policy in its head forbids it to load anything. Every text is escaped.
func (r *Report) WriteHTML(w io.Writer, clips Clips) error {
	style, err := pageFiles.ReadFile("page/style.css")
	if err != nil {
		return fmt.Errorf("read page: %w", err)
	}
	script, err := pageFiles.ReadFile("page/script.js")
	if err != nil {
		return fmt.Errorf("read page: %w", err)
	}
	page, err := template.New("page.tmpl").Funcs(r.funcs(clips)).ParseFS(pageFiles, "page/*.tmpl")
	if err != nil {
		return fmt.Errorf("read page: %w", err)
	}
	err = page.Execute(w, struct {
		*Report
		Style        template.CSS
		Script       template.JS
		Masked       bool
		Voices       bool // the page carries clips
		Notes        []string
		ScoreChart   barChart
		TalkChart    barChart
		TrendChart   lineChart
		Broken       []Rule
		Details      []*detail
		MinCalls     int
		ClippedCalls bool
	}{
		Report: r, Style: template.CSS(style), Script: template.JS(script), Masked: r.opt.Mask != nil, Voices: len(clips) > 0, Notes: r.notes(),
		ScoreChart: newBarChart(r.Scores, "", scoreTone), TalkChart: r.talkChart(), TrendChart: newTrend(r.Days, r.words),
		Broken: r.broken(), Details: r.detailsInOrder(), MinCalls: r.opt.MinCalls, ClippedCalls: len(r.details) < len(r.Calls),
	})
	if err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	return nil
}

func (r *Report) talkChart() barChart {
	chart := newBarChart(r.TalkRatio, "%", talkTone)
	chart.Target = plotLeft + talkTarget*(plotRight-plotLeft)
	return chart
}

// shownRules bounds the rules in the chart of violations.
const shownRules = 9

// broken returns the rules with violations, the most frequent first.
func (r *Report) broken() []Rule {
	rules := slices.DeleteFunc(slices.Clone(r.Rules), func(rule Rule) bool { return rule.Fail == 0 })
	slices.SortStableFunc(rules, func(a, b Rule) int {
		return cmp.Or(cmp.Compare(b.Fail, a.Fail), cmp.Compare(index(b.Veto), index(a.Veto)), cmp.Compare(b.Lost, a.Lost))
	})
	return rules[:min(shownRules, len(rules))]
}

// targeted returns the norms that ask for a number.
func targeted(norms []Norm) []Norm {
	return slices.DeleteFunc(slices.Clone(norms), func(n Norm) bool { return n.Target == nil })
}

// DetailIDs returns the IDs of the calls whose scorecards the page shows, in its order: those that clips
// are wanted of.
func (r *Report) DetailIDs() []string {
	var ids []string
	for _, d := range r.detailsInOrder() {
		ids = append(ids, d.ID)
	}
	return ids
}

// detailsInOrder returns the calls whose scorecards are shown, in the order of the report.
func (r *Report) detailsInOrder() []*detail {
	details := make([]*detail, 0, len(r.details))
	for _, c := range r.Calls {
		if d := r.details[c.ID]; d != nil {
			details = append(details, d)
		}
	}
	return details
}

// funcs are what the page's templates call.
func (r *Report) funcs(clips Clips) template.FuncMap {
	w := r.words
	return template.FuncMap{
		"t": w.t, "lang": w.lang, "known": w.known, "score": w.score, "percent": w.percent, "points": points, "clock": clock,
		"hours": w.hours, "span": span, "agent": w.agent, "verdict": w.verdict, "because": w.because, "outcome": w.outcome, "role": w.role,
		"scenario": w.scenario, "severity": w.severity, "rule": w.rule, "faults": w.faults, "losses": w.losses, "target": w.target, "note": w.note, "coaching": w.coaching,
		"more":  func(c score.Criterion) string { n := len(w.proof(c)); return w.more(c, n, n) },
		"proof": w.proof, "measures": w.measures, "health": w.health, "conflict": w.conflict, "lost": lost,
		"problems": func(all []score.Criterion) []score.Criterion { return split(all, true) },
		"rest":     func(all []score.Criterion) []score.Criterion { return split(all, false) },
		"mark":     func(o score.Outcome) string { sign, _ := mark(o); return sign },
		"tone":     criterionClass,
		"fill":     func(normalised *float64) string { return toneClass(scoreCell(normalised).tone) },
		"when":     when,
		"width":    share,
		"number":   func(q *float64) float64 { return value(q) * 100 },
		"haystack": w.haystack,
		"fault":    w.fault,
		"targeted": targeted,
		"met":      func(n Norm) bool { return n.Met != nil && *n.Met },
		"ranking":  func(ranked bool, groups []Group) groupTable { return groupTable{Ranked: ranked, Groups: groups} },
		"rate":     func(n Norm) string { return w.percent(&n.Rate) },
		"clip":     clips.url,
	}
}

// url returns the clip of the evidence with index i as an address that holds it, empty when there is none.
func (c Clips) url(id, rule string, i int) template.URL {
	wav := c[clipKey{Call: id, Rule: rule, Number: i + 1}]
	if len(wav) == 0 {
		return ""
	}
	return template.URL("data:audio/wav;base64," + base64.StdEncoding.EncodeToString(wav))
}

// groupTable is a table of groups on the page.
type groupTable struct {
	Ranked bool
	Groups []Group
}

// criterionClass returns the style sheet's name for how a criterion came out.
func criterionClass(c score.Criterion) string {
	_, tone := mark(c.Outcome)
	if c.Outcome == score.OutcomePass && lost(c) > 0 {
		tone = toneWarn
	}
	return toneClass(tone)
}

// split returns the criteria that lost points or wait for a decision, vetoes first, or the others.
func split(all []score.Criterion, problems bool) []score.Criterion {
	half := slices.DeleteFunc(slices.Clone(all), func(c score.Criterion) bool {
		problem := c.Outcome == score.OutcomeFail || c.Outcome == score.OutcomeReview || lost(c) > 0 || c.Decision != nil
		return problem != problems
	})
	vetoed := func(c score.Criterion) int { return index(c.Veto && c.Outcome == score.OutcomeFail) }
	slices.SortStableFunc(half, func(a, b score.Criterion) int { return cmp.Compare(vetoed(b), vetoed(a)) })
	return half
}

// when shows a time to the minute, nothing for none.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02 15:04")
}

// share returns n of most in percent, for the width of a bar.
func share(n, most int) float64 { return 100 * float64(n) / float64(max(most, 1)) }

func value(q *float64) float64 {
	if q == nil {
		return 0
	}
	return *q
}

// haystack is what a call is searched by on the page.
func (w words) haystack(c Call) string {
	return strings.ToLower(strings.Join([]string{
		c.ID, c.File(), w.agent(c.Agent, c.AgentName), c.Team, w.scenario(c.Scenario), w.losses(c.Lost),
	}, " "))
}
