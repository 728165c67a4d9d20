// Package call holds the nouns of the project: what a recording is, who speaks in it and when,
// and what was said. It imports the standard library only; every other package imports it.
//
// Vocabulary:
//
//   - recording: the stored audio of one call and its metadata
//   - channel: one audio track of a recording, counted from 0
//   - role: who is on a channel: agent, customer, unknown
//   - speech span: a stretch of speech on one channel, found by voice activity detection (VAD)
//   - window: a piece of one channel given to the recogniser, at most 30 s
//   - segment: what the recogniser returns for a part of a window
//   - utterance: the words of one party between two pauses
//   - turn: the utterances of one party until the other takes the floor
//   - overlap: both parties speak at once
//   - interruption (抢话): substantive speech that begins while the other is mid-speech
//   - backchannel: 嗯, 对, 是的, 好的 while the other keeps the floor; never an interruption
//   - talk ratio: the agent's share of all talk time; the norm is 30 : 70
//   - non-talk time: the part of the call in which nobody speaks
//   - hold: an announced silence
//   - speech rate (字/分): Han characters per minute of speech, punctuation not counted
//   - term, match: a phrase of a word list, and a place where it was heard
//   - rule, criterion, scorecard: what is asked, its outcome for one call, and the list of rules
//   - outcome: pass, fail, not applicable, review
//   - veto (一票否决): a failed criterion that fails the call whatever its points
//   - evidence: the place in the recording that proves an outcome
//   - points, potential, normalised: what was got, what could be got, and their quotient
//
// There is one clock: every time is a count of milliseconds from the start of the recording (Millis).
package call
