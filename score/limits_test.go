package score_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

func limited(t testing.TB, limits score.Limits) *score.Scorer {
	t.Helper()
	lex, err := sharedLexicon()
	if err != nil {
		t.Fatal(err)
	}
	card, err := score.LoadScorecard("power-service")
	if err != nil {
		t.Fatal(err)
	}
	s, err := score.New(lex, card, score.Config{Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const talkedOver = "5-9 customer: 我家停电了我住在和平路\n8.4-12 agent: 请问您的地址是哪里\n15.5-16.5 customer: 和平路三号楼\n"

// Each limit changes what is measured, and the revision of the rules with it.
func TestLimitsDecideWhatIsMeasured(t *testing.T) {
	t.Parallel()
	usual := limited(t, score.Limits{})
	for name, tc := range map[string]struct {
		limits score.Limits
		script string
		figure func(score.Measures) int
		want   [2]int // by default, and with the limits
	}{
		"pause": {
			score.Limits{Pause: 600},
			"0-5 agent: 您好请问有什么可以帮您\n5.5-9 agent: 您好您在听吗\n",
			func(m score.Measures) int { return int(m.TalkMS[call.RoleAgent]) },
			[2]int{8500, 9000},
		},
		"lead":        {score.Limits{InterruptionLead: 4000}, talkedOver, interruptionsOf, [2]int{1, 0}},
		"goes on":     {score.Limits{InterruptionGoesOn: 700}, talkedOver, interruptionsOf, [2]int{1, 0}},
		"overlap":     {score.Limits{InterruptionOverlap: 700}, talkedOver, interruptionsOf, [2]int{1, 0}},
		"yield":       {score.Limits{YieldWithin: 500}, talkedOver, yieldedOf, [2]int{1, 0}},
		"backchannel": {score.Limits{BackchannelLength: 5000, BackchannelCharacters: 20}, talkedOver, uncertainOf, [2]int{0, 1}},
		"silence":     {score.Limits{Silence: 4000}, talkedOver, silencesOf, [2]int{1, 0}},
		"hold reach": {
			score.Limits{HoldReach: 2000},
			"0-2 agent: 请您稍等\n3-6 customer: 好的你慢慢查没关系\n12-14 agent: 查到了\n",
			announcedOf,
			[2]int{1, 0},
		},
		"return": {
			score.Limits{ReturnWithin: 1000},
			"0-2 agent: 请您稍等\n12-16 agent: 您的电费一共是两百元整\n16.5-18 agent: 让您久等了\n",
			returnsOf,
			[2]int{1, 0},
		},
		"rate":      {score.Limits{RateSpeech: 20_000}, "0-6 agent: 您好请问有什么可以帮您\n", func(m score.Measures) int { return len(m.CharsPerMinute) }, [2]int{1, 0}},
		"utterance": {score.Limits{UtteranceSpeech: 20_000}, "0-6 agent: 您好请问有什么可以帮您\n", ratedOf, [2]int{1, 0}},
		"level":     {score.Limits{LevelSpeech: 20_000}, "0-6 agent -20dB: 您好请问有什么可以帮您\n", func(m score.Measures) int { return len(m.LevelDB) }, [2]int{1, 0}},
		"shout":     {score.Limits{ShoutDB: 15}, shouted, shoutsOf, [2]int{1, 0}},
		"floor":     {score.Limits{ShoutFloorDB: -5}, shouted, shoutsOf, [2]int{1, 0}},
		"length":    {score.Limits{ShoutLength: 4000}, shouted, shoutsOf, [2]int{1, 0}},
		"responses": {score.Limits{Responses: 1}, talkedOver, func(m score.Measures) int { return len(m.ResponseMS) }, [2]int{0, 1}},
		"monologue": {score.Limits{Monologue: 3000}, "0-6 agent: 您好请问有什么可以帮您\n", func(m score.Measures) int { return len(m.LongMonologues) }, [2]int{0, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := limited(t, tc.limits)
			got := [2]int{tc.figure(judge(t, usual, tc.script).Measures), tc.figure(judge(t, s, tc.script).Measures)}
			if got != tc.want {
				t.Errorf("got %v by default and with the limit, want %v", got, tc.want)
			}
			if s.Revision() == usual.Revision() {
				t.Error("the revision is the same")
			}
		})
	}
	if same := limited(t, score.DefaultLimits()); same.Revision() != usual.Revision() {
		t.Error("the defaults, spelled out, have another revision")
	}
}

const shouted = "0-6 agent -25dB: 您好请问有什么可以帮您\n6.5-9 agent -13dB: 我不是说过了吗\n"

func interruptionsOf(m score.Measures) int { return len(m.Interruptions) }
func silencesOf(m score.Measures) int      { return len(m.Silences) }
func shoutsOf(m score.Measures) int        { return len(m.Shouts) }

func yieldedOf(m score.Measures) (n int) {
	for _, i := range m.Interruptions {
		if i.Yielded {
			n++
		}
	}
	return n
}

func uncertainOf(m score.Measures) (n int) {
	for _, i := range m.Interruptions {
		if i.Uncertain {
			n++
		}
	}
	return n
}

func announcedOf(m score.Measures) (n int) {
	for _, s := range m.Silences {
		if s.Announced {
			n++
		}
	}
	return n
}

func returnsOf(m score.Measures) (n int) {
	for _, s := range m.Silences {
		if s.Hold != nil && s.Hold.Return != nil {
			n++
		}
	}
	return n
}

func ratedOf(m score.Measures) (n int) {
	for _, rate := range m.UtteranceRates {
		if rate != nil {
			n++
		}
	}
	return n
}

func TestLimitsOutOfRangeAreNamed(t *testing.T) {
	t.Parallel()
	lex, err := sharedLexicon()
	if err != nil {
		t.Fatal(err)
	}
	card, err := score.LoadScorecard("power-service")
	if err != nil {
		t.Fatal(err)
	}
	_, err = score.New(lex, card, score.Config{Limits: score.Limits{Silence: -1, ShoutDB: 99, Responses: -2, Monologue: 1 << 50}})
	if !errors.Is(err, call.ErrInvalid) {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"silence of -1 ms", "99 dB", "-2 responses", "monologue"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %q, want it to name %q", err, want)
		}
	}
}
