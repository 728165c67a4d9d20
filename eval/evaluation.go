package eval

import (
	"cmp"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
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

// ErrorRate is the character error rate of all calls, and of each party. Its interval is the wider of that of
// calls drawn anew and that of Wilson over the characters, which a few calls, or calls without any error,
// need.
type ErrorRate struct {
	Calls int `json:"calls"`
	Characters
	Rate float64 `json:"rate"`
	Interval
	ByRole map[call.Role]*ErrorRate `json:"by_role,omitempty"`
	each   []Characters
}

// ScoreAgreement is how well total scores, of 100, agree with those that people gave.
type ScoreAgreement struct {
	Calls    int          `json:"calls"`
	Unscored int          `json:"unscored"` // labelled, and without a score of the program
	Mean     *float64     `json:"mean_error"`
	Absolute *float64     `json:"mean_absolute_error"`
	Pearson  *Correlation `json:"pearson"`  // nil with fewer than 3 calls or when all scores are equal
	Spearman *Correlation `json:"spearman"` // likewise
	Few      bool         `json:"few"`      // too few calls for a correlation to say much
	person   []float64
	program  []float64
}

// CallError is what one call got wrong.
type CallError struct {
	Call          string         `json:"call"`
	Path          string         `json:"path"`
	Wrong         []WrongOutcome `json:"wrong"`  // outcomes that a person gave otherwise
	Review        int            `json:"review"` // outcomes that the program left for review and a person decided
	Characters    *Characters    `json:"characters"`
	Interruptions *Counts        `json:"interruptions"`
	Silences      *Counts        `json:"silences"`
	Person        *float64       `json:"person_score"`
	Program       *float64       `json:"program_score"`
}

// WrongOutcome is an outcome that a person gave otherwise.
type WrongOutcome struct {
	Rule    string        `json:"rule"`
	Name    string        `json:"name,omitempty"`
	NameEN  string        `json:"name_en,omitempty"`
	Person  score.Outcome `json:"person"`
	Program score.Outcome `json:"program"`
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

// characters compares what each party said, all its utterances in one: where they begin and end does not
// matter. A party without any label was not labelled. Where the program knows no parties, there is one.
func (b *builder) characters(c Labelled) *Characters {
	b.Characters = cmp.Or(b.Characters, &ErrorRate{ByRole: map[call.Role]*ErrorRate{}})
	labels, tr := c.Utterances, c.Record.Transcript
	if len(tr.Utterances) > 0 && len(tr.By(call.RoleUnknown)) == len(tr.Utterances) {
		labels = slices.Clone(labels)
		for i := range labels {
			labels[i].Role = call.RoleUnknown
		}
	}
	var all Characters
	for _, role := range []call.Role{call.RoleAgent, call.RoleCustomer, call.RoleUnknown} {
		want := said(labels, role)
		if want == "" && len(labels) > 0 {
			continue
		}
		n := CharacterErrors(want, heard(tr, role))
		all.Add(n)
		if b.Characters.ByRole[role] == nil {
			b.Characters.ByRole[role] = &ErrorRate{}
		}
		b.Characters.ByRole[role].add(n)
	}
	b.Characters.add(all)
	return &all
}

func said(utterances []Utterance, role call.Role) string {
	own := slices.DeleteFunc(slices.Clone(utterances), func(u Utterance) bool { return u.Role != role })
	slices.SortStableFunc(own, func(a, b Utterance) int { return cmp.Compare(a.Start, b.Start) })
	text := ""
	for _, u := range own {
		text += u.Text + " "
	}
	return text
}

func heard(tr call.Transcript, role call.Role) string {
	own := tr.By(role)
	slices.SortStableFunc(own, func(a, b call.Utterance) int { return cmp.Compare(a.Start, b.Start) })
	text := ""
	for _, u := range own {
		text += u.Text + " "
	}
	return text
}

func (r *ErrorRate) add(n Characters) {
	r.Calls++
	r.Add(n)
	r.each = append(r.each, n)
}

func (r *ErrorRate) finish() {
	if r == nil {
		return
	}
	r.Rate = pooled(r.each)
	drawn, counted := Bootstrap(pooled, r.each), Wilson(min(r.Errors, r.Of), r.Of)
	r.Interval = Interval{Low: min(drawn.Low, counted.Low), High: max(drawn.High, counted.High)}
	for _, part := range r.ByRole {
		part.finish()
	}
}

func pooled(all []Characters) float64 {
	var sum Characters
	for _, c := range all {
		sum.Add(c)
	}
	return sum.Rate()
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

func (b *builder) addScore(c Labelled, wrong *CallError) {
	if c.Score == nil {
		return
	}
	b.Score = cmp.Or(b.Score, &ScoreAgreement{})
	wrong.Person = c.Score
	if c.Record.Score.Normalised == nil {
		b.Score.Unscored++
		return
	}
	program := 100 * *c.Record.Score.Normalised
	wrong.Program = &program
	b.Score.person, b.Score.program = append(b.Score.person, *c.Score), append(b.Score.program, program)
}

func (s *ScoreAgreement) finish() {
	if s == nil {
		return
	}
	s.Calls = len(s.person)
	s.Few = s.Calls < fewForCorrelation
	if s.Calls == 0 {
		return
	}
	errors := make([]float64, s.Calls)
	for i := range errors {
		errors[i] = s.program[i] - s.person[i]
	}
	bias, absolute := mean(errors), meanAbsolute(errors)
	s.Mean, s.Absolute = &bias, &absolute
	s.Pearson, s.Spearman = Pearson(s.person, s.program), Spearman(s.person, s.program)
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

// worse orders calls: by outcomes that are wrong, then by interruptions and silences that are, then by how
// far the score is off, then by the character error rate.
func worse(a, b CallError) int {
	return cmp.Or(
		cmp.Compare(len(b.Wrong), len(a.Wrong)), cmp.Compare(b.misfound(), a.misfound()), cmp.Compare(b.off(), a.off()),
		cmp.Compare(b.rate(), a.rate()), cmp.Compare(b.Review, a.Review), cmp.Compare(a.Path, b.Path),
	)
}

func (c CallError) misfound() int {
	n := 0
	for _, counts := range []*Counts{c.Interruptions, c.Silences} {
		if counts != nil {
			n += counts.False + counts.Missed
		}
	}
	return n
}

// off is how far the score lies from the person's.
func (c CallError) off() float64 {
	if c.Person == nil || c.Program == nil {
		return 0
	}
	return max(*c.Person-*c.Program, *c.Program-*c.Person)
}

func (c CallError) rate() float64 {
	if c.Characters == nil {
		return 0
	}
	return c.Characters.Rate()
}

// Fine reports whether nothing is wrong with the call: what the program was sure of, a person finds too.
func (c CallError) Fine() bool {
	const rounding = 0.05 // a tenth is what reports show of a score
	return len(c.Wrong) == 0 && c.misfound() == 0 && c.off() < rounding && c.rate() == 0
}
