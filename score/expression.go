package score

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/strictyaml"
)

const (
	mostNodes     = 200 // of an expression
	mostUndecided = 6   // things that an expression looks at and that are open, beyond which a person decides
)

// expression is a condition over the outcomes of other rules, measures and metadata. Comparing and joining
// are all it can do, so it ends.
type expression struct {
	source   string
	program  *vm.Program
	rules    []string // that it looks at
	counted  []string // of them those whose hits it counts
	measures []string
}

// facts is what an expression can see of a call.
type facts struct {
	Passed  func(rule string) bool `expr:"passed"`
	Failed  func(rule string) bool `expr:"failed"`
	Applies func(rule string) bool `expr:"applies"`
	Hits    func(rule string) int  `expr:"hits"`

	Ratio          float64 `expr:"agent_talk_ratio"`
	Interruptions  float64 `expr:"interruptions"`
	Silences       float64 `expr:"silences"`
	LongestSilence float64 `expr:"longest_silence"`
	SpeechRate     float64 `expr:"chars_per_minute"`
	Duration       float64 `expr:"duration"`
	Loudness       float64 `expr:"loudness_db"`
	Rings          float64 `expr:"rings"`
	Wait           float64 `expr:"announced_wait"`
	Overrun        float64 `expr:"hold_overrun"`
	NoReturn       float64 `expr:"waits_without_return"`
	Fastest        float64 `expr:"fastest_utterance"`
	Shouts         float64 `expr:"shouts"`
	Response       float64 `expr:"response_median"`
	SlowResponse   float64 `expr:"response_p90"`
	Monologue      float64 `expr:"longest_monologue"`
	LongMonologues float64 `expr:"long_monologues"`
	AnswerDelay    float64 `expr:"answer_delay"`
	Overlap        float64 `expr:"overlap"`
	NonTalk        float64 `expr:"non_talk_share"`

	Scenario  string `expr:"scenario"`
	Direction string `expr:"direction"`
	Team      string `expr:"team"`
	Agent     string `expr:"agent"`
	HungUpBy  string `expr:"hung_up_by"`
}

// ruleFunctions are what an expression may ask about a rule.
var ruleFunctions = []string{"passed", "failed", "applies", "hits"}

// readExpression compiles a condition and notes what it looks at.
func readExpression(node strictyaml.Node) expression {
	e := expression{source: node.Text()}
	if e.source == "" {
		return e
	}
	program, err := expr.Compile(e.source, expr.Env(facts{}), expr.AsBool(), expr.DisableAllBuiltins(), expr.MaxNodes(mostNodes), expr.Optimize(false))
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		node.Fault("the expression cannot be read: %s%s", first, hintOf(first))
		return e
	}
	e.program = program
	seen := &references{node: node, expression: &e}
	root := program.Node()
	ast.Walk(&root, seen)
	slices.Sort(e.rules)
	e.rules = slices.Compact(e.rules)
	slices.Sort(e.measures)
	e.measures = slices.Compact(e.measures)
	return e
}

// hintOf names what was most likely meant by a name that an expression cannot use.
func hintOf(fault string) string {
	_, rest, found := strings.Cut(fault, "unknown name ")
	if !found {
		return ""
	}
	name, _, _ := strings.Cut(rest, " ")
	known := slices.Clone(ruleFunctions)
	for field := range reflect.TypeFor[facts]().Fields() {
		known = append(known, field.Tag.Get("expr"))
	}
	return strictyaml.Hint(name, known)
}

// references notes the rules and measures that an expression names.
type references struct {
	node       strictyaml.Node
	expression *expression
}

// Visit implements ast.Visitor.
func (r *references) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.CallNode:
		name, ok := n.Callee.(*ast.IdentifierNode)
		if !ok || !slices.Contains(ruleFunctions, name.Value) || len(n.Arguments) != 1 {
			return
		}
		id, ok := n.Arguments[0].(*ast.StringNode)
		if !ok {
			r.node.Fault(`%s wants the ID of a rule in quotes, as in %s("greeting.opening")`, name.Value, name.Value)
			return
		}
		r.expression.rules = append(r.expression.rules, id.Value)
		if name.Value == "hits" {
			r.expression.counted = append(r.expression.counted, id.Value)
		}
	case *ast.IdentifierNode:
		if _, known := figures[n.Value]; known {
			r.expression.measures = append(r.expression.measures, n.Value)
		}
	case *ast.BinaryNode:
		if n.Operator == "matches" || n.Operator == ".." || n.Operator == "**" || n.Operator == "^" {
			r.node.Fault("an expression compares and joins: the operator %q is not for it", n.Operator)
		}
	}
}

