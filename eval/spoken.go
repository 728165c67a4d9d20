package eval

import (
	"cmp"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

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
