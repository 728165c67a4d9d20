package monitor_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/monitor"
	"github.com/zhijian-qa/zhijian/store"
)

func TestWhatWaitsIsCounted(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	registry := prometheus.NewPedanticRegistry()
	monitor.WatchQueue(s, []string{"urgent", "short"}, slog.New(slog.DiscardHandler), registry)
	wantSeries(t, series(t, registry, "zhijian_queue_depth"), "short queued 0", "short working 0", "urgent queued 0", "urgent working 0")
	var jobs []store.Job
	for _, id := range []string{"a", "b", "c", "d"} {
		jobs = append(jobs, store.Job{ID: id, Source: "pbx", Key: id + ".wav", Lane: "short", ModTime: time.Now()})
	}
	if _, err := s.AddJobs(t.Context(), jobs); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a", "b"} {
		if _, ok, err := s.Claim(t.Context(), id, "w"); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	claimed, err := s.FindJob(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.SetAside(t.Context(), claimed, "not_audio", "no audio"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * time.Millisecond)
	wantSeries(t, series(t, registry, "zhijian_queue_depth"), "short queued 2", "short working 1", "urgent queued 0", "urgent working 0")
	wantSeries(t, series(t, registry, "zhijian_queue_set_aside"), " 1")
	ages := series(t, registry, "zhijian_queue_oldest_seconds")
	if len(ages) != 2 || ages[0] == "short 0" || ages[1] != "urgent 0" {
		t.Errorf("got %v, want an age in the lane short alone", ages)
	}
}
