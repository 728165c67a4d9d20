package audio

import (
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

func TestBlipsAreNobodysSpeech(t *testing.T) {
	t.Parallel()
	half := []call.Span{{Start: 5000, End: 5500}}
	tests := []struct {
		name         string
		speech       []call.Span
		level, noise float64
		length       call.Millis
		want         bool
	}{
		{"a faint half second of ten minutes", half, -36, -40, 600_000, true},
		{"the same, 9 dB above the noise", half, -31, -40, 600_000, false},
		{"the same in a recording of 20 s", half, -36, -40, 20_000, false},
		{"a minute of an hour", []call.Span{{End: 60_000}}, -36, -40, 3_600_000, false},
		{"twelve seconds of an hour", []call.Span{{End: 12_000}}, -36, -40, 3_600_000, false},
	}
	for _, tt := range tests {
		if got := blips(tt.speech, tt.level, tt.noise, tt.length); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}
