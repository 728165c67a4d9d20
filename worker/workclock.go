package worker

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// speedOver is over how much working time the speed is told.
const speedOver = 15 * time.Minute

// workClock runs while a recording is transcribed, however many at once: time in which there is nothing to
// do says nothing about speed.
type workClock struct {
	mutex  sync.Mutex
	now    func() time.Time
	busy   int       // recordings under way
	since  time.Time // when busy rose from 0
	before time.Duration
	audio  float64     // seconds of calls done
	marks  []speedMark // of the last speedOver of working time, oldest first
}

// speedMark is what had been done after some working time.
type speedMark struct {
	worked time.Duration
	audio  float64
}

func newWorkClock(registerer prometheus.Registerer) *workClock {
	w := &workClock{now: time.Now, marks: make([]speedMark, 1)}
	registerer.MustRegister(
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "zhijian_work_seconds_total", Help: "Time in which at least one recording was transcribed.",
		}, func() float64 { return w.worked().Seconds() }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "zhijian_times_real_time", Help: "Length of the calls transcribed by the time it took, over the last quarter of an hour of work; 0 before the first.",
		}, w.speed),
	)
	return w
}

// start starts the clock for a recording; the function returned stops it.
func (w *workClock) start() (stop func()) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.busy == 0 {
		w.since = w.now()
	}
	w.busy++
	return func() {
		w.mutex.Lock()
		defer w.mutex.Unlock()
		if w.busy--; w.busy == 0 {
			w.before += w.now().Sub(w.since)
		}
	}
}

func (w *workClock) worked() time.Duration {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.workedLocked()
}

func (w *workClock) workedLocked() time.Duration {
	if w.busy == 0 {
		return w.before
	}
	return w.before + w.now().Sub(w.since)
}

// did notes that a recording of that many seconds is transcribed.
func (w *workClock) did(seconds float64) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.audio += seconds
	mark := speedMark{w.workedLocked(), w.audio}
	w.marks = append(w.marks, mark)
	for len(w.marks) > 2 && mark.worked-w.marks[1].worked >= speedOver {
		w.marks = w.marks[1:]
	}
}

// speed returns seconds of calls for each second of work.
func (w *workClock) speed() float64 {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	first, last := w.marks[0], w.marks[len(w.marks)-1]
	if last.worked <= first.worked {
		return 0
	}
	return (last.audio - first.audio) / (last.worked - first.worked).Seconds()
}
