package audio

import "github.com/zhijian-qa/zhijian/call"

// What is so rare, so little and so faint on a channel is its noise, not somebody who speaks. Noise that
// swells, as a street's, brings up a blip of half a second every ten minutes, 1 to 5 dB above it; speech that
// is 10 dB above its noise, and can be recognised, has a median 8 dB above it or more.
const (
	blipsShare = 0.01
	blipsTotal = call.Millis(10_000)
	blipsDB    = 6
)

// blips reports whether speech, of median level above noise, on a recording of length is noise.
func blips(speech []call.Span, level, noise float64, length call.Millis) bool {
	total := call.Total(speech)
	return total < blipsTotal && float64(total) < blipsShare*float64(length) && level-noise < blipsDB
}
