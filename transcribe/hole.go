package transcribe

import (
	"slices"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
)

// smallHole is speech so short that it is no use to listen to it again.
const smallHole call.Millis = 300

// sureEnough is the mean confidence that words need which were not heard at first.
const sureEnough = 0.5

// Paces in characters a second of speech: hardly anyone speaks thin for long.
const (
	thin      = 2.5
	usualPace = 4.5
)

// holes returns the stretches of the window's speech, on the recording's clock, in which the engine left
// out limit of words or more: speech without words between two words or after the last one, and spans with
// far fewer words than they hold. A span that is half a hole is returned whole, as nobody knows where in
// it its words were spoken. It returns nothing where it were the whole window: the engine would say the
// same again.
func (w window) holes(words []call.Word, limit call.Millis) []call.Span {
	wordless := w.wordless(words, limit)
	var found []call.Span
	for _, span := range w.speech {
		own := call.Clip(wordless, span)
		seconds, said := span.Length().Seconds(), saidIn(words, span)
		switch {
		case 2*call.Total(own) >= span.Length(),
			said < thin*seconds && seconds-said/usualPace >= limit.Seconds():
			found = append(found, span)
		default:
			found = append(found, own...)
		}
	}
	if call.Total(found) == call.Total(w.speech) {
		return nil
	}
	return found
}

// wordless returns the speech between two words or after the last one where it is limit or longer.
func (w window) wordless(words []call.Word, limit call.Millis) []call.Span {
	spans := make([]call.Span, len(words))
	for i, word := range words {
		spans[i] = word.Span
	}
	var found []call.Span
	for _, silent := range between(call.Merge(spans, smallHole), w.speech[0].Start, w.speech[len(w.speech)-1].End) {
		own := call.Clip(w.speech, silent)
		own = slices.DeleteFunc(own, func(s call.Span) bool { return s.Length() < smallHole })
		if call.Total(own) >= limit {
			found = append(found, own...)
		}
	}
	return found
}

// saidIn returns how many characters words have in s.
func saidIn(words []call.Word, s call.Span) float64 {
	var sum float64
	for _, w := range words {
		if endsIn(w, s) {
			sum += weight(w.Text)
		}
	}
	return sum
}

// endsIn reports whether w is in s. A mark at the start of s belongs to the word before it.
func endsIn(w call.Word, s call.Span) bool { return w.End > s.Start && w.End <= s.End }

// fuller returns words with those in each of the stretches replaced by those of again, where these say
// more and the engine is sure enough of them: in noise it would rather make something up than say nothing twice.
func fuller(words, again []call.Word, stretches []call.Span) []call.Word {
	for _, s := range stretches {
		if saidIn(again, s) <= saidIn(words, s) || confidenceIn(again, s) < sureEnough {
			continue
		}
		words = slices.DeleteFunc(words, func(w call.Word) bool { return endsIn(w, s) })
		for _, w := range again {
			if endsIn(w, s) {
				words = append(words, w)
			}
		}
	}
	return words
}

// confidenceIn returns the mean confidence of the words in s.
func confidenceIn(words []call.Word, s call.Span) float64 {
	var sum, n float64
	for _, w := range words {
		if endsIn(w, s) {
			sum, n = sum+w.Confidence, n+1
		}
	}
	return sum / max(n, 1)
}

// between returns what spans, merged and in order, leave of the time from from to to.
func between(spans []call.Span, from, to call.Millis) []call.Span {
	var left []call.Span
	for _, s := range spans {
		left = append(left, call.Span{Start: from, End: s.Start})
		from = s.End
	}
	left = append(left, call.Span{Start: from, End: to})
	return slices.DeleteFunc(left, call.Span.Empty)
}

// only returns the sound of the given stretches of s's speech as a window of its own.
func (s sound) only(stretches []call.Span, margin call.Millis) sound {
	own := sound{window: window{channel: s.channel, speech: stretches}}
	for _, stretch := range stretches {
		wide := stretch.Widen(margin, stretch.End+margin).Intersect(s.partOf(stretch).Span)
		if last := len(own.parts) - 1; last >= 0 && wide.Start <= own.parts[last].End {
			own.parts[last].End = max(own.parts[last].End, wide.End)
			continue
		}
		own.parts = append(own.parts, part{Span: wide, at: own.length()})
	}
	own.pcm = make([]float32, own.length().Samples(audio.TranscribeRate))
	for _, p := range own.parts {
		at := s.toWindow(p.Start)
		from, to := at.Samples(audio.TranscribeRate), (at + p.Length()).Samples(audio.TranscribeRate)
		put(own.pcm, p.at, s.pcm[min(int(from), len(s.pcm)):min(int(to), len(s.pcm))])
	}
	return own
}

// partOf returns the part in which a stretch of the window's speech lies.
func (w window) partOf(stretch call.Span) part {
	for _, p := range w.parts {
		if p.Overlaps(stretch) {
			return p
		}
	}
	return part{Span: stretch}
}
