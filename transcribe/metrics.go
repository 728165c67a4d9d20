package transcribe

import "github.com/prometheus/client_golang/prometheus"

// Metrics counts what all transcribers of a process do.
type Metrics struct {
	windows prometheus.Counter
	encoded prometheus.Counter
	retries prometheus.Counter
	sound   prometheus.Counter
	engine  prometheus.Counter
	removed *prometheus.CounterVec
}

// NewMetrics registers the counters of transcription with reg.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: "zhijian_transcribe_" + name, Help: help})
	}
	m := &Metrics{
		windows: counter("windows_total", "Windows given to the speech recogniser."),
		encoded: counter("encoded_total", "Stretches of sound that the speech recogniser computed."),
		retries: counter("retries_total", "Windows decoded once more because the text went round in circles or words were left out or made up."),
		sound:   counter("window_seconds_total", "Length of the windows given to the speech recogniser."),
		engine:  counter("engine_seconds_total", "Time spent in the speech recogniser, over all workers."),
		removed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhijian_transcribe_removed_total", Help: "Pieces of text that the hallucination guard took out, and of speech that was given up as too slow.",
		}, []string{"reason"}),
	}
	for _, reason := range []string{ReasonCredit, ReasonRepetition, ReasonPrompt, ReasonNoSpeech, ReasonTooSlow} {
		m.removed.WithLabelValues(reason) // from the start at 0: the first must count as an increase
	}
	reg.MustRegister(m.windows, m.encoded, m.retries, m.sound, m.engine, m.removed)
	return m
}

// add counts what one call took.
func (m *Metrics) add(s Stats, reasons []string) {
	if m == nil {
		return
	}
	m.windows.Add(float64(s.Windows))
	m.encoded.Add(float64(s.Encoded))
	m.retries.Add(float64(s.Retries))
	m.sound.Add(s.Sound.Seconds())
	m.engine.Add(s.Engine.Seconds())
	for _, reason := range reasons {
		m.removed.WithLabelValues(reason).Inc()
	}
}
