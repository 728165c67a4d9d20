// Package shortcalls cuts many short recordings, each with other speech, out of the demo calls, for tests that need
// many real recordings and not much recognising. It imports nothing of ours.
package shortcalls
