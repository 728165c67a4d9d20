package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/store"
)

// Job returns the n-th sample job.
func Job(n int) store.Job {
	return store.Job{
		ID: Hash(n)[:32], Source: "pbx", Key: fmt.Sprintf("2026/11/%d.wav", n), Version: "v1", Size: 1000 + int64(n),
		ModTime: time.UnixMilli(1_700_000_000_000 + int64(n)), Lane: "short", Metadata: call.Metadata{Agent: "1024", Customer: "13800138000"},
	}
}

func addJobs(t *testing.T, s *store.Store, numbers ...int) []store.Job {
	t.Helper()
	var jobs []store.Job
	for _, n := range numbers {
		jobs = append(jobs, Job(n))
	}
	added, err := s.AddJobs(t.Context(), jobs)
	check(t, err)
	return added
}

func claim(t *testing.T, s *store.Store, id, worker string) store.Job {
	t.Helper()
	job, ok, err := s.Claim(t.Context(), id, worker)
	check(t, err)
	if !ok {
		t.Fatalf("job %s is not claimed: it is %s", id, job.State)
	}
	return job
}

func findJob(t *testing.T, s *store.Store, id string) store.Job {
	t.Helper()
	job, err := s.FindJob(t.Context(), id)
	check(t, err)
	return job
}

func jobsAddedOnce(t *testing.T, s *store.Store) {
	wantEqual(t, len(addJobs(t, s, 1, 2)), 2)
	again := addJobs(t, s, 2, 3)
	wantEqual(t, len(again), 1)
	got := findJob(t, s, Job(3).ID)
	wantEqual(t, again[0], got)
	want := Job(3)
	want.State, want.Offers, want.ReceivedAt, want.UpdatedAt = store.JobQueued, 1, got.ReceivedAt, got.UpdatedAt
	wantEqual(t, got, want)
	wantEqual(t, len(addJobs(t, s, 1, 2, 3)), 0)
	_, err := s.AddJobs(t.Context(), []store.Job{{ID: "x"}})
	wantIs(t, err, call.ErrInvalid)
	_, err = s.FindJob(t.Context(), "none")
	wantIs(t, err, call.ErrNotFound)
	for _, id := range []string{"none", "", "\x00", "\xff\xfe", strings.Repeat("长", 100_000)} { // as a stranger's message may say
		_, _, err = s.Claim(t.Context(), id, "w")
		wantIs(t, err, call.ErrNotFound)
	}
}

// A job goes its way, and a second delivery of it changes nothing.
func jobFinished(t *testing.T, s *store.Store) {
	id := addJobs(t, s, 1)[0].ID
	job := claim(t, s, id, "w1")
	wantEqual(t, job.Attempts, 1)
	wantEqual(t, job.State, store.JobWorking)
	wantEqual(t, job.Metadata.Agent, "1024")
	check(t, s.Finish(t.Context(), id, "8f3a"))
	done := findJob(t, s, id)
	if done.State != store.JobDone || done.Recording != "8f3a" || done.Metadata.Customer != "" {
		t.Errorf("got %+v, want it done, with its recording and without personal data", done)
	}
	again, ok, err := s.Claim(t.Context(), id, "w2")
	check(t, err)
	wantEqual(t, ok, false)
	wantEqual(t, again, done)
	ok, err = s.SetAside(t.Context(), job, "empty", "")
	check(t, err)
	wantEqual(t, ok, false)
	check(t, s.Finish(t.Context(), id, "other"))
	wantEqual(t, findJob(t, s, id).Recording, "8f3a")
}

// Who lost a job to another worker can no longer give it up, but may finish it.
func jobTakenOver(t *testing.T, s *store.Store) {
	id := addJobs(t, s, 1)[0].ID
	paused := claim(t, s, id, "w1")
	second := claim(t, s, id, "w2")
	wantEqual(t, second.Attempts, 2)
	for _, giveUp := range []func() (bool, error){
		func() (bool, error) { return s.SetAside(t.Context(), paused, "empty", "") },
		func() (bool, error) { return s.Release(t.Context(), paused, "fetch", "") },
		func() (bool, error) { return s.HandBack(t.Context(), paused) },
	} {
		ok, err := giveUp()
		check(t, err)
		wantEqual(t, ok, false)
	}
	wantEqual(t, findJob(t, s, id), second)
	check(t, s.Finish(t.Context(), id, "8f3a"))
	ok, err := s.Release(t.Context(), second, "fetch", "")
	check(t, err)
	wantEqual(t, ok, false)
}

