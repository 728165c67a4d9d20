package storetest

import (
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
)

const complaint = "forbidden.internal_complaint" // what the agents of all samples do

// startedAt returns the n-th sample with another start, agent and team.
func startedAt(n int, at time.Time, agent, team string) score.Record {
	rec := Sample(n)
	rec.Recording.StartedAt, rec.Recording.Agent, rec.Recording.Team = at, agent, team
	return rec
}

// judgedAnew returns rec by rules of another revision, with these criteria.
func judgedAnew(rec score.Record, revision string, verdict score.Verdict, criteria ...score.Criterion) score.Record {
	rec.Score.Revision, rec.Score.Criteria, rec.Score.Verdict = revision, criteria, verdict
	return rec
}

func tallyOf(t *testing.T, s *store.Store, since, until time.Time) store.Tally {
	t.Helper()
	tally, err := s.Tally(t.Context(), since, until)
	check(t, err)
	return tally
}

func brokenCounted(t *testing.T, s *store.Store) {
	day := time.Date(2026, 11, 20, 16, 0, 0, 0, time.UTC) // begins in Shanghai
	next := day.AddDate(0, 0, 1)
	broken := func(agent, team string, calls int) store.Broken {
		return store.Broken{Agent: agent, Team: team, Rule: complaint, Severity: score.SeveritySerious, Calls: calls}
	}
	wantEqual(t, tallyOf(t, s, day, next), store.Tally{})
	for _, rec := range []score.Record{
		startedAt(0, day, "1031", "一组"),                         // the first instant counts
		startedAt(1, next.Add(-time.Millisecond), "1031", "一组"), // the last too
		startedAt(2, next, "1031", "一组"),                        // the next day's
		startedAt(3, day.Add(time.Hour), "1031", "二组"),
		startedAt(4, day.Add(time.Hour), "", "一组"), // nobody's
		startedAt(5, day.Add(time.Hour), "2007", ""),
		startedAt(6, time.Time{}, "1031", "一组"), // no day's
	} {
		must(t, s, rec)
	}
	want := store.Tally{
		Broken: []store.Broken{broken("1031", "一组", 2), broken("1031", "二组", 1), broken("2007", "", 1)},
		Teams:  []store.TeamCalls{{Team: "一组", Pass: 3}, {Team: "二组", Pass: 1}},
	}
	wantEqual(t, tallyOf(t, s, day, next), want)
	must(t, s, startedAt(0, day, "1031", "一组")) // once more changes nothing
	wantEqual(t, tallyOf(t, s, day, next), want)
	wantEqual(t, tallyOf(t, s, next, next.AddDate(0, 0, 1)).Broken, []store.Broken{broken("1031", "一组", 1)})

	_, err := s.Erase(t.Context(), []string{Hash(3)}, onRequest)
	check(t, err)
	want.Broken, want.Teams = append(want.Broken[:1:1], want.Broken[2:]...), want.Teams[:1]
	wantEqual(t, tallyOf(t, s, day, next), want)
}

