package audio

import (
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

func (s *scene) check(a Analysis, tolerance call.Millis) {
	s.t.Helper()
	for c := range 2 {
		want := call.Merge(s.truth[c], 300)
		got := a.Channels[c].Speech
		if len(got) != len(want) {
			s.t.Errorf("channel %d: got %v, want %v", c, got, want)
			continue
		}
		for i := range want {
			ds, de := got[i].Start-want[i].Start, got[i].End-want[i].End
			s.t.Logf("channel %d %v: start %+d, end %+d", c, want[i], ds, de)
			if ds < -tolerance || ds > tolerance || de < -tolerance || de > tolerance {
				s.t.Errorf("channel %d: got %v, want %v", c, got[i], want[i])
			}
		}
	}
}

func dialogue(t testing.TB) *scene {
	s := newScene(t, 30)
	s.say(0, "nihao", 400, -9)
	s.say(1, "tingdian", 3200, -12)
	s.say(0, "en", 4100, -14)
	s.say(0, "shenme", 6500, -9)
	s.say(1, "shisi", 9300, -12)
	s.say(0, "dui", 10100, -12)
	s.say(0, "anpai", 12700, -9)
	s.say(1, "hao", 16200, -12)
	s.say(1, "shenme", 20500, -12)
	s.say(0, "shisi", 21500, -9)
	return s
}

func TestSpeechOfACleanCall(t *testing.T) {
	t.Parallel()
	for _, noise := range []float64{-50, -60, -200} {
		s := dialogue(t)
		s.hiss(0, noise)
		s.hiss(1, noise)
		s.check(s.analyse(), 60)
	}
}
