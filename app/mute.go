package app

import (
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
)

// muteSlack is how far the times of words may be off: as much around personal data is silenced too.
const muteSlack = call.Millis(200)

// personalSpans returns when personal data are spoken, in order.
func personalSpans(tr call.Transcript) []call.Span {
	var spans []call.Span
	for _, role := range []call.Role{call.RoleAgent, call.RoleCustomer, call.RoleUnknown} {
		said := tr.By(role)
		texts := make([]string, len(said))
		for i, u := range said {
			texts[i] = u.Text
		}
		for i, places := range lexicon.FindPersonalAll(texts) {
			for _, p := range places {
				at := said[i].At(p.Start, p.End)
				spans = append(spans, call.Span{Start: max(0, at.Start-muteSlack), End: at.End + muteSlack})
			}
		}
	}
	return call.Merge(spans, 0)
}

// mute silences all channels of an excerpt that begins at start wherever muted says so.
func mute(channels [][]float32, rate int, start call.Millis, muted []call.Span) {
	for _, span := range muted {
		from, to := (span.Start - start).Samples(rate), (span.End - start).Samples(rate)
		for _, pcm := range channels {
			if low, high := max(0, from), min(to, int64(len(pcm))); low < high {
				clear(pcm[low:high])
			}
		}
	}
}
