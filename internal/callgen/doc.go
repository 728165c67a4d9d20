// Package callgen makes synthetic calls with exact truth: it reads a call script, has espeak-ng speak
// its lines, puts them on two channels and writes a telephone recording together with a truth file
// that says who spoke when, what was said and which faults were planted. The same script and seed
// give the same recording.
//
// A script is a YAML header, a line "---", and the dialogue, one sentence a line:
//
//	agent: 您好，电力服务中心，工号幺零二四为您服务。
//	customer: 你好，我家里停电了。
//	agent (backchannel at 1.2s): 嗯。
//	customer (interrupts over 0.8s): 你先听我说完。
//	agent: 这个不归我们管。 !forbidden.shirking
//	pause 0.6s
//	hold 12s
//	silence 9s !measure.silence
//
// "over 0.8s" starts a line 0.8 s before the other party ends, "at 1.2s" that long after it began.
// A hold is a silence that was announced. "!rule" plants a fault at that line. "#" starts a comment.
//
// The package serves tests, the demo and benches; no part of the product imports it. It may import
// call and score.
package callgen
