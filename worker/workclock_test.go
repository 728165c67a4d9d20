package worker

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// The clock runs while at least one recording is under way, and speed is that of the last quarter of an hour.
func TestSpeedCountsWorkingTimeOnly(t *testing.T) {
	t.Parallel()
	w := newWorkClock(prometheus.NewRegistry())
	now := time.Unix(0, 0)
	w.now = func() time.Time { return now }
	pass := func(d time.Duration) { now = now.Add(d) }
	want := func(worked time.Duration, speed float64) {
		t.Helper()
		if got := w.worked(); got != worked {
			t.Errorf("worked %s, want %s", got, worked)
		}
		if got := w.speed(); got < speed*0.999 || got > speed*1.001 {
			t.Errorf("speed %g, want %g", got, speed)
		}
	}
	want(0, 0)
	first := w.start()
	pass(10 * time.Second)
	second := w.start()
	pass(10 * time.Second)
	first()
	w.did(100)
	want(20*time.Second, 5)
	pass(5 * time.Second)
	second()
	w.did(100)
	pass(time.Hour) // nothing to do
	want(25*time.Second, 8)
	for range 100 { // a hundred minutes at real time: the start is forgotten
		stop := w.start()
		pass(time.Minute)
		stop()
		w.did(60)
	}
	want(25*time.Second+100*time.Minute, 1)
	if len(w.marks) > 20 {
		t.Errorf("%d marks are kept", len(w.marks))
	}
}
