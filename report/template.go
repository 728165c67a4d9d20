package report

import (
	"regexp"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
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
		Call: reference(rec.Recording), File: Call{Path: rec.Recording.Path}.File(), Note: w.t("labels.todo"), Unchecked: true,
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
		l.Silences = append(l.Silences, eval.Silence{Span: s.Span, Announced: &s.Announced, WaitingFor: s.WaitingFor})
	}
	for _, u := range rec.Transcript.Utterances {
		l.Utterances = append(l.Utterances, eval.Utterance{Role: u.Role, Span: call.Span{Start: u.Start, End: max(u.End, u.Start+1)}, Text: u.Text})
	}
	slices.SortStableFunc(l.Utterances, func(a, b eval.Utterance) int { return int(a.Start - b.Start) })
	return l
}

// numeric is what a spreadsheet program takes for a number, 12e34 too, and spoils.
var numeric = regexp.MustCompile(`^\d*e?\d*$`)

// reference returns the ID of a recording, or as much more of its hash as makes it look like no number.
func reference(r call.Recording) string {
	id := r.ID
	for numeric.MatchString(id) && len(id) < len(r.SHA256) {
		id = r.SHA256[:len(id)+1]
	}
	return id
}
