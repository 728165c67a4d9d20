package whisper

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
)

// tiny returns the smallest file that checkModel takes, with change made to its 32-bit numbers: magic,
// eleven of shape, two of filters, one filter, vocabulary of one token (a single byte), one tensor of one
// number.
func tiny(change map[int]uint32) []byte {
	const token = 17
	numbers := []uint32{
		modelMagic, 51865, 1500, 128, 2, 4, 448, 128, 2, 3, 80, 2007,
		1, 1, 0,
		1, 1, ' ',
		1, 4, 0, 1, 0x61616161, 0,
	}
	for i, n := range change {
		numbers[i] = n
	}
	var b []byte
	for i, n := range numbers {
		if i == token {
			b = append(b, byte(n))
			continue
		}
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	return b
}

func check(b []byte) error { return checkModel(bytes.NewReader(b), int64(len(b))) }

func TestCheckModel(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change map[int]uint32
		want   string // the error, "" for none
	}{
		{name: "right"},
		{name: "another file", change: map[int]uint32{0: 0x46464952}, want: "not a usable speech model: the file does not begin like one"},
		{name: "no vocabulary", change: map[int]uint32{1: 10}, want: "not a usable speech model: the vocabulary's size is 10"},
		{name: "English only", change: map[int]uint32{1: 51864}, want: "not a usable speech model: it knows English only, take one without .en in its name"},
		{name: "of an earlier version", change: map[int]uint32{11: 1007}, want: "not a usable speech model: its weights are quantised by version 1, only version 2 is read"},
		{name: "no layers", change: map[int]uint32{5: 0}, want: "not a usable speech model: the audio layers is 0"},
		{name: "filters beyond the file", change: map[int]uint32{13: 9999}, want: "not a usable speech model: the file is cut off"},
		{name: "endless vocabulary", change: map[int]uint32{15: 1 << 31}, want: "not a usable speech model: the vocabulary's size is 2147483648"},
		{name: "endless token", change: map[int]uint32{16: 1 << 30}, want: "not a usable speech model: a token's length is 1073741824"},
		{name: "no space", change: map[int]uint32{17: 'a'}, want: "not a usable speech model: the vocabulary has no space"},
		{name: "five dimensions", change: map[int]uint32{18: 5}, want: "not a usable speech model: a tensor's count of dimensions is 5"},
		{name: "unknown type", change: map[int]uint32{20: 99}, want: "not a usable speech model: a tensor is of the unknown type 99"},
		{name: "rows that do not pack", change: map[int]uint32{20: 8}, want: "not a usable speech model: a tensor's rows of 1 cannot be packed as type 8"},
		{name: "weights beyond the file", change: map[int]uint32{21: 1000}, want: "not a usable speech model: the file is cut off"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := check(tiny(tt.change))
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	for n := range len(tiny(nil)) {
		if err := check(tiny(nil)[:n]); !errors.Is(err, ErrModel) {
			t.Errorf("cut off after %d bytes: got %v, want ErrModel", n, err)
		}
	}
}

func FuzzCheckModel(f *testing.F) {
	f.Add(tiny(nil))
	f.Add(tiny(map[int]uint32{18: 4}))
	f.Add([]byte("lmgg"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := check(b); err != nil && !errors.Is(err, ErrModel) {
			t.Errorf("got %v, want ErrModel", err)
		}
	})
}
