package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
)

// atOnce runs fn n times at the same time.
func atOnce(t *testing.T, n int, fn func(i int) error) {
	t.Helper()
	start, errs := make(chan struct{}), make(chan error, n)
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() {
			<-start
			errs <- fn(i)
		})
	}
	close(start)
	wait.Wait()
	close(errs)
	for err := range errs {
		check(t, err)
	}
}

func manyWriters(t *testing.T, s *store.Store) {
	const writers, each = 8, 5
	atOnce(t, writers, func(int) error { // all of them write the same calls
		for n := range each {
			rec := Sample(n)
			if err := s.SaveTranscript(t.Context(), rec.Recording, rec.Health, rec.Transcript); err != nil {
				return err
			}
			if err := s.SaveResult(t.Context(), rec); err != nil {
				return err
			}
		}
		return nil
	})
	got := paths(t, s, store.CallFilter{})
	wantEqual(t, len(got), each)
	wantEqual(t, len(slices.Compact(got)), each)
}

// Each writer knows another part of what is said of one recording, at another path. Nothing is lost.
func manyAdd(t *testing.T, s *store.Store) {
	full := Sample(1).Recording
	parts := []call.Metadata{
		{Agent: full.Agent},
		{AgentName: full.AgentName},
		{Team: full.Team},
		{Customer: full.Customer},
		{StartedAt: full.StartedAt},
		{Direction: full.Direction},
		{Scenario: full.Scenario},
		{AgentChannel: full.AgentChannel},
		{Complaint: full.Complaint},
		{Rings: full.Rings},
		{AnswerDelay: full.AnswerDelay},
		{HungUpBy: full.HungUpBy},
	}
	for round := range 5 {
		atOnce(t, len(parts), func(i int) error {
			rec := full
			rec.SHA256, rec.Metadata = Hash(100+round), parts[i]
			rec.ID, rec.Path = call.NewID(rec.SHA256), fmt.Sprintf("/calls/%d/%d.wav", round, i)
			conflict, err := s.AddSighting(t.Context(), rec)
			if err == nil && conflict {
				err = fmt.Errorf("part %d contradicts", i)
			}
			return err
		})
		kept, err := s.FindRecording(t.Context(), Hash(100+round))
		check(t, err)
		wantEqual(t, kept.Metadata, full.Metadata)
	}
}

func batchesCross(t *testing.T, s *store.Store) {
	const calls = 12
	var records []score.Record
	for n := range calls {
		rec := Sample(n)
		must(t, s, rec)
		records = append(records, rec)
	}
	atOnce(t, 6, func(i int) error {
		batch := slices.Clone(records)
		if i%2 == 1 {
			slices.Reverse(batch)
		}
		for j := range batch {
			batch[j].Score.Revision = fmt.Sprintf("r%d", i+2)
		}
		return s.SaveResults(t.Context(), batch)
	})
	wantEqual(t, len(paths(t, s, store.CallFilter{})), calls)
}
