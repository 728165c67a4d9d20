package audio

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// The WAV format tags that are read.
const (
	tagPCM        = 0x0001
	tagFloat      = 0x0003
	tagALaw       = 0x0006
	tagMuLaw      = 0x0007
	tagExtensible = 0xFFFE
)

// The limits of a header that is believed.
const (
	minRate, maxRate     = 8000, 48000
	maxChannels          = 2
	minFormat, maxFormat = 16, 64     // bytes in the format chunk
	maxChunks            = 4096       // before the samples
	streamedSize         = 0x7FFFF000 // writers that cannot seek declare this much or more
)

// header is what a WAV file says about its samples, checked against the file's real size.
type header struct {
	tag      uint16 // PCM, float, A-law or µ-law: never extensible
	channels int
	rate     int
	bits     int
	offset   int64 // of the first sample, in bytes
	frames   int64 // samples per channel that are really there

	truncated bool
	warnings  []string
}

// frameSize returns the bytes of one sample of all channels.
func (h header) frameSize() int { return h.channels * h.bits / 8 }

// encoding names the coding of the samples.
func (h header) encoding() string {
	switch h.tag {
	case tagALaw:
		return "alaw"
	case tagMuLaw:
		return "mulaw"
	case tagFloat:
		return fmt.Sprintf("float%d", h.bits)
	}
	return fmt.Sprintf("pcm%d", h.bits)
}

// parseHeader reads the header of a WAV file of the given size. It reads chunk headers and at most
// maxFormat bytes more, whatever the file declares, and believes no size that the file does not hold.
func parseHeader(r io.ReaderAt, size int64) (header, error) {
	var riff [12]byte
	if _, err := r.ReadAt(riff[:], 0); err != nil {
		return header{}, headerFault(err, "the file ends inside its RIFF header")
	}
	if !bytes.Equal(riff[:4], []byte("RIFF")) || !bytes.Equal(riff[8:], []byte("WAVE")) {
		return header{}, fault(FaultNotAudio, "the file does not start as a WAV file does", nil)
	}
	var h header
	hasFormat := false
	pos := int64(len(riff))
	for range maxChunks {
		id, length, err := chunkAt(r, pos)
		if err != nil {
			return header{}, headerFault(err, "the file ends before its samples")
		}
		pos += 8
		switch id {
		case "fmt ":
			if h, err = parseFormat(r, pos, length); err != nil {
				return header{}, err
			}
			hasFormat = true
		case "data":
			if !hasFormat {
				return header{}, fault(FaultBadHeader, "the samples come before their format", nil)
			}
			return placeData(r, h, pos, length, size)
		}
		pos += length + length%2
	}
	return header{}, fault(FaultBadHeader, "the header has too many chunks", nil)
}

// chunkAt reads the name and length of the chunk at pos.
func chunkAt(r io.ReaderAt, pos int64) (string, int64, error) {
	var head [8]byte
	if _, err := r.ReadAt(head[:], pos); err != nil {
		return "", 0, err
	}
	return string(head[:4]), int64(binary.LittleEndian.Uint32(head[4:])), nil
}

// headerFault tells the end of the file from a failing disk.
func headerFault(err error, message string) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF { //nolint:errorlint // ReadAt returns them bare
		return fault(FaultBadHeader, message, nil)
	}
	return fault(FaultUnreadable, "the file cannot be read", err)
}

func parseFormat(r io.ReaderAt, pos, length int64) (header, error) {
	if length < minFormat || length > maxFormat {
		return header{}, fault(FaultBadFormatSize,
			fmt.Sprintf("the format chunk declares %d bytes; %d to %d make sense", length, minFormat, maxFormat), nil)
	}
	b := make([]byte, length)
	if _, err := r.ReadAt(b, pos); err != nil {
		return header{}, headerFault(err, "the file ends inside its format chunk")
	}
	h := header{
		tag:      binary.LittleEndian.Uint16(b),
		channels: int(binary.LittleEndian.Uint16(b[2:])),
		rate:     int(binary.LittleEndian.Uint32(b[4:])),
		bits:     int(binary.LittleEndian.Uint16(b[14:])),
	}
	if h.tag == tagExtensible {
		tag, ok := subFormat(b)
		if !ok {
			return header{}, fault(FaultCodec, "the extensible format names no coding that is read", nil)
		}
		h.tag = tag
	}
	return h, checkFormat(h, int(binary.LittleEndian.Uint16(b[12:])))
}

// subFormat returns the format tag inside the GUID of an extensible format chunk.
func subFormat(b []byte) (uint16, bool) {
	tail := []byte("\x00\x00\x00\x00\x10\x00\x80\x00\x00\xAA\x00\x38\x9B\x71")
	if len(b) < 40 || !bytes.Equal(b[26:40], tail) {
		return 0, false
	}
	return binary.LittleEndian.Uint16(b[24:]), true
}

func checkFormat(h header, blockAlign int) error {
	switch {
	case h.channels == 0:
		return fault(FaultNoChannels, "the header declares no channels", nil)
	case h.channels > maxChannels:
		return fault(FaultTooManyChannels,
			fmt.Sprintf("the header declares %d channels; calls have one or two", h.channels), nil)
	case h.rate < minRate || h.rate > maxRate:
		return fault(FaultBadRate,
			fmt.Sprintf("the header declares %d Hz; %d to %d Hz are read", h.rate, minRate, maxRate), nil)
	case !knownCoding(h.tag, h.bits):
		return fault(FaultCodec, fmt.Sprintf("the coding (format tag 0x%04X, %d bits) is not read; "+
			"convert the file to PCM, A-law or µ-law", h.tag, h.bits), nil)
	case blockAlign != h.frameSize():
		return fault(FaultBadBlockAlign, fmt.Sprintf("the header declares %d bytes a frame for %d channels of %d bits",
			blockAlign, h.channels, h.bits), nil)
	}
	return nil
}

func knownCoding(tag uint16, bits int) bool {
	switch tag {
	case tagPCM:
		return bits == 8 || bits == 16 || bits == 24 || bits == 32
	case tagFloat:
		return bits == 32
	case tagALaw, tagMuLaw:
		return bits == 8
	}
	return false
}

// placeData completes h with what is really in the data chunk of the declared length at pos.
func placeData(r io.ReaderAt, h header, pos, declared, size int64) (header, error) {
	rest := max(0, size-pos)
	length := min(declared, rest)
	switch {
	case declared == 0 && rest > 0 && !endsInChunks(r, pos, size), declared >= streamedSize && declared > rest:
		length = rest
		h.warnings = append(h.warnings, "the header does not know the length of the recording; the rest of the file is used")
	case declared > rest:
		h.truncated = true
		h.warnings = append(h.warnings, fmt.Sprintf("the file is cut off: %d of %d bytes of samples are there", rest, declared))
	}
	h.offset, h.frames = pos, length/int64(h.frameSize())
	if h.frames == 0 {
		return header{}, fault(FaultHeaderOnly, "the file has a header and no samples", nil)
	}
	return h, nil
}

// endsInChunks reports whether only well-formed chunks lie between pos and the end of the file: then
// a data chunk of length 0 means that nothing was recorded.
func endsInChunks(r io.ReaderAt, pos, size int64) bool {
	for range maxChunks {
		if pos >= size {
			return true
		}
		id, length, err := chunkAt(r, pos)
		if err != nil || !printable(id) {
			return false
		}
		pos += 8 + length + length%2
		if pos > size+1 {
			return false
		}
	}
	return false
}

func printable(id string) bool {
	for _, c := range []byte(id) {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}
