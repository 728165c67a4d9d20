package report_test

import (
	"flag"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/score"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with testdata/name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: got (+) differs from want (-); run with -update if it is right:\n%s", name, diff)
	}
}

var phone = regexp.MustCompile(`1[3-9]\d{9}|幺[三四五六七八九][零幺二三四五六七八九]{9}`)

// mask stands for the real one: it hides mobile numbers letter by letter.
func mask(s string) string {
	return phone.ReplaceAllStringFunc(s, func(n string) string {
		r := []rune(n)
		return string(r[:3]) + "****" + string(r[7:])
	})
}

// options are those of the golden files.
func options() report.Options {
	zone := time.FixedZone("", 8*3600)
	return report.Options{Mask: mask, Zone: zone, Now: time.Date(2026, 11, 22, 18, 0, 0, 0, zone), MinCalls: 2}
}

// of returns records the way a store does.
func of(records ...score.Record) iter.Seq2[score.Record, error] {
	return func(yield func(score.Record, error) bool) {
		for _, rec := range records {
			if !yield(rec, nil) {
				return
			}
		}
	}
}

// build returns a report of the sample day.
func build(t *testing.T, opt report.Options) *report.Report {
	t.Helper()
	r, err := report.Build(of(day()...), failures(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func failures() []call.Failure {
	return []call.Failure{
		{Path: "/calls/2026-11-21/broken.wav", Code: "not_audio", Message: "the content is of no known audio format", Times: 2, Last: at(21, 9)},
		{Path: "/calls/2026-11-21/empty.wav", Code: "empty", Message: "the file is empty", Times: 1, Last: at(21, 9)},
	}
}

func at(day, hour int) time.Time {
	return time.Date(2026, 11, day, hour, 30, 0, 0, time.FixedZone("", 8*3600))
}

// day is a small day of calls: good, bad, vetoed, undecided, mono and hostile.
func day() []score.Record {
	return []score.Record{perfect(), shirking(), complaint(), undecided(), mono(), hostile()}
}

// base returns a call with the facts that most share.
func base(n int, agent, name, scenario string, start time.Time) score.Record {
	ratio, overlap, nonTalk := 0.30+0.05*float64(n), call.Millis(600), call.Millis(8000)
	return score.Record{
		Recording: call.Recording{
			ID: fmt.Sprintf("%016x", 0xca110000+n), SHA256: strings.Repeat(fmt.Sprint(n), 64),
			Path: fmt.Sprintf("/calls/2026-11-21/call_%02d.wav", n), Duration: call.Millis(60_000 + 7_300*n),
			Metadata: call.Metadata{
				Agent: agent, AgentName: name, Team: "一组", Customer: "13800138000", StartedAt: start,
				Direction: "inbound", Scenario: scenario,
			},
		},
		Health: []call.ChannelHealth{
			{Channel: 0, Role: call.RoleAgent, Status: call.StatusOK}, {Channel: 1, Role: call.RoleCustomer, Status: call.StatusOK},
		},
		Transcript: call.Transcript{
			Revision: "t1", Model: "demo@123", Language: "zh",
			Utterances: []call.Utterance{
				{Role: call.RoleAgent, Span: call.Span{Start: 500, End: 3900}, Text: "您好，很高兴为您服务", Confidence: 0.93},
				{Role: call.RoleCustomer, Span: call.Span{Start: 4500, End: 9000}, Text: "我家停电了，我的电话是13800138000", Confidence: 0.9},
				{Role: call.RoleAgent, Span: call.Span{Start: 9600, End: 12_000}, Text: "好的，感谢您的来电，再见", Confidence: 0.9},
			},
		},
		Measures: score.Measures{
			TalkMS:         map[call.Role]call.Millis{call.RoleAgent: 20_000, call.RoleCustomer: 38_000},
			AgentTalkRatio: &ratio, OverlapMS: &overlap, NonTalkMS: &nonTalk,
			CharsPerMinute: map[call.Role]float64{call.RoleAgent: 241, call.RoleCustomer: 228},
		},
		Score: score.Result{Scorecard: "power-service@abc", Revision: "r1", Verdict: score.VerdictPass},
	}
}

// graded sets the criteria and adds their points up.
func graded(rec score.Record, criteria ...score.Criterion) score.Record {
	s := &rec.Score
	s.Criteria = criteria
	for _, c := range criteria {
		if c.Outcome == score.OutcomeNotApplicable {
			continue
		}
		s.Potential += c.Potential
		s.Points += c.Points
		if c.Outcome == score.OutcomeReview {
			s.AtRisk += c.Potential
		}
		s.Vetoed = s.Vetoed || c.Veto && c.Outcome == score.OutcomeFail
	}
	if s.Potential > 0 {
		n := s.Points / s.Potential
		s.Normalised = &n
	}
	return rec
}

func opening(outcome score.Outcome) score.Criterion {
	c := score.Criterion{
		Rule: "greeting.opening", Name: "开场问候", NameEN: "Opening greeting", Section: "opening", Severity: score.SeverityMinor,
		Outcome: outcome, Points: 10, Potential: 10,
		Evidence: []score.Evidence{{
			Role: call.RoleAgent, Span: call.Span{Start: 500, End: 1400}, Quote: "您好", Term: "您好", Tier: "exact", Confidence: 0.95,
		}},
	}
	if outcome == score.OutcomeFail {
		c.Points, c.Note, c.Coaching = 0, "开场 15 秒内没有问候。", "接通后先说“您好”。"
		c.Evidence = []score.Evidence{{Role: call.RoleAgent, Span: call.Span{End: 15_000}, SpeechMS: 6200, Nearest: "你要干什么"}}
	}
	return c
}

func forbidden(outcome score.Outcome) score.Criterion {
	c := score.Criterion{
		Rule: "forbidden.shirking", Name: "推诿", NameEN: "Passing the buck", Section: "forbidden", Severity: score.SeverityCritical, Veto: true,
		Outcome: outcome, Points: 20, Potential: 20,
	}
	if outcome == score.OutcomePass {
		return c
	}
	c.Note, c.Coaching = "说了推诿的话。", "首问负责：先受理，再说明由谁处理、何时答复。"
	c.Evidence = []score.Evidence{
		{
			Role: call.RoleAgent, Span: call.Span{Start: 31_200, End: 33_900}, Quote: "这不归我们管，你打13912345678问问",
			Term: "不归我们管", Tier: "exact", Confidence: 0.91,
		},
		{Role: call.RoleAgent, Span: call.Span{Start: 41_000, End: 42_000}, Quote: "你问别人去", Term: "你问别人去", Tier: "homophone", Confidence: 0.7},
	}
	if outcome == score.OutcomeFail {
		c.Points = 0
	} else {
		c.Reason = "识别把握不足"
	}
	return c
}

func apology(outcome score.Outcome) score.Criterion {
	return score.Criterion{
		Rule: "apology.complaint", Name: "投诉致歉", NameEN: "Apology", Section: "投诉", Outcome: outcome, Potential: 10, Severity: score.SeveritySerious,
		Points:   map[score.Outcome]float64{score.OutcomePass: 10}[outcome],
		Reason:   map[score.Outcome]string{score.OutcomeNotApplicable: "不是投诉"}[outcome],
		Evidence: []score.Evidence{{Role: call.RoleAgent, Span: call.Span{Start: 9000, End: 60_000}, SpeechMS: 18_000}},
	}
}

func talkRatio(points, measure float64) score.Criterion {
	c := score.Criterion{
		Rule: "measure.talk_ratio", Name: "倾听", NameEN: "Listening", Section: "listening", Outcome: score.OutcomePass, Points: points, Potential: 10,
		Note:     fmt.Sprintf("坐席说话占比 %.0f%%。", measure*100),
		Evidence: []score.Evidence{{Span: call.Span{Start: 500, End: 60_000}, Measure: &measure}},
	}
	if points == 0 {
		c.Outcome = score.OutcomeFail
	}
	return c
}

func perfect() score.Record {
	yes, no := true, false
	rec := base(1, "1024", "王芳", "repair", at(20, 9))
	rec.Recording.Satisfaction, rec.Recording.Complaint, rec.Recording.Resolved = &yes, &no, &yes
	return graded(rec, opening(score.OutcomePass), forbidden(score.OutcomePass), apology(score.OutcomeNotApplicable), talkRatio(10, 0.35))
}

func shirking() score.Record {
	yes, no := true, false
	rec := base(2, "1025", "李强", "repair", at(20, 10))
	rec.Recording.Satisfaction, rec.Recording.Complaint = &no, &yes
	rec.Score.Verdict = score.VerdictFail
	rec.Measures.Interruptions = []score.Interruption{
		{By: call.RoleAgent, Start: 30_120, OverlapMS: 900, Yielded: true, Text: "你打13912345678"},
		{By: call.RoleCustomer, Start: 50_000, OverlapMS: 500, Uncertain: true},
	}
	rec.Measures.Silences = []score.Silence{
		{Span: call.Span{Start: 40_000, End: 47_000}, Announced: true, Sounds: []call.SoundKind{call.SoundMusic, call.SoundKeys}}, {Span: call.Span{Start: 52_000, End: 57_500}},
	}
	return graded(rec, opening(score.OutcomeFail), forbidden(score.OutcomeFail), apology(score.OutcomeNotApplicable), talkRatio(7.5, 0.45))
}

func complaint() score.Record {
	yes := true
	rec := base(3, "1024", "王芳", "complaint", at(21, 9))
	rec.Recording.Complaint, rec.Recording.Settled = &yes, &yes
	rec.Score.Verdict = score.VerdictFail
	return graded(rec, opening(score.OutcomePass), forbidden(score.OutcomePass), apology(score.OutcomeFail), talkRatio(0, 0.72))
}

func undecided() score.Record {
	rec := base(4, "1025", "李强", "consultation", at(21, 11))
	rec.Score.Verdict = score.VerdictReview
	return graded(rec, opening(score.OutcomePass), forbidden(score.OutcomeReview), apology(score.OutcomeNotApplicable), talkRatio(10, 0.38))
}

// mono is a call of which little can be told: one channel, no metadata, nothing applicable.
func mono() score.Record {
	rec := base(5, "", "", "", time.Time{})
	rec.Recording.Metadata = call.Metadata{}
	rec.Recording.Path = "/calls/2026-11-21/单声道 录音.wav"
	rec.Recording.MetadataConflict = []string{"agent", "scenario"}
	rec.Health = []call.ChannelHealth{{Role: call.RoleUnknown, Status: call.StatusWarn, Reasons: []string{call.ReasonMono, call.ReasonTruncated}}}
	rec.Measures = score.Measures{Withheld: map[string]string{
		"agent_talk_ratio": "mono", "interruptions": "mono", "overlap_ms": "mono", "talk_ms": "mono", "silences": "truncated",
	}}
	return graded(rec, apology(score.OutcomeNotApplicable))
}

// hostile tries to break out of every output.
func hostile() score.Record {
	const evil = `"><script>alert('x')</script>`
	rec := base(6, "=1+1", evil, "repair", at(21, 12))
	rec.Recording.Path = "/calls/2026-11-21/" + `<script>alert(1)<` + "_13800138000.wav"
	rec.Recording.Team = "@二组\t+"
	rec.Score.Verdict = score.VerdictFail
	c := forbidden(score.OutcomeFail)
	c.Name, c.NameEN, c.Note = "推诿<b>", "Buck</td>", "=cmd|' /C calc'!A0"
	c.Evidence[0].Quote = "]]></style></script><script>alert(2)</script>\x1b[31m红"
	return graded(rec, opening(score.OutcomePass), c, talkRatio(5, 0.6))
}
