//go:build cgo && !nowhisper && !linux

package whisper

// hugePages leaves it to the system.
func hugePages(bool) {}
