package audio

import (
	"slices"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

// An echo is found at every rate that is taken, also at those of which no round number of samples makes likeRate.
func TestEchoIsFoundAtEachRate(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{8000, 9600, 13000, 17900, 25900, 29900, 47999} {
		s := newScene(t, 40)
		for at := call.Millis(500); at < 36000; at += 4000 {
			s.say(0, "anpai", at, -9)
			s.say(1, "shisi", at+2200, -12)
		}
		s.leak(0, -22, 40)
		s.hiss(0, -60)
		s.hiss(1, -60)
		a, err := Analyse(t.Context(), openPCM(t, rate, convert(s.pcm[0], 8000, rate), convert(s.pcm[1], 8000, rate)), VADConfig{})
		if err != nil {
			t.Fatal(err)
		}
		health := Health(a, []call.Role{call.RoleAgent, call.RoleCustomer})
		if !slices.Contains(health[1].Reasons, call.ReasonCrosstalk) || slices.Contains(health[0].Reasons, call.ReasonCrosstalk) {
			t.Errorf("%d Hz: got %v and %v, want crosstalk on channel 1 alone", rate, health[0].Reasons, health[1].Reasons)
		}
	}
}
