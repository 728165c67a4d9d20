package call

// LevelPiece is the longest piece of speech whose level is measured by itself.
const LevelPiece = Millis(500)

// SpanLevels are the levels of one speech span: of the equal pieces, of at most LevelPiece, that it is cut
// into, in dBFS rounded to whole decibels (0 is a square wave at full scale).
type SpanLevels struct {
	Span
	DB []int `json:"db"`
}

// Pieces returns the count of pieces that a span is cut into.
func (s Span) Pieces() int { return int((s.Length() + LevelPiece - 1) / LevelPiece) }

// Piece returns the ith of the n equal pieces of s.
func (s Span) Piece(i, n int) Span {
	length := s.Length()
	return Span{Start: s.Start + length*Millis(i)/Millis(n), End: s.Start + length*Millis(i+1)/Millis(n)}
}
