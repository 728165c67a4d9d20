// Package transcribe turns the sound of one recording into a call.Transcript.
//
// Each channel is worked on by itself. Its speech spans, found by voice activity detection, are packed
// into windows of at most 30 s (plan), the windows are recognised by an Engine, what the recogniser made
// up is taken out (guard), the words are divided among the speech spans in which they were spoken (fit)
// and put on the recording's clock there (place), speech that is left without its words is recognised
// once more (hole), and the words are cut into utterances at the pauses. Time always comes from the voice
// activity detection; the recogniser's own times are hints.
//
// It may import call and audio.
package transcribe
