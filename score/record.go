package score

import "github.com/zhijian-qa/zhijian/call"

// Record is everything known about one scored call: the public JSON contract, one object a call.
type Record struct {
	Recording  call.Recording       `json:"recording"`
	Health     []call.ChannelHealth `json:"health"`
	Transcript call.Transcript      `json:"transcript"`
	Measures   Measures             `json:"measures"`
	Score      Result               `json:"score"`
}

// Verdict is the outcome of a whole call.
type Verdict string

// The verdicts.
const (
	VerdictPass   Verdict = "pass"
	VerdictFail   Verdict = "fail"
	VerdictReview Verdict = "review"
)

// VerdictReason is why a call is up for review.
type VerdictReason string

// The reasons for a review.
const (
	VerdictNothingJudged VerdictReason = "nothing_judged" // no rule could be judged
	VerdictLittleJudged  VerdictReason = "little_judged"  // the recording spoils most rules, as a mono one does
	VerdictUndecidedVeto VerdictReason = "undecided_veto" // a rule that fails the call waits for a decision
	VerdictAtRisk        VerdictReason = "at_risk"        // points that wait for a decision could fail the call
)

// Outcome is the outcome of one criterion.
type Outcome string

// The outcomes.
const (
	OutcomePass          Outcome = "pass"
	OutcomeFail          Outcome = "fail"
	OutcomeNotApplicable Outcome = "not_applicable"
	OutcomeReview        Outcome = "review"
)

// Severity says how grave a fault is.
type Severity string

// The severities.
const (
	SeverityMinor    Severity = "minor"
	SeveritySerious  Severity = "serious"
	SeverityCritical Severity = "critical"
)

// Result is the scorecard of one call.
type Result struct {
	Scorecard  string   `json:"scorecard"`           // name@hash
	Revision   string   `json:"revision"`            // hash of scorecard, lexicons, dictionaries, settings and code
	PassMark   float64  `json:"pass_mark,omitempty"` // share of Potential from which a call passes
	Points     float64  `json:"points"`
	Potential  float64  `json:"potential"`
	Normalised *float64 `json:"normalised"` // Points ÷ Potential, null when Potential is 0
	AtRisk     float64  `json:"at_risk"`    // what undecided criteria could take away
	Verdict    Verdict  `json:"verdict"`
	// VerdictReason is why the verdict is up to a person, empty otherwise.
	VerdictReason VerdictReason `json:"verdict_reason,omitempty"`
	// Unjudged are the points of rules that the state of the recording let nobody judge, LeastJudged the share
	// of them and Potential that must have been judged for a verdict.
	Unjudged    float64     `json:"unjudged,omitempty"`
	LeastJudged float64     `json:"least_judged,omitempty"`
	Vetoed      bool        `json:"vetoed"`
	Criteria    []Criterion `json:"criteria"`
	Sections    []Section   `json:"sections,omitempty"`          // that Criteria name, in the scorecard's order
	Lower       float64     `json:"lower_bound,omitempty"`       // that Points never fall below
	Upper       *float64    `json:"upper_bound,omitempty"`       // that Points and Potential never exceed
	Scenario    *Scenario   `json:"detected_scenario,omitempty"` // when the metadata name none
	// RolesSwapped tells that by the words the agent is on the customer's channel: Health names it too.
	RolesSwapped bool `json:"roles_swapped,omitempty"`
}

// Section is what a section of the scorecard is called.
type Section struct {
	ID     string `json:"id"`
	Name   string `json:"name"`              // Chinese
	NameEN string `json:"name_en,omitempty"` // English
}

// Scenario is what a call was taken for by its words.
type Scenario struct {
	Name       string     `json:"name"`
	Confidence float64    `json:"confidence"`
	Evidence   []Evidence `json:"evidence"`
}

// Criterion is the outcome of one rule for one call.
type Criterion struct {
	Rule       string     `json:"rule"`
	Name       string     `json:"name"`              // Chinese
	NameEN     string     `json:"name_en,omitempty"` // English
	Section    string     `json:"section,omitempty"`
	Severity   Severity   `json:"severity,omitempty"`
	Veto       bool       `json:"veto,omitempty"`
	Outcome    Outcome    `json:"outcome"`
	Points     float64    `json:"points"`
	Potential  float64    `json:"potential"`
	AtRisk     float64    `json:"at_risk,omitempty"`     // for review: what its decision could take away
	Reason     string     `json:"reason,omitempty"`      // why not applicable or up for review
	Note       string     `json:"note,omitempty"`        // one sentence for people: what was found; Chinese
	NoteEN     string     `json:"note_en,omitempty"`     // the same in English
	Coaching   string     `json:"coaching,omitempty"`    // what to do instead; Chinese
	CoachingEN string     `json:"coaching_en,omitempty"` // the same in English
	Evidence   []Evidence `json:"evidence"`
	Decision   *Decision  `json:"decision,omitempty"`         // a person's, that Outcome and Points follow
	Earlier    *Decision  `json:"earlier_decision,omitempty"` // a person's, about other evidence than there is now
}

// Evidence is a place in the recording that proves an outcome.
type Evidence struct {
	Role call.Role `json:"role"`
	call.Span
	Quote      string   `json:"quote,omitempty"`
	List       string   `json:"list,omitempty"`
	Term       string   `json:"term,omitempty"`
	Tier       string   `json:"tier,omitempty"`
	Distance   int      `json:"distance,omitempty"` // characters of Quote that are not those of Term, or of Nearest
	Confidence float64  `json:"confidence,omitempty"`
	Measure    *float64 `json:"measure,omitempty"` // the figure that was judged
	// For an absence: the window is Span, and this is what was in it.
	SpeechMS call.Millis `json:"speech_ms,omitempty"`
	Nearest  string      `json:"nearest,omitempty"` // the nearest miss in the window
	// For a flow: the step that it is about.
	Step   string `json:"step,omitempty"`    // Chinese
	StepEN string `json:"step_en,omitempty"` // English
}
