package worker_test

import (
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/worker"
)

// TestTheNextCallIsReadWhileOneIsRecognised holds that the speech of the next call is found before the only recogniser
// has done its first window.
func TestTheNextCallIsReadWhileOneIsRecognised(t *testing.T) {
	t.Parallel()
	b := setup(t, 1)
	open, once := b.pool.NewEngine, new(sync.Once)
	b.pool.NewEngine = func() (worker.Recogniser, error) {
		engine, err := open()
		return meanwhile{engine, once, func() {
			for began := time.Now(); passed(t, b.registry, "audio") < 2; time.Sleep(20 * time.Millisecond) {
				if time.Since(began) > time.Minute {
					t.Error("the next call is not read while one is recognised")
					return
				}
			}
		}}, err
	}
	for path, d := range run(t, b, day(t, 2)) {
		if d.Err != nil {
			t.Errorf("%s: %v", path, d.Err)
		}
	}
}

// passed returns how many calls have passed a stage.
func passed(t *testing.T, registry prometheus.Gatherer, stage string) (n uint64) {
	families, err := registry.Gather()
	if err != nil {
		t.Error(err)
	}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			if family.GetName() == "zhijian_stage_duration_seconds" && metric.GetLabel()[0].GetValue() == stage {
				n += metric.GetHistogram().GetSampleCount()
			}
		}
	}
	return n
}
