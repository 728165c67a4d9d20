package audio

import "github.com/zhijian-qa/zhijian/call"

// A channel that is padded to the length of the other ends in digital silence. A system that sends none
// in every pause does that everywhere, so the silence must be unlike what the channel had before.
const (
	stillEnd    = call.Millis(3000) // of digital silence at the end
	stillBefore = call.Millis(1000) // no longer one before
	soundBefore = call.Millis(5000) // and that much sound, so that it is known how the channel sounds
	stillDB     = -90               // the high-passed idle code of G.711 lies below
)

// stillness follows the digital silences of one channel.
type stillness struct {
	run, longest int // frames: now, and the most before
	sounding     int // frames
}

func (s *stillness) push(level float64) {
	if level < stillDB {
		s.run++
		return
	}
	s.longest = max(s.longest, s.run)
	s.run, s.sounding = 0, s.sounding+1
}

// missing returns how much of the channel's end is not there.
func (s *stillness) missing() call.Millis {
	if frameStart(s.sounding) < soundBefore || frameStart(s.run) < stillEnd || frameStart(s.longest) >= stillBefore {
		return 0
	}
	return frameStart(s.run)
}