// What counts is the result that is shown, by rules of today, and what people made of it.
func brokenAsShown(t *testing.T, s *store.Store) {
	day := time.Date(2026, 11, 20, 16, 0, 0, 0, time.UTC)
	next := day.AddDate(0, 0, 1)
	first := startedAt(1, day, "1031", "一组")
	must(t, s, first)
	rude := score.Criterion{Rule: "forbidden.rude", Outcome: score.OutcomeFail, Severity: score.SeverityCritical, Veto: true}
	late := score.Criterion{Rule: "greeting.opening", Outcome: score.OutcomeFail}
	unsure := score.Criterion{Rule: "forbidden.denial", Outcome: score.OutcomeReview, Severity: score.SeveritySerious}
	must(t, s, judgedAnew(first, "r2", score.VerdictFail, rude, late, unsure))
	wantEqual(t, tallyOf(t, s, day, next), store.Tally{
		Broken: []store.Broken{
			{Agent: "1031", Team: "一组", Rule: "forbidden.rude", Severity: score.SeverityCritical, Veto: true, Calls: 1},
			{Agent: "1031", Team: "一组", Rule: "greeting.opening", Severity: score.SeverityMinor, Calls: 1},
		},
		Teams: []store.TeamCalls{{Team: "一组", Fail: 1}},
	})
	must(t, s, first) // the rules of before again
	want := []store.Broken{{Agent: "1031", Team: "一组", Rule: complaint, Severity: score.SeveritySerious, Calls: 1}}
	wantEqual(t, tallyOf(t, s, day, next).Broken, want)

	check(t, s.SaveDecision(t.Context(), Hash(1), sampleDecision(score.RulingAccept, "是抱怨")))
	wantEqual(t, tallyOf(t, s, day, next).Broken, want)
	check(t, s.SaveDecision(t.Context(), Hash(1), sampleDecision(score.RulingReject, "不是抱怨")))
	tally := tallyOf(t, s, day, next)
	wantEqual(t, len(tally.Broken), 0)
	wantEqual(t, len(tally.Teams), 1)
}

// A file that another has taken the place of counts for nothing.
func brokenWhereSeen(t *testing.T, s *store.Store) {
	day := time.Date(2026, 11, 20, 16, 0, 0, 0, time.UTC)
	half, whole := startedAt(1, day, "1031", "一组"), startedAt(2, day, "1031", "一组")
	half.Recording.Path, whole.Recording.Path = "/a.wav", "/a.wav"
	must(t, s, half)
	must(t, s, whole)
	tally := tallyOf(t, s, day, day.Add(time.Hour))
	wantEqual(t, tally.Broken, []store.Broken{{Agent: "1031", Team: "一组", Rule: complaint, Severity: score.SeveritySerious, Calls: 1}})
	wantEqual(t, tally.Teams, []store.TeamCalls{{Team: "一组", Pass: 1}})
}

// Calls are found by when they came, and told by when they began.
func lateCallsFound(t *testing.T, s *store.Store) {
	morning := time.Date(2026, 11, 20, 1, 7, 0, 0, time.UTC)
	must(t, s, startedAt(1, morning, "1031", ""))
	must(t, s, startedAt(2, morning.Add(5*time.Minute), "1031", ""))
	must(t, s, startedAt(3, time.Time{}, "1031", ""))
	wait()
	middle := time.Now()
	later := startedAt(4, morning.Add(-48*time.Hour), "1031", "")
	must(t, s, later)
	quarter := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, time.UTC) }
	found := func(find func() ([]time.Time, error), want ...time.Time) {
		t.Helper()
		got, err := find()
		check(t, err)
		wantEqual(t, got, want)
	}
	landed := func(since time.Time) func() ([]time.Time, error) {
		return func() ([]time.Time, error) { return s.Landed(t.Context(), since) }
	}
	changed := func(since time.Time) func() ([]time.Time, error) {
		return func() ([]time.Time, error) { return s.Changed(t.Context(), since) }
	}
	found(landed(middle.Add(-time.Hour)), quarter(18, 1, 0), quarter(20, 1, 0))
	found(landed(middle), quarter(18, 1, 0))
	found(changed(middle), quarter(18, 1, 0))
	found(landed(time.Now().Add(time.Minute)), []time.Time{}...)

	wait()
	middle = time.Now()
	must(t, s, judgedAnew(startedAt(2, morning.Add(5*time.Minute), "1031", ""), "r2", score.VerdictPass))
	found(landed(middle), []time.Time{}...)
	found(changed(middle), quarter(20, 1, 0))
	wait()
	middle = time.Now()
	decision := sampleDecision(score.RulingReject, "不是抱怨")
	decision.At = time.Now()
	check(t, s.SaveDecision(t.Context(), Hash(4), decision))
	found(changed(middle), quarter(18, 1, 0))
}
