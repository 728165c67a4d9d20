package score_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

func shoutsIn(m score.Measures) string {
	var all []string
	for _, s := range m.Shouts {
		all = append(all, fmt.Sprintf("%s %d-%d at %.0f, %+.0f", s.Role, s.Start, s.End, s.LevelDB, s.AboveDB))
	}
	return strings.Join(all, "; ")
}

func TestShouts(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	const calm = "0-10 agent -28dB: 您好这里是供电服务中心请问有什么可以帮您\n10.5-16 customer -27dB: 我家里停电了从早上八点多到现在\n"
	for name, tc := range map[string]struct{ script, want string }{
		"nobody":                            {calm, ""},
		"the agent":                         {calm + "17-19 agent -14dB: 我不是说过了吗", "agent 17000-19000 at -14, +14"},
		"the customer":                      {calm + "17-19 customer -12dB: 你们到底管不管", "customer 17000-19000 at -12, +15"},
		"loud, but not far above the usual": {calm + "17-19 agent -20dB: 我不是说过了吗", ""},
		"too short":                         {calm + "17-17.9 agent -14dB: 我说过了", ""},
		"below the floor":                   {"0-10 agent -45dB: 您好这里是供电服务中心请问有什么可以帮您\n17-19 agent -30dB: 我不是说过了吗\n20-22 customer -25dB: 好的", ""},
		"pieces in a row":                   {calm + "17-17.6 agent -14dB: 我不是\n17.7-18.4 agent -15dB: 说过了吗", "agent 17000-18400 at -15, +13"},
		"a dip between words":               {calm + "17-17.6 agent -14dB: 我不是\n17.6-17.8 agent -20dB: 说\n17.8-18.4 agent -15dB: 过了吗", "agent 17000-18400 at -15, +13"},
		"a pause divides":                   {calm + "17-17.6 agent -14dB: 我不是\n18.4-19 agent -15dB: 说过了吗", ""},
		"who always shouts has no usual":    {"0-10 agent -10dB: 您好这里是供电服务中心请问有什么可以帮您\n10.5-16 customer -27dB: 我家里停电了", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := shoutsIn(judge(t, s, tc.script).Measures); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestLoudnessAgainstTheOtherAndOneself(t *testing.T) {
	t.Parallel()
	m := judge(t, scorer(t, "power-service"), "0-6 agent -20dB: 您好请问有什么可以帮您\n6.5-9 customer -27dB: 我家停电了\n9.5-11 agent -15dB: 好的请讲\n11.2-11.9 customer -30dB: 嗯").Measures
	if m.LevelDB[call.RoleAgent] != -20 || m.LoudnessDB[call.RoleAgent] != 7 || m.LoudnessDB[call.RoleCustomer] != -7 {
		t.Errorf("got levels %v, loudness %v", m.LevelDB, m.LoudnessDB)
	}
	got := ""
	for _, level := range m.UtteranceLevels {
		if level == nil {
			got += "null "
			continue
		}
		got += fmt.Sprintf("%g ", *level)
	}
	if got != "-20 -27 -15 null " {
		t.Errorf("got %s", got)
	}
}

func TestLevelsThatCannotBeTold(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	const talk = "0-6 agent -20dB: 您好请问有什么可以帮您\n6.5-12 customer -27dB: 我家停电了\n"
	old := "level agent -20\nlevel customer -24\n" + strings.NewReplacer(" -20dB", "", " -27dB", "").Replace(talk)
	for name, tc := range map[string]struct {
		script   string
		withheld map[string]string
	}{
		"known":               {talk, map[string]string{"shouts": "", "loudness_db": "", "level_db.agent": "", "utterance_level_db": ""}},
		"clipped":             {"health agent warn clipped\n" + talk, map[string]string{"shouts.agent": "clipped", "shouts.customer": "", "loudness_db": "clipped", "level_db.agent": "clipped", "level_db.customer": ""}},
		"dead":                {"health customer bad silent\n" + talk, map[string]string{"shouts.agent": "", "shouts.customer": "silent", "loudness_db": "silent"}},
		"mono":                {"mono\n" + talk, map[string]string{"shouts": "mono", "level_db": "mono", "utterance_level_db": "mono"}},
		"little":              {"0-1 agent -20dB: 您好\n2-8 customer: 我家停电了", map[string]string{"level_db.agent": "too_short", "shouts.agent": "too_short", "shouts.customer": ""}},
		"of old, with health": {old, map[string]string{"shouts": "no_levels", "utterance_level_db": "no_levels", "level_db.agent": "", "loudness_db": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := judge(t, s, tc.script).Measures
			for measure, want := range tc.withheld {
				if got := m.Withheld[measure]; got != want {
					t.Errorf("%s is withheld for %q, want %q", measure, got, want)
				}
			}
		})
	}
}

// The roles of the levels are put right with the others.
func TestSwappedRolesTakeTheirLevelsAlong(t *testing.T) {
	t.Parallel()
	c := parse(t, "0-6 agent -20dB: 您好请问有什么可以帮您\n6.5-12 customer -27dB: 我家停电了\n")
	_, swapped := score.SwapRoles(c.Health, c.Transcript)
	if got := swapped.Levels[call.RoleCustomer]; len(got) != 1 || got[0].DB[0] != -20 || c.Transcript.Levels[call.RoleAgent][0].DB[0] != -20 {
		t.Errorf("got %+v", swapped.Levels)
	}
}
