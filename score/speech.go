package score

import (
	"cmp"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// speech is who spoke when: merged spans inside the recording. All arithmetic on them is here, so that
// talk(agent) + talk(customer) - overlap + non-talk = duration whatever the spans of a transcript are.
type speech struct {
	length  call.Millis // of the recording
	byRole  map[call.Role][]call.Span
	anyone  []call.Span
	parties []call.Span // agent or customer
}

// speechOf clips the spans of a transcript to the recording and closes each party's pauses below pause.
func speechOf(rec call.Recording, tr call.Transcript, pause call.Millis) speech {
	s := speech{length: max(0, rec.Duration), byRole: map[call.Role][]call.Span{}}
	whole := call.Span{End: s.length}
	var all, parties []call.Span
	for role, spans := range tr.Speech {
		own := call.Merge(call.Clip(spans, whole), pause)
		s.byRole[role] = own
		all = append(all, own...)
		if role == call.RoleAgent || role == call.RoleCustomer {
			parties = append(parties, own...)
		}
	}
	s.anyone, s.parties = call.Merge(all, 0), call.Merge(parties, 0)
	return s
}

// talk is how long role speaks.
func (s speech) talk(role call.Role) call.Millis { return call.Total(s.byRole[role]) }

// overlaps are the stretches in which both parties speak.
func (s speech) overlaps() []call.Span {
	return call.Intersections(s.byRole[call.RoleAgent], s.byRole[call.RoleCustomer])
}

// nonTalk is how long neither party speaks; where nobody is known to be one of them, nobody at all.
func (s speech) nonTalk(known bool) call.Millis {
	if known {
		return s.length - call.Total(s.parties)
	}
	return s.length - call.Total(s.anyone)
}

// within is how long role speaks inside span.
func (s speech) within(role call.Role, span call.Span) call.Millis {
	own := s.byRole[role]
	first, _ := slices.BinarySearchFunc(own, span.Start, func(o call.Span, at call.Millis) int { return cmp.Compare(o.End, at) })
	var total call.Millis
	for _, o := range own[first:] {
		if o.Start >= span.End {
			break
		}
		total += o.Intersect(span).Length()
	}
	return total
}
