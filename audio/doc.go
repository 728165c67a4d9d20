// Package audio turns a recording into samples and says what state they are in: decoding, levels,
// tones, voice activity and channel health, resampling for the recogniser, and cutting clips.
//
// Open checks a file before anything is read from it, and every file that cannot be used is refused
// with a *call.Fault whose code names the reason (see the Fault constants). WAV is read directly:
// PCM of 8 to 32 bits (through github.com/go-audio/wav), 32-bit float, A-law and µ-law, also inside
// WAVE_FORMAT_EXTENSIBLE. Other containers are recognised by their content and transcoded once by
// ffmpeg into a scratch WAV that Close removes.
//
// All reading is streamed in blocks of a second: memory does not grow with the length of a call.
// Each channel keeps its own rate until Cut resamples a piece of it to TranscribeRate.
//
// Analyse makes one pass over the file. Its speech spans are the base of every time measure: talk
// time, silences and interruptions come from them, never from the recogniser's times.
//
// The package may import call.
package audio
