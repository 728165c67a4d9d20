package audio

import (
	"math"

	"github.com/zhijian-qa/zhijian/call"
)

// levelTrace keeps the level of each frame of one channel, in whole dBFS: a byte for 10 ms, 360 kB an hour.
type levelTrace struct{ frames []int8 }

func (t *levelTrace) push(db float64) {
	t.frames = append(t.frames, int8(max(silenceDB, math.Round(db))))
}

// activeMargin is how far below the loudest frame of a piece its speech may lie, in dB; what is quieter is
// a pause between words. It is the margin of the active speech level of ITU-T P.56.
const activeMargin = 16

// levels returns the active level of each piece of spans: the mean power of its frames that are speech.
func (t *levelTrace) levels(spans []call.Span) []call.SpanLevels {
	powers := powersOf()
	all := make([]call.SpanLevels, len(spans))
	for i, s := range spans {
		n := s.Pieces()
		db := make([]int, n)
		for p := range n {
			piece := s.Piece(p, n)
			db[p] = t.active(&powers, frameOf(piece.Start), max(frameOf(piece.Start)+1, frameOf(piece.End)))
		}
		all[i] = call.SpanLevels{Span: s, DB: db}
	}
	return all
}

// frameOf returns the frame that holds the moment at.
func frameOf(at call.Millis) int { return int(at / (1000 / framesPerSecond)) }

// active returns the active level of the frames [from, to), silenceDB where there are none.
func (t *levelTrace) active(powers *[-silenceDB + 1]float64, from, to int) int {
	from, to = max(0, from), min(to, len(t.frames))
	if from >= to {
		return silenceDB
	}
	top := int8(silenceDB)
	for _, db := range t.frames[from:to] {
		top = max(top, db)
	}
	sum, n := 0.0, 0
	for _, db := range t.frames[from:to] {
		if db >= top-activeMargin {
			sum += powers[-min(0, int(db))]
			n++
		}
	}
	return int(math.Round(max(silenceDB, decibel(sum/float64(n)))))
}

// powersOf returns the power of each level from 0 down to silenceDB.
func powersOf() (powers [-silenceDB + 1]float64) {
	for i := range powers {
		powers[i] = math.Pow(10, -float64(i)/10)
	}
	return powers
}
