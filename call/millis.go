package call

import (
	"fmt"
	"time"
)

// Millis is a time on the recording's clock, or a length on it, in milliseconds.
type Millis int64

// FromDuration converts d, dropping what is finer than a millisecond.
func FromDuration(d time.Duration) Millis { return Millis(d.Milliseconds()) }

// FromSamples converts a count of samples at rate Hz, rounding to the nearest millisecond.
func FromSamples(n int64, rate int) Millis {
	return Millis((n*1000 + int64(rate)/2) / int64(rate))
}

// Samples returns the count of samples at rate Hz that m spans.
func (m Millis) Samples(rate int) int64 { return int64(m) * int64(rate) / 1000 }

// Duration returns m as a time.Duration.
func (m Millis) Duration() time.Duration { return time.Duration(m) * time.Millisecond }

// Seconds returns m in seconds.
func (m Millis) Seconds() float64 { return float64(m) / 1000 }

// String formats m as minutes and seconds with one decimal, as in 01:23.4.
func (m Millis) String() string {
	sign := ""
	if m < 0 {
		sign, m = "-", -m
	}
	return fmt.Sprintf("%s%02d:%02d.%d", sign, m/60000, m/1000%60, m/100%10)
}