// open is something undecided that an expression looks at.
type open struct {
	rule    string
	measure string
}

// judgeExpression evaluates the condition in every way in which what is undecided could turn out.
func (r *rule) judgeExpression(t *trial) judgement {
	e := r.expression
	values, reason := t.values(e, r)
	if reason != "" {
		return judgement{outcome: OutcomeNotApplicable, reason: reason}
	}
	evidence := t.evidenceFor(e, values)
	told := t.told(e, values)
	j := judgement{outcome: OutcomePass, points: r.points, evidence: evidence, note: text{zh: "条件成立" + told.zh, en: "the condition holds" + told.en}}
	undecided := t.undecidedIn(e, values)
	if len(undecided) > mostUndecided {
		return j.undecided(r.points, reasonUncertain).risking(r.points)
	}
	trues, falses := 0, 0
	for choice := range 1 << len(undecided) {
		holds, err := e.holds(t, values, undecided, choice)
		if err != nil {
			return j.undecided(r.points, reasonUncertain).risking(r.points)
		}
		if holds {
			trues++
		} else {
			falses++
		}
	}
	switch {
	case falses == 0:
		return j
	case trues == 0:
		j.outcome, j.points, j.note = OutcomeFail, 0, text{zh: "条件不成立：" + e.source + told.zh, en: "the condition does not hold: " + e.source + told.en}
		return j
	}
	return j.undecided(r.points, reasonUncertain).risking(r.points)
}

// values returns the measures that e looks at, or why one of them is not known.
func (t *trial) values(e expression, r *rule) (map[string]figure, string) {
	values := map[string]figure{}
	for _, name := range e.measures {
		f := figures[name](t.view, r)
		if f.withheld != "" {
			return nil, f.withheld
		}
		values[name] = f
	}
	return values, ""
}

