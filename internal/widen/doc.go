// Package widen makes a speech model of real cost out of the demo model: one of the shape of Whisper's base
// or small that hears what the demo model hears. What it says is known, what it costs is what users pay.
//
// The demo model's residual stream of d numbers becomes k copies of itself, laid one after the other (number
// j·d+c is the old number c), so that means and variances, and with them every LayerNorm, stay as they are.
// A matrix that reads the stream reads its first copy only, and one that writes it writes all copies. Heads
// keep their 64 numbers; there are k times as many. The token embedding is also the output matrix, so that
// the decoder's last LayerNorm keeps the first copy alone. Further layers add nothing to the stream.
//
// It serves tests and benches. It imports nothing of ours.
package widen
