package call

// SoundKind says what a sound is that is nobody's speech.
type SoundKind string

// The kinds of sounds that are told apart.
const (
	SoundRingback SoundKind = "ringback" // the call is put through and rings
	SoundBusy     SoundKind = "busy"     // busy, congested or ended
	SoundKeys     SoundKind = "keys"     // keys are pressed (DTMF)
	SoundTone     SoundKind = "tone"     // any other tone
	SoundMusic    SoundKind = "music"    // hold music, best effort
)

// Sound is a stretch of one channel that is filled by something else than speech.
type Sound struct {
	Span
	Kind SoundKind `json:"kind"`
}