// undecidedIn lists what e looks at and what could still turn out otherwise.
func (t *trial) undecidedIn(e expression, values map[string]figure) []open {
	var all []open
	for _, id := range e.rules {
		if t.judgement(t.scorer.card.rule(id)).outcome == OutcomeReview {
			all = append(all, open{rule: id})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if f := values[name]; f.value != f.worst {
			all = append(all, open{measure: name})
		}
	}
	return all
}

// evidenceFor gathers a place for each rule and measure that e looks at.
func (t *trial) evidenceFor(e expression, values map[string]figure) []Evidence {
	var evidence []Evidence
	for _, id := range e.rules {
		j := t.judgement(t.scorer.card.rule(id))
		evidence = append(evidence, j.evidence[:min(1, len(j.evidence))]...)
	}
	for _, name := range e.measures {
		places := slices.Concat(values[name].evidence, values[name].doubtful)
		evidence = append(evidence, places[:min(mostProof, len(places))]...)
	}
	if len(evidence) == 0 {
		evidence = append(evidence, t.heard(call.RoleAgent))
	}
	return evidence[:min(len(evidence), mostEvidence)]
}

// outcomeWords are outcomes as notes have them.
var outcomeWords = map[Outcome]text{
	OutcomePass: {"符合", "pass"}, OutcomeFail: {"违反", "fail"}, OutcomeReview: {"待复核", "review"}, OutcomeNotApplicable: {"不适用", "not applicable"},
}

// told says what e found: the outcome of each rule and each figure that it looks at.
func (t *trial) told(e expression, values map[string]figure) text {
	var zh, en []string
	for _, id := range e.rules {
		r := t.scorer.card.rule(id)
		outcome := outcomeWords[t.judgement(r).outcome]
		zh, en = append(zh, r.zh+outcome.zh), append(en, cmp.Or(r.en, r.zh)+" "+outcome.en)
	}
	for _, name := range e.measures {
		value := fmt.Sprintf("%s = %g", name, round(values[name].value, 2))
		zh, en = append(zh, value), append(en, value)
	}
	if len(zh) == 0 {
		return text{}
	}
	return text{zh: "（" + strings.Join(zh, "，") + "）", en: " (" + strings.Join(en, ", ") + ")"}
}

// heard is the evidence of what rests on the whole call: all of it, by how role begins.
func (v *view) heard(role call.Role) Evidence {
	e := v.searched(role, call.Span{End: v.rec.Duration})
	if said := v.said[role]; len(said) > 0 {
		e.Quote = firstRunes(said[0].Text, longestQuote)
	}
	return e
}

// holds evaluates the condition with the undecided turned out as the bits of choice say: 1 is the fault.
func (e expression) holds(t *trial, values map[string]figure, undecided []open, choice int) (bool, error) {
	worst := func(o open) bool {
		at := slices.Index(undecided, o)
		return at >= 0 && choice>>at&1 == 1
	}
	outcome := func(id string) Outcome {
		j := t.judgement(t.scorer.card.rule(id))
		if j.outcome != OutcomeReview {
			return j.outcome
		}
		if worst(open{rule: id}) {
			return OutcomeFail
		}
		return OutcomePass
	}
	value := func(name string) float64 {
		if worst(open{measure: name}) {
			return values[name].worst
		}
		return values[name].value
	}
	env := facts{
		Passed:  func(id string) bool { return outcome(id) == OutcomePass },
		Failed:  func(id string) bool { return outcome(id) == OutcomeFail },
		Applies: func(id string) bool { return outcome(id) != OutcomeNotApplicable },
		Hits:    func(id string) int { return t.hitsOf(id, worst(open{rule: id})) },
		Ratio:   value(measureRatio), Interruptions: value(measureInterruptions), Silences: value(measureSilences),
		LongestSilence: value(measureLongest), SpeechRate: value(measureSpeechRate), Duration: value(measureDuration),
		Loudness: value(measureLoudness), Rings: value(measureRings), Wait: value(measureWait),
		Overrun: value(figureOverrun), NoReturn: value(figureNoReturn), Fastest: value(figureFastest), Shouts: value(measureShouts),
		Response: value(figureResponse), SlowResponse: value(figureSlowResponse), Monologue: value(measureMonologue), LongMonologues: value(measureLongMonologues),
		AnswerDelay: value(figureAnswerDelay), Overlap: value(figureOverlap), NonTalk: value(figureNonTalk),
		Scenario: t.scenario.name, Direction: t.rec.Direction, Team: t.rec.Team, Agent: t.rec.Agent, HungUpBy: t.rec.HungUpBy,
	}
	result, err := expr.Run(e.program, env)
	if err != nil {
		return false, fmt.Errorf("evaluate condition: %w", err)
	}
	holds, _ := result.(bool)
	return holds, nil
}

// hitsOf counts the places where a rule found its words.
func (t *trial) hitsOf(id string, weakToo bool) int {
	r := t.scorer.card.rule(id)
	proves := hit.provesSaid
	if r.kind == kindMustNotSay {
		proves = hit.provesFault
	}
	h, _ := r.hear(t, proves)
	if weakToo {
		return len(h.strong) + len(h.weak)
	}
	return len(h.strong)
}

// judgeManual leaves the rule to a person. Until then it counts in full and risks nothing, so that no
// verdict waits for it; accepting the finding takes its points, rejecting it gives them.
func (r *rule) judgeManual(t *trial) judgement {
	j := judgement{evidence: []Evidence{t.heard(r.role)}, note: text{
		zh: fmt.Sprintf("满分 %g 分", r.points), en: fmt.Sprintf("worth %g points", r.points),
	}}
	return j.undecided(r.points, reasonManual)
}

// risking says what the decision of an undecided judgement could take away.
func (j judgement) risking(points float64) judgement {
	j.atRisk = points
	return j
}

// weakly turns a fault into an undecided one, because it is not sure that the rule applies.
func (j judgement) weakly(points float64) judgement {
	lost := points - j.points
	return j.undecided(points, cmp.Or(j.reason, reasonWeakCondition)).risking(lost)
}
