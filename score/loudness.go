package score

import (
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// shoutDipDB is how far below its threshold a shout may dip between two words.
const shoutDipDB = 3

// loudPiece is a piece of speech and its level in dBFS.
type loudPiece struct {
	call.Span
	db float64
}

// pieces returns the pieces of role's speech whose level is known, in order.
func (v *view) pieces(role call.Role) []loudPiece {
	var all []loudPiece
	for _, s := range v.transcript.Levels[role] {
		for i, db := range s.DB {
			if piece := s.Piece(i, len(s.DB)).Intersect(call.Span{End: v.rec.Duration}); !piece.Empty() {
				all = append(all, loudPiece{Span: piece, db: float64(db)})
			}
		}
	}
	return all
}

// levels returns the median level of role's speech in dBFS, or why it is not known. A transcript of old
// has no levels, but its channel's health has the median.
func (v *view) level(role call.Role) (db float64, withheld string) {
	if fault := roleFault(v.health, role); fault != "" {
		return 0, fault
	}
	if clipped(v.health, role) {
		return 0, call.ReasonClipped // the peaks are gone, so the level is too low
	}
	if len(v.transcript.Levels[role]) == 0 {
		for _, h := range v.health {
			if h.Role == role && h.LevelDB != nil {
				return *h.LevelDB, ""
			}
		}
		return 0, reasonNoLevels
	}
	if v.speech.talk(role) < v.limits.LevelSpeech {
		return 0, reasonTooShort
	}
	return medianLevel(v.loud[role]), ""
}

func medianLevel(pieces []loudPiece) float64 {
	levels := make([]float64, len(pieces))
	for i, p := range pieces {
		levels[i] = p.db
	}
	if len(levels) == 0 {
		return 0
	}
	slices.Sort(levels)
	return quantile(levels, 0.5)
}

// utteranceLevels returns the median level of each utterance, in dBFS.
func (v *view) utteranceLevels() []*float64 {
	levels := make([]*float64, len(v.transcript.Utterances))
	for i, u := range v.transcript.Utterances {
		if v.speech.within(u.Role, u.Span) < v.limits.UtteranceSpeech {
			continue
		}
		if own := piecesIn(v.loud[u.Role], u.Span); len(own) > 0 {
			level := medianLevel(own)
			levels[i] = &level
		}
	}
	return levels
}

// piecesIn returns the pieces whose middle lies in span.
func piecesIn(pieces []loudPiece, span call.Span) []loudPiece {
	at := func(limit call.Millis) int {
		i, _ := slices.BinarySearchFunc(pieces, limit, func(p loudPiece, limit call.Millis) int {
			return int((p.Start+p.End)/2 - limit)
		})
		return i
	}
	return pieces[at(span.Start):max(at(span.Start), at(span.End))]
}

// shouts lists the stretches of role's speech that lie far above its own median and above the floor.
func (v *view) shouts(role call.Role, median float64) []Shout {
	least := max(median+v.limits.ShoutDB, v.limits.ShoutFloorDB)
	var found []Shout
	var run []loudPiece
	end := func() {
		for len(run) > 0 && run[len(run)-1].db < least {
			run = run[:len(run)-1]
		}
		if s, loud := v.shout(role, run, median); loud {
			found = append(found, s)
		}
		run = nil
	}
	for _, p := range v.loud[role] {
		if len(run) > 0 && p.Start-run[len(run)-1].End >= v.limits.Pause {
			end()
		}
		switch {
		case p.db >= least, len(run) > 0 && p.db >= least-shoutDipDB:
			run = append(run, p)
		default:
			end()
		}
	}
	end()
	return found
}

// shout makes a shout of a run of loud pieces that is long enough.
func (v *view) shout(role call.Role, run []loudPiece, median float64) (Shout, bool) {
	if len(run) == 0 {
		return Shout{}, false
	}
	span := call.Span{Start: run[0].Start, End: run[len(run)-1].End}
	if span.Length() < v.limits.ShoutLength {
		return Shout{}, false
	}
	level := medianLevel(run)
	return Shout{
		Role: role, Span: span, LevelDB: level, AboveDB: level - median,
		Text: firstRunes(v.wordsSaid(role, span), longestQuote),
	}, true
}
