package shortcalls

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

const (
	rate   = 8000
	length = 2 * rate // frames of a short recording
	step   = rate     // between the beginnings of two of one channel: neighbours share a second
	loud   = 28       // mean of the A-law codes' magnitudes, of 127, from which on somebody speaks: seen on the demo calls
	quiet  = 0xd5     // A-law of silence
)

var errFewer = errors.New("there is not enough speech in the demo calls")

// Cut returns n recordings (WAV, A-law, 8 kHz, stereo, 2 s), all different, with one party's speech each.
func Cut(demo string, n int) ([][]byte, error) {
	files, err := filepath.Glob(filepath.Join(demo, "*.wav"))
	if err != nil {
		return nil, err
	}
	var cuts [][]byte
	for _, file := range files {
		header, frames, err := read(file)
		if err != nil {
			return nil, err
		}
		for channel := range 2 {
			for at := 0; at+length <= len(frames)/2; at += step {
				if piece := frames[2*at : 2*(at+length)]; speaks(piece, channel) {
					cuts = append(cuts, single(header, piece, channel))
				}
				if len(cuts) == n {
					return cuts, nil
				}
			}
		}
	}
	return nil, fmt.Errorf("%w: %d of %d", errFewer, len(cuts), n)
}

// read returns the format of a stereo A-law file and its frames.
func read(file string) (format, frames []byte, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, err
	}
	for at := 12; at+8 <= len(data); {
		size := int(binary.LittleEndian.Uint32(data[at+4:]))
		body := data[at+8 : min(len(data), at+8+size)]
		switch string(data[at : at+4]) {
		case "fmt ":
			format = body
		case "data":
			return format, body, nil
		}
		at += 8 + size + size%2
	}
	return nil, nil, fmt.Errorf("%s: no samples", file)
}

// speaks reports whether somebody speaks on the channel of frames.
func speaks(frames []byte, channel int) bool {
	sum := 0
	for i := channel; i < len(frames); i += 2 {
		sum += int((frames[i] ^ 0x55) & 0x7f)
	}
	return sum > loud*len(frames)/2
}

// single returns a recording of frames with the other channel silent.
func single(format, frames []byte, channel int) []byte {
	var b bytes.Buffer
	chunk := func(name string, body []byte) {
		b.WriteString(name)
		_ = binary.Write(&b, binary.LittleEndian, uint32(len(body))) // a buffer takes everything
		b.Write(body)
	}
	alone := bytes.Clone(frames)
	for i := 1 - channel; i < len(alone); i += 2 {
		alone[i] = quiet
	}
	b.WriteString("RIFF")
	_ = binary.Write(&b, binary.LittleEndian, uint32(4+8+len(format)+8+len(alone)))
	b.WriteString("WAVE")
	chunk("fmt ", format)
	chunk("data", alone)
	return b.Bytes()
}
