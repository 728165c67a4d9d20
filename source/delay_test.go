package source

import (
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

func TestAnswerDelay(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]call.Millis{
		"12": 12_000, "0": 0, "7.5": 7500, "00:12": 12_000, "1:05": 65_000, "00:01:05": 65_000, "１２": -1,
		"": -1, "-3": -1, "1:75": -1, "a": -1, "NaN": -1, "Inf": -1, "1e9": -1, "1:2:3:4": -1, "12s": -1, "23:00:00": 82_800_000, "25:00:00": -1,
	} {
		got, err := parseDelay(text)
		if err != nil {
			got = -1
		}
		if got != want {
			t.Errorf("%q: got %d (%v), want %d", text, got, err, want)
		}
	}
}
