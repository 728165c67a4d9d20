package monitor

import "time"

// The calendar windows, as labels name them.
const (
	Day   = "day"
	Week  = "week" // from Monday on
	Month = "month"
)

var kinds = []string{Day, Week, Month}

// window is a stretch of the calendar of one zone: from start on and before end, both at midnight.
type window struct {
	kind       string
	start, end time.Time
}

// windowOf returns the window of that kind that t lies in.
func windowOf(kind string, t time.Time, zone *time.Location) window {
	year, month, day := t.In(zone).Date()
	at := func(month time.Month, day int) time.Time { return time.Date(year, month, day, 0, 0, 0, 0, zone) }
	switch kind {
	case Week:
		monday := day - (int(t.In(zone).Weekday())+6)%7
		return window{Week, at(month, monday), at(month, monday+7)}
	case Month:
		return window{Month, at(month, 1), at(month+1, 1)}
	}
	return window{Day, at(month, day), at(month, day+1)}
}

// days returns the days of w that have begun by now.
func (w window) days(now time.Time) []window {
	var days []window
	for start := w.start; start.Before(w.end) && !start.After(now); {
		day := windowOf(Day, start, start.Location())
		days = append(days, day)
		start = day.end
	}
	return days
}
