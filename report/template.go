package report

import (
	"slices"

	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/score"
)

// Template returns labels of a call to start from: its transcript, interruptions, silences and outcomes as
// the program has them, marked to be checked, with personal data hidden. The total score is left to the
// person: one that is copied would agree with itself.
func Template(rec score.Record, opt Options) eval.Labels {
	opt = opt.withDefaults()
	w := newWords(opt.Lang)
	rec = MaskRecord(rec, opt.Mask)
	l := eval.Labels{
		Call: rec.Recording.ID, File: Call{Path: rec.Recording.Path}.File(), Note: w.t("labels.todo"), Unchecked: true,
		Utterances: []eval.Utterance{},
	}
	for _, c := range rec.Score.Criteria {
		l.Rules = append(l.Rules, eval.Rule{ID: c.Rule, Name: w.rule(c), Outcome: eval.Judged(c)})
	}
	if rec.Measures.Interruptions != nil {
		l.Interruptions = []eval.Interruption{}
	}
	for _, i := range rec.Measures.Interruptions {
		if !i.Uncertain { // what the program is not sure of it does not claim
			l.Interruptions = append(l.Interruptions, eval.Interruption{By: i.By, Start: i.Start, Yielded: &i.Yielded})
		}
	}
	if rec.Measures.Silences != nil {
		l.Silences = []eval.Silence{}
	}
	for _, s := range rec.Measures.Silences {
		l.Silences = append(l.Silences, eval.Silence{Span: s.Span, Announced: &s.Announced})
	}
	for _, u := range rec.Transcript.Utterances {
		l.Utterances = append(l.Utterances, eval.Utterance{Role: u.Role, Span: u.Span, Text: u.Text})
	}
	slices.SortStableFunc(l.Utterances, func(a, b eval.Utterance) int { return int(a.Start - b.Start) })
	return l
}