func jobGivenBack(t *testing.T, s *store.Store) {
	id := addJobs(t, s, 1)[0].ID
	ok, err := s.Release(t.Context(), claim(t, s, id, "w1"), "fetch", "no bucket\x00")
	check(t, err)
	job := findJob(t, s, id)
	if !ok || job.State != store.JobQueued || job.Attempts != 1 || job.Reason != "fetch" || job.Message != "no bucket" {
		t.Errorf("released, got %+v", job)
	}
	ok, err = s.HandBack(t.Context(), claim(t, s, id, "w1"))
	check(t, err)
	job = findJob(t, s, id)
	if !ok || job.State != store.JobQueued || job.Attempts != 1 || job.Reason != "fetch" {
		t.Errorf("handed back, got %+v: the attempt does not count", job)
	}
	ok, err = s.SetAside(t.Context(), claim(t, s, id, "w1"), "empty", "nothing in it")
	check(t, err)
	job = findJob(t, s, id)
	if !ok || job.State != store.JobSetAside || job.Reason != "empty" {
		t.Errorf("set aside, got %+v", job)
	}
	_, ok, err = s.Claim(t.Context(), id, "w1")
	check(t, err)
	wantEqual(t, ok, false)
}

func jobsRetried(t *testing.T, s *store.Store) {
	addJobs(t, s, 1, 2, 3, 4)
	for n := range 3 {
		_, err := s.SetAside(t.Context(), claim(t, s, Job(n+1).ID, "w"), "empty", "")
		check(t, err)
	}
	before := findJob(t, s, Job(1).ID)
	time.Sleep(5 * time.Millisecond)
	jobs, err := s.Retry(t.Context(), []string{Job(1).ID, Job(4).ID, "none"}, "", 100)
	check(t, err)
	if len(jobs) != 1 || jobs[0].ID != Job(1).ID || jobs[0].State != store.JobQueued || jobs[0].Attempts != 0 || jobs[0].MessageID() == before.MessageID() {
		t.Errorf("got %+v, want the first, with another message", jobs)
	}
	if len(jobs) == 1 && !jobs[0].ReceivedAt.After(before.UpdatedAt) {
		t.Errorf("received at %s, want now: it has not waited since it was set aside", jobs[0].ReceivedAt)
	}
	jobs, err = s.Retry(t.Context(), nil, "", 1)
	check(t, err)
	wantEqual(t, len(jobs), 1)
	jobs, err = s.Retry(t.Context(), nil, jobs[0].ID, 100)
	check(t, err)
	wantEqual(t, len(jobs), 1)
	jobs, err = s.Retry(t.Context(), nil, "", 100)
	check(t, err)
	wantEqual(t, len(jobs), 0)
}

// Of many who find that a message is gone one offers the job again.
func jobOfferedAgainOnce(t *testing.T, s *store.Store) {
	seen := addJobs(t, s, 1)[0]
	check(t, s.NoteMessage(t.Context(), seen, 7))
	wantEqual(t, findJob(t, s, seen.ID).Sequence, uint64(7))
	var won atomic.Int32
	var finders sync.WaitGroup
	for range 8 {
		finders.Go(func() {
			_, ok, err := s.OfferAgain(t.Context(), seen)
			if err != nil {
				t.Error(err)
			}
			if ok {
				won.Add(1)
			}
		})
	}
	finders.Wait()
	wantEqual(t, won.Load(), int32(1))
	job := findJob(t, s, seen.ID)
	wantEqual(t, job.Offers, 2)
	wantEqual(t, job.Sequence, uint64(0))
	check(t, s.NoteMessage(t.Context(), seen, 8)) // of the offer before
	wantEqual(t, findJob(t, s, seen.ID).Sequence, uint64(0))
	check(t, s.Finish(t.Context(), seen.ID, "8f3a"))
	_, ok, err := s.OfferAgain(t.Context(), job)
	check(t, err)
	wantEqual(t, ok, false)
}

func jobsFiltered(t *testing.T, s *store.Store) {
	for _, job := range addJobs(t, s, 1, 2, 3, 4) {
		if job.ID != Job(4).ID {
			check(t, s.NoteMessage(t.Context(), job, uint64(job.Size-1000)))
		}
	}
	check(t, s.Finish(t.Context(), Job(1).ID, "8f3a"))
	ids := func(filter store.JobFilter) (found []string) {
		jobs, err := s.Jobs(t.Context(), filter)
		check(t, err)
		for _, job := range jobs {
			found = append(found, job.Key)
		}
		return found
	}
	wantEqual(t, len(ids(store.JobFilter{})), 4)
	wantEqual(t, ids(store.JobFilter{States: []store.JobState{store.JobDone}}), []string{Job(1).Key})
	wantEqual(t, len(ids(store.JobFilter{States: []store.JobState{store.JobQueued}, MessageBefore: 3})), 2) // 2 and the one without
	wantEqual(t, len(ids(store.JobFilter{Before: time.Now().Add(-time.Minute)})), 0)
	first := ids(store.JobFilter{Limit: 1})
	all, err := s.Jobs(t.Context(), store.JobFilter{})
	check(t, err)
	rest := ids(store.JobFilter{After: all[0].ID})
	wantEqual(t, append(first, rest...), ids(store.JobFilter{}))
	counts, err := s.CountJobs(t.Context())
	check(t, err)
	if len(counts) != 1 || counts[0].Lane != "short" || counts[0].State != store.JobQueued || counts[0].Count != 3 || time.Since(counts[0].Oldest) > time.Minute {
		t.Errorf("got %+v, want three queued", counts)
	}
}

