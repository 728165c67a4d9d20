package score

import (
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
)

const (
	promiseReach   = 12                      // characters between hold language and the length that it promises
	longestPromise = call.Millis(60 * 60000) // nobody is asked to hold the line for longer
)

// promise is a length of time that hold language names, 0 when it names none.
type promise struct {
	length call.Millis
	words  string
}

// request is hold language and what it promises.
type request struct {
	hit
	promised promise
}

// findRequests lists the hold language of the call.
func (v *view) findRequests() []request {
	var all []request
	v.eachOf(listHold, func(h *hit) bool {
		if h.provesSaid() {
			all = append(all, request{hit: *h, promised: v.promised(h)})
		}
		return true
	})
	return all
}

// promise notes what the request promises, and by how much gap outlasts it. The wait counts from where its
// party stopped speaking.
func (hold *Hold) promise(v *view, gap call.Span, r request) {
	p := r.promised
	for _, other := range v.requests { // 请稍等，大概两分钟。请您不要挂机。
		if p.length == 0 && other.role == r.role && other.at.End <= r.at.End && other.at.End >= gap.Start-v.limits.HoldReach {
			p = other.promised
		}
	}
	if p.length == 0 {
		return
	}
	from := hold.End
	for _, own := range v.speech.byRole[r.role] {
		if own.Start < gap.Start {
			from = max(from, min(own.End, gap.Start))
		}
	}
	over := max(0, gap.End-from-p.length)
	hold.Promise, hold.PromisedMS, hold.OverrunMS = p.words, &p.length, &over
}

// promised returns the length of time that stands nearest to h in what was said, unless it belongs to a
// phrase about something else (两小时内上门).
func (v *view) promised(h *hit) (best promise) {
	if h.in == nil {
		return promise{}
	}
	runes := []rune(h.in.text)
	from, to := max(0, h.Start-promiseReach), min(len(runes), h.End+promiseReach)
	nearest := promiseReach + 1
	for _, l := range lexicon.Lengths(string(runes[from:to])) {
		l.Start, l.End = l.Start+from, l.End+from
		length := call.FromDuration(l.Duration)
		distance := max(0, l.Start-h.End, h.Start-l.End)
		if distance < nearest && length > 0 && length <= longestPromise && !v.promisesElse(h, l) {
			best, nearest = promise{length: length, words: string(runes[l.Start:l.End])}, distance
		}
	}
	return best
}

// promisesElse reports whether the length is part of a phrase of another list.
func (v *view) promisesElse(h *hit, l lexicon.Length) bool {
	for i := range v.hits {
		if other := &v.hits[i]; other.in == h.in && other.List != listHold && other.Start < l.End && other.End > l.Start {
			return true
		}
	}
	return false
}
