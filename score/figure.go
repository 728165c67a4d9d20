package score

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// figure is one measure as a rule judges it.
type figure struct {
	value    float64
	worst    float64 // the value when all that is uncertain counts
	evidence []Evidence
	doubtful []Evidence // of what is uncertain
	note     text
	withheld string // why there is no figure
}

// figures are the measures that rules may judge, by the name that scorecards use.
var figures = map[string]func(v *view, r *rule) figure{
	measureRatio:          (*view).ratioFigure,
	measureInterruptions:  (*view).interruptionFigure,
	measureSilences:       (*view).silenceFigure,
	measureSpeechRate:     (*view).speechRateFigure,
	measureLongest:        (*view).longestFigure,
	measureDuration:       (*view).durationFigure,
	measureLoudness:       (*view).loudnessFigure,
	measureRings:          (*view).ringsFigure,
	measureWait:           (*view).waitFigure,
	figureOverrun:         (*view).overrunFigure,
	figureNoReturn:        (*view).returnFigure,
	figureFastest:         (*view).fastestFigure,
	measureShouts:         (*view).shoutFigure,
	figureResponse:        (*view).responseFigure,
	figureSlowResponse:    (*view).slowResponseFigure,
	measureMonologue:      (*view).monologueFigure,
	measureLongMonologues: (*view).longMonologueFigure,
	figureAnswerDelay:     (*view).answerFigure,
	figureOverlap:         (*view).overlapFigure,
	figureNonTalk:         (*view).nonTalkFigure,
}

// free are the measures that hold whatever the channels are like.
var free = map[string]bool{measureDuration: true, measureRings: true, figureAnswerDelay: true}

func figureNames() []string { return slices.Sorted(maps.Keys(figures)) }

// judgeMeasure gives the share of the points that the figure's band earns.
func (r *rule) judgeMeasure(t *trial) judgement {
	f := figures[r.measure.name](t.view, r)
	if f.withheld != "" {
		return judgement{outcome: OutcomeNotApplicable, reason: f.withheld}
	}
	b, worst := r.measure.band(f.value), r.measure.band(f.worst)
	j := judgement{outcome: b.outcome, points: round(r.points*b.share, 2), evidence: f.evidence, note: f.note}
	if b.outcome == OutcomePass && worst.share < b.share {
		j.evidence = append(j.evidence, f.doubtful...)
		j = j.undecided(r.points, reasonUncertain)
		j.atRisk = round(r.points*(1-worst.share), 2)
	}
	return j
}

// band returns the first band that takes the value. The last takes all.
func (m measureSpec) band(value float64) band {
	for _, b := range m.bands {
		if (b.from == nil || value >= *b.from) && (b.upTo == nil || value <= *b.upTo) {
			return b
		}
	}
	return band{outcome: OutcomeFail}
}

// ratioFigure judges the agent's share of the talk; its evidence is the agent's longest turn.
func (v *view) ratioFigure(*rule) figure {
	if reason := v.measures.Withheld[measureRatio]; reason != "" {
		return figure{withheld: reason}
	}
	ratio := *v.measures.AgentTalkRatio
	shown := round(ratio, 4)
	e := Evidence{Role: call.RoleAgent, Span: call.Span{End: v.rec.Duration}, Measure: &shown}
	if turns := v.turnsOf(call.RoleAgent); len(turns) > 0 {
		longest := slices.MaxFunc(turns, func(a, b call.Turn) int { return cmp.Compare(a.Length(), b.Length()) })
		e.Span, e.Quote = longest.Span, firstRunes(longest.Text(), longestQuote)
	}
	return figure{value: ratio, worst: ratio, evidence: []Evidence{e}, note: text{
		zh: fmt.Sprintf("坐席说话占 %.0f%%", ratio*100), en: fmt.Sprintf("the agent has %.0f %% of the talk", ratio*100),
	}}
}

// interruptionFigure counts how often the rule's role interrupted.
func (v *view) interruptionFigure(r *rule) figure {
	if reason := v.measures.Withheld[measureInterruptions]; reason != "" {
		return figure{withheld: reason}
	}
	var f figure
	for _, i := range v.measures.Interruptions {
		if i.By != r.role {
			continue
		}
		overlap := i.OverlapMS.Seconds()
		e := Evidence{Role: i.By, Span: call.Span{Start: i.Start, End: i.Start + i.OverlapMS}, Quote: i.Text, Measure: &overlap}
		f.worst++
		if i.Uncertain {
			f.doubtful = append(f.doubtful, e)
			continue
		}
		f.value++
		f.evidence = append(f.evidence, e)
	}
	if f.value == 0 {
		f.evidence = []Evidence{v.counted(r.role, 0)}
	}
	f.note = text{zh: fmt.Sprintf("抢话 %.0f 次", f.value), en: fmt.Sprintf("%.0f interruptions", f.value)}
	return f
}

// speechRateFigure judges how fast the rule's role speaks; its evidence is the longest turn.
func (v *view) speechRateFigure(r *rule) figure {
	if reason := v.measures.Withheld[measureSpeechRate]; reason != "" {
		return figure{withheld: reason}
	}
	rate, known := v.measures.CharsPerMinute[r.role]
	if !known {
		return figure{withheld: reasonTooShort}
	}
	e := v.counted(r.role, rate)
	return figure{value: rate, worst: rate, evidence: []Evidence{e}, note: text{
		zh: fmt.Sprintf("语速 %.0f 字/分", rate), en: fmt.Sprintf("%.0f characters a minute", rate),
	}}
}

// counted is the evidence of a figure over the whole call.
func (v *view) counted(role call.Role, value float64) Evidence {
	e := v.searched(role, call.Span{End: v.rec.Duration})
	e.Measure = &value
	return e
}