// Of the job of an erased call nothing is left but that it was done.
func jobErased(t *testing.T, s *store.Store) {
	rec := Sample(1)
	must(t, s, rec)
	id := addJobs(t, s, 1)[0].ID
	check(t, s.Finish(t.Context(), id, rec.Recording.ID))
	_, err := s.Erase(t.Context(), []string{rec.Recording.SHA256}, store.Erasure{Reason: store.ErasedOnRequest, By: "qa"})
	check(t, err)
	job := findJob(t, s, id)
	if job.State != store.JobDone || job.Key != "" {
		t.Errorf("got %+v, want it done and its name gone", job)
	}
}

// Finished jobs go when they are old and no source has their objects; all others stay.
func jobsPurged(t *testing.T, s *store.Store) {
	for _, job := range addJobs(t, s, 1, 2, 3, 4, 5) {
		claimed := claim(t, s, job.ID, "w")
		switch job.ID {
		case Job(4).ID: // is worked on
		case Job(5).ID:
			check(t, s.Finish(t.Context(), job.ID, "")) // its data were deleted
		default:
			check(t, s.Finish(t.Context(), claimed.ID, "8f3a"))
		}
	}
	listed := func(j store.Job) bool { return j.ID == Job(2).ID }
	soon, before := time.Now().Add(time.Minute), time.Now().Add(-time.Minute)
	for _, tt := range []struct {
		before time.Time
		dry    bool
		want   int
	}{{before, false, 0}, {soon, true, 2}, {soon, false, 2}, {soon, false, 0}} {
		n, err := s.PurgeJobs(t.Context(), tt.before, tt.dry, listed)
		check(t, err)
		wantEqual(t, n, tt.want)
	}
	for n, want := range map[int]error{1: call.ErrNotFound, 2: nil, 3: call.ErrNotFound, 4: nil, 5: nil} {
		if _, err := s.FindJob(t.Context(), Job(n).ID); !errors.Is(err, want) {
			t.Errorf("job %d: got %v, want %v", n, err, want)
		}
	}
}

// Of a job that was set aside and is erased nothing is left but that its object was taken.
func jobAsideErased(t *testing.T, s *store.Store) {
	var ids []string
	for _, job := range addJobs(t, s, 1, 2, 3) {
		ids = append(ids, job.ID)
		if job.ID != Job(3).ID {
			_, err := s.SetAside(t.Context(), claim(t, s, job.ID, "w"), "text_file", "13800138000.wav is text")
			check(t, err)
		}
	}
	aside, err := s.Jobs(t.Context(), store.JobFilter{States: []store.JobState{store.JobSetAside}})
	check(t, err)
	wantEqual(t, len(aside), 2)
	wantEqual(t, aside[0].IsOfCustomer("13800138000"), true)
	wantEqual(t, aside[0].IsOfCustomer("13900139000"), false)
	old, err := s.Jobs(t.Context(), store.JobFilter{States: []store.JobState{store.JobSetAside}, Before: time.Now().Add(-time.Hour)})
	check(t, err)
	wantEqual(t, len(old), 0)

	dropped, err := s.DropJobs(t.Context(), []string{Job(2).ID})
	check(t, err)
	wantEqual(t, dropped, 1)
	_, err = s.FindJob(t.Context(), Job(2).ID)
	wantIs(t, err, call.ErrNotFound)

	erased, err := s.EraseJobs(t.Context(), ids) // the one that is queued is worked on yet
	check(t, err)
	wantEqual(t, erased, 1)
	left := findJob(t, s, Job(1).ID)
	if left.State != store.JobDone || left.Key != "" || left.Message != "" || left.Metadata.Customer != "" {
		t.Errorf("got %+v, want it done and nothing known", left)
	}
	wantEqual(t, findJob(t, s, Job(3).ID).State, store.JobQueued)
	again, err := s.Retry(t.Context(), nil, "", 10)
	check(t, err)
	wantEqual(t, len(again), 0)
	wantEqual(t, len(addJobs(t, s, 1)), 0) // its source offers it again in vain
}

// Many claims of one job at once are counted each.
func jobClaimedByMany(t *testing.T, s *store.Store) {
	id := addJobs(t, s, 1)[0].ID
	var workers sync.WaitGroup
	for n := range 8 {
		workers.Go(func() {
			if _, _, err := s.Claim(t.Context(), id, fmt.Sprint("w", n)); err != nil {
				t.Error(err)
			}
		})
	}
	workers.Wait()
	wantEqual(t, findJob(t, s, id).Attempts, 8)
}
