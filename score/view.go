package score

import (
	"math"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/lexicon/sense"
)

// Lists that the engine itself needs.
const (
	listHold         = "hold"
	listHoldReturn   = "hold_return"
	listBackchannel  = "backchannel"
	listOpenQuestion = "open_question"
	listIdentity     = "identity"
)

// view is one call prepared for judging: what was heard where, and the figures. It does not change.
type view struct {
	rec        call.Recording
	health     []call.ChannelHealth
	transcript call.Transcript
	lexicon    *lexicon.Searcher
	limits     Limits
	said       map[call.Role][]call.Utterance // of the transcript
	strays     map[call.Role][][]byte         // of them, a bit for each rune that is a character of no word
	loud       map[call.Role][]loudPiece      // the levels of the transcript
	requests   []request                      // for patience
	speech     speech
	passages   []passage
	noise      float64 // share of the text that was misheard, as far as can be told
	sure       float64 // mean confidence of the words
	hits       []hit
	room       *[]hit           // in which they lie
	firstOf    map[string]int32 // the first hit of each list
	nextOf     []int32          // of each hit the next one of its list, none for none
	swapped    bool             // the words say that the agent is on the customer's channel
	turns      []call.Turn
	own        map[call.Role][]call.Turn // turns of each role
	measures   Measures
	scenario   scenario
	senses     *sense.Model
}

func (s *Scorer) newView(rec call.Recording, health []call.ChannelHealth, tr call.Transcript) *view {
	lex := s.lexicon
	v := &view{
		rec: rec, health: unnamed(health), transcript: tr, lexicon: lexicon.NewSearcher(lex), limits: s.limits, senses: s.senses,
		speech: speechOf(rec, tr, s.limits.Pause), turns: tr.Turns(),
		own: map[call.Role][]call.Turn{}, said: map[call.Role][]call.Utterance{}, strays: map[call.Role][][]byte{}, loud: map[call.Role][]loudPiece{},
	}
	segmented := lex.Segmented(tr)
	for i := range tr.Utterances {
		role := tr.Utterances[i].Role
		v.strays[role] = append(v.strays[role], segmented.Strays[i])
	}
	for _, role := range parties() {
		v.said[role], v.loud[role] = tr.By(role), v.pieces(role)
	}
	v.said[call.RoleUnknown] = tr.By(call.RoleUnknown)
	for _, t := range v.turns {
		v.own[t.Role] = append(v.own[t.Role], t)
	}
	v.passages, v.noise, v.sure = passages(tr, segmented), noiseOf(segmented, tr), sureness(tr)
	room, _ := s.room.Get().(*[]hit)
	if room == nil {
		room = new([]hit)
	}
	v.room = room
	v.hits = hitsIn(v.passages, lex, v.noise, (*room)[:0])
	v.link()
	if v.swapped = swapped(health, v.hits); v.swapped {
		v.health = named(v.health, call.ReasonSwapped)
	}
	v.requests = v.findRequests()
	v.measures = v.measure()
	v.scenario = v.detectScenario()
	return v
}

// textIn returns what role said in the utterances that touch span.
func (v *view) textIn(role call.Role, span call.Span) string {
	var text strings.Builder
	for i := range v.said[role] {
		if u := &v.said[role][i]; u.Overlaps(span) {
			text.WriteString(u.Text)
			text.WriteByte(' ')
		}
	}
	return text.String()
}

// saidIn is textIn with the times of what was said.
func (v *view) saidIn(role call.Role, span call.Span) passage {
	first, last := v.touched(role, span)
	b := newBuilder(v.said[role][first:last], false)
	for i := first; i < last; i++ {
		if u := &v.said[role][i]; u.Overlaps(span) {
			b.add(u, v.strays[role][i])
		}
	}
	return b.close(role)
}

// touched returns the range of what role said outside of which nothing touches span.
func (v *view) touched(role call.Role, span call.Span) (first, last int) {
	said := v.said[role]
	for first < len(said) && !said[first].Overlaps(span) {
		first++
	}
	for last = len(said); last > first && !said[last-1].Overlaps(span); last-- {
	}
	return first, last
}

// release gives back the memory that other calls can use. Nothing of v may be used after it.
func (v *view) release(s *Scorer) {
	v.lexicon.Close()
	*v.room = v.hits
	s.room.Put(v.room)
}

// speechIn returns the speech of role inside span.
func (v *view) speechIn(role call.Role, span call.Span) []call.Span {
	return call.Clip(v.speech.byRole[role], span)
}

func round(x float64, digits int) float64 {
	scale := math.Pow10(digits)
	return math.Round(x*scale) / scale
}
