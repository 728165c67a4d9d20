// Package versus measures the program against the peer that a user has, whisper-cli, on the same generated
// calls, with the same model file, the same decoding parameters and the same cores, in one run: time of the
// wall and of the processors, character error rate, windows, tokens, fallbacks and peak memory.
//
// Peers: (a) each channel as it is, (b) each channel behind whisper-cli's own voice activity detection, (c)
// the stereo file with --diarize. Each as it is typed, and at its best: one process of one thread a core, or
// one process with a thread a core, whichever is faster.
//
// It serves make bench; no part of the product imports it.
package versus
