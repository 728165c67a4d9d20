package call

import (
	"cmp"
	"slices"
)

// Span is the half-open stretch [Start, End) of a recording.
type Span struct {
	Start Millis `json:"start_ms"`
	End   Millis `json:"end_ms"`
}

// Length returns the length of s, never negative.
func (s Span) Length() Millis { return max(0, s.End-s.Start) }

// Empty reports whether s holds no time at all.
func (s Span) Empty() bool { return s.End <= s.Start }

// Overlaps reports whether s and t share any time.
func (s Span) Overlaps(t Span) bool { return !s.Intersect(t).Empty() }

// Intersect returns what s and t share, an empty span when they share nothing.
func (s Span) Intersect(t Span) Span {
	r := Span{Start: max(s.Start, t.Start), End: min(s.End, t.End)}
	if r.Empty() {
		return Span{Start: r.Start, End: r.Start}
	}
	return r
}

// Gap returns the time between s and t, 0 when they touch or overlap.
func (s Span) Gap(t Span) Millis { return max(0, t.Start-s.End, s.Start-t.End) }

// Contains reports whether at lies in s.
func (s Span) Contains(at Millis) bool { return at >= s.Start && at < s.End }

// Union returns the shortest span that holds both s and t.
func (s Span) Union(t Span) Span {
	return Span{Start: min(s.Start, t.Start), End: max(s.End, t.End)}
}

// Widen returns s extended by margin on both sides, clipped to [0, limit).
func (s Span) Widen(margin, limit Millis) Span {
	return Span{Start: max(0, s.Start-margin), End: min(limit, s.End+margin)}
}

// Merge returns spans sorted, with those that overlap, touch or lie closer than gap joined,
// and empty ones dropped. The input is not changed.
func Merge(spans []Span, gap Millis) []Span {
	sorted := slices.DeleteFunc(slices.Clone(spans), Span.Empty)
	slices.SortFunc(sorted, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	if len(sorted) == 0 {
		return nil
	}
	merged := sorted[:0]
	for _, s := range sorted {
		if last := len(merged) - 1; last >= 0 && (s.Start <= merged[last].End || s.Start-merged[last].End < gap) {
			merged[last].End = max(merged[last].End, s.End)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

// Clip returns the parts of spans that lie inside limit.
func Clip(spans []Span, limit Span) []Span {
	var clipped []Span
	for i, s := range spans {
		if part := s.Intersect(limit); !part.Empty() {
			if clipped == nil {
				clipped = make([]Span, 0, len(spans)-i)
			}
			clipped = append(clipped, part)
		}
	}
	return clipped
}

// Intersections returns the time shared by a and b. Both must be merged.
func Intersections(a, b []Span) []Span {
	var shared []Span
	for i, j := 0, 0; i < len(a) && j < len(b); {
		if part := a[i].Intersect(b[j]); !part.Empty() {
			shared = append(shared, part)
		}
		if a[i].End < b[j].End {
			i++
		} else {
			j++
		}
	}
	return shared
}

// Gaps returns the stretches between consecutive spans. The input must be merged.
func Gaps(spans []Span) []Span {
	if len(spans) < 2 {
		return nil
	}
	gaps := make([]Span, 0, len(spans)-1)
	for i := 1; i < len(spans); i++ {
		gaps = append(gaps, Span{Start: spans[i-1].End, End: spans[i].Start})
	}
	return gaps
}

// Total returns the summed length of spans. The input must be merged.
func Total(spans []Span) Millis {
	var total Millis
	for _, s := range spans {
		total += s.Length()
	}
	return total
}
