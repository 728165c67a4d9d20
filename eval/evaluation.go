package eval

import (
	"cmp"
	"slices"

	"github.com/zhijian-qa/zhijian/score"
)

// Evaluation is what results are worth by the labels of some calls. Parts that nobody labelled are nil or
// empty.
type Evaluation struct {
	Calls         int              `json:"calls"`        // compared
	Unchecked     int              `json:"unchecked"`    // of them, filled in by the program and not checked by a person
	Absent        int              `json:"absent_rules"` // calls whose scorecards lack rules that are labelled
	Missing       []Missing        `json:"missing"`      // labelled and not found
	Scorecards    []string         `json:"scorecards"`
	Models        []string         `json:"models"`
	Characters    *ErrorRate       `json:"characters"`
	Interruptions *Events          `json:"interruptions"`
	Silences      *Events          `json:"silences"`
	Measures      []*MeasureError  `json:"measures"`
	Rules         []*RuleAgreement `json:"rules"` // those that differ most first
	All           *RuleAgreement   `json:"all_rules"`
	Score         *ScoreAgreement  `json:"score"`
	Worst         []CallError      `json:"worst"` // every call, the worst first
}

// Missing is a labelled call that has no stored result, or that could not be told from others.
type Missing struct {
	Call   string `json:"call"`
	Place  string `json:"place"`
	Reason string `json:"reason"`
}

// Labelled is a stored result with the labels of its call.
type Labelled struct {
	Labels
	Record score.Record // as judged, without the decisions of people
}

// Evaluate holds results against labels. What Check finds must be mended before.
func Evaluate(calls []Labelled) *Evaluation {
	e := &Evaluation{Calls: len(calls), Missing: []Missing{}, Measures: []*MeasureError{}, Rules: []*RuleAgreement{}, Worst: []CallError{}}
	b := builder{Evaluation: e, measures: map[string]*MeasureError{}, rules: map[string]*RuleAgreement{}}
	for _, c := range calls {
		b.add(c)
	}
	b.finish()
	return e
}

// builder adds call by call.
type builder struct {
	*Evaluation
	measures map[string]*MeasureError
	rules    map[string]*RuleAgreement
}

func (b *builder) add(c Labelled) {
	b.Unchecked += one(c.Unchecked)
	b.Scorecards = append(b.Scorecards, c.Record.Score.Scorecard)
	b.Models = append(b.Models, c.Record.Transcript.Model)
	wrong := CallError{Call: c.Record.Recording.ID, Path: c.Record.Recording.Path, Wrong: []WrongOutcome{}}
	if c.Utterances != nil {
		wrong.Characters = b.characters(c)
	}
	if c.Interruptions != nil {
		b.Evaluation.Interruptions = cmp.Or(b.Evaluation.Interruptions, &Events{})
		n := b.Evaluation.Interruptions.interruptions(c.Interruptions, c.Record.Measures.Interruptions)
		wrong.Interruptions = &n
	}
	if c.Silences != nil {
		b.Evaluation.Silences = cmp.Or(b.Evaluation.Silences, &Events{})
		n := b.Evaluation.Silences.silences(c.Silences, c.Record.Measures.Silences)
		wrong.Silences = &n
	}
	b.addMeasures(c)
	b.addRules(c, &wrong)
	b.addScore(c, &wrong)
	b.Worst = append(b.Worst, wrong)
}

func (b *builder) addMeasures(c Labelled) {
	found := figuresOf(c.Record.Measures)
	for _, want := range c.Measures {
		m := b.measures[want.Name]
		if m == nil {
			m = &MeasureError{Name: want.Name}
			b.measures[want.Name] = m
			b.Evaluation.Measures = append(b.Evaluation.Measures, m)
		}
		if got, ok := found.values[want.Name]; ok {
			m.errors = append(m.errors, got-want.Value)
		} else {
			m.Withheld++
		}
	}
}

func (b *builder) addRules(c Labelled, wrong *CallError) {
	absent := false
	defer func() { b.Absent += one(absent) }()
	for _, want := range c.Rules {
		i := slices.IndexFunc(c.Record.Score.Criteria, func(k score.Criterion) bool { return k.Rule == want.ID })
		if i < 0 {
			absent = true
			continue
		}
		k := c.Record.Score.Criteria[i]
		a := b.rules[want.ID]
		if a == nil {
			a = &RuleAgreement{Rule: k.Rule, Name: k.Name, NameEN: k.NameEN}
			b.rules[want.ID] = a
			b.Evaluation.Rules = append(b.Evaluation.Rules, a)
		}
		b.All = cmp.Or(b.All, &RuleAgreement{})
		p := Pair{Person: want.Outcome, Program: Judged(k)}
		a.add(p)
		b.All.add(p)
		switch {
		case p.Person == score.OutcomeReview || p.Person == p.Program:
		case p.Program == score.OutcomeReview:
			wrong.Review++
		default:
			wrong.Wrong = append(wrong.Wrong, WrongOutcome{Rule: k.Rule, Name: k.Name, NameEN: k.NameEN, Person: p.Person, Program: p.Program})
		}
	}
}

func (b *builder) finish() {
	slices.Sort(b.Scorecards)
	slices.Sort(b.Models)
	b.Scorecards, b.Models = slices.Compact(b.Scorecards), slices.Compact(b.Models)
	b.Characters.finish()
	for _, events := range []*Events{b.Interruptions, b.Silences} {
		if events != nil {
			events.finish()
		}
	}
	for _, m := range b.Evaluation.Measures {
		m.finish()
	}
	for _, a := range b.Evaluation.Rules {
		a.finish()
	}
	if b.All != nil {
		b.All.finish()
	}
	b.Score.finish()
	slices.SortFunc(b.Evaluation.Measures, func(a, c *MeasureError) int { return cmp.Compare(a.Name, c.Name) })
	slices.SortFunc(b.Evaluation.Rules, func(a, c *RuleAgreement) int {
		return cmp.Or(cmp.Compare(c.Differing, a.Differing), cmp.Compare(c.Review, a.Review), cmp.Compare(a.Rule, c.Rule))
	})
	slices.SortStableFunc(b.Worst, worse)
}
