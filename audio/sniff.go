package audio

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// container is a kind of audio file told by its first bytes.
type container struct {
	name    string
	demuxer string // of ffmpeg, forced so that the content cannot choose another
}

// signature is a pattern at the start of a file, or at an offset.
type signature struct {
	offset int
	magic  string
	container
}

// signatures is asked in order.
var signatures = []signature{
	{0, "RIFX", container{"rifx", "wav"}},
	{0, "RF64", container{"rf64", "wav"}},
	{0, "ID3", container{"mp3", "mp3"}},
	{4, "ftyp", container{"m4a", "mov"}},
	{0, "OggS", container{"ogg", "ogg"}},
	{0, "fLaC", container{"flac", "flac"}},
	{0, "#!AMR", container{"amr", "amr"}},
	{0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11", container{"wma", "asf"}},
	{0, "\x1A\x45\xDF\xA3", container{"webm", "matroska"}},
	{0, ".snd", container{"au", "au"}},
	{0, "caff", container{"caf", "caf"}},
	{8, "AIFF", container{"aiff", "aiff"}},
	{8, "AIFC", container{"aiff", "aiff"}},
}

// playlists are the beginnings of files that only name other media.
var playlists = []string{"#EXTM3U", "[playlist]", "ffconcat version", "<smil", "<?xml", "<asx", "[Reference]"}

// sniff tells what a file is by its content; its name plays no part.
func sniff(r io.ReaderAt) (container, error) {
	b := make([]byte, 512)
	n, err := r.ReadAt(b, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return container{}, fault(FaultUnreadable, "the file cannot be read", err)
	}
	b = b[:n]
	if at(b, 0, "RIFF") {
		if len(b) >= 12 && !at(b, 8, "WAVE") {
			return container{}, fault(FaultNotAudio, "the file is of the RIFF family and no WAV file", nil)
		}
		return container{name: "wav"}, nil
	}
	for _, s := range signatures {
		if at(b, s.offset, s.magic) {
			return s.container, nil
		}
	}
	if c, ok := frameSync(b); ok {
		return c, nil
	}
	return container{}, notAudio(b)
}

func at(b []byte, offset int, magic string) bool {
	return len(b) >= offset+len(magic) && string(b[offset:offset+len(magic)]) == magic
}

// frameSync recognises the bare frames of MPEG audio and of AAC.
func frameSync(b []byte) (container, bool) {
	if len(b) < 4 || b[0] != 0xFF || b[1]&0xE0 != 0xE0 {
		return container{}, false
	}
	layer, bitrate, rate := b[1]>>1&3, b[2]>>4, b[2]>>2&3
	switch {
	case b[1]&0xF6 == 0xF0: // layer 0 marks AAC
		return container{"aac", "aac"}, true
	case layer != 0 && b[1]>>3&3 != 1 && bitrate != 15 && rate != 3:
		return container{"mp3", "mp3"}, true
	}
	return container{}, false
}

// notAudio says what the content is instead, as far as that can be told.
func notAudio(b []byte) error {
	text := bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF")), " \t\r\n")
	for _, start := range playlists {
		if len(text) >= len(start) && bytes.EqualFold(text[:len(start)], []byte(start)) {
			return fault(FaultPlaylist, "the file is a list of other media, which is never followed", nil)
		}
	}
	if isText(b) {
		return fault(FaultText, "the file holds text, not audio", nil)
	}
	return fault(FaultNotAudio, "the content is of no known audio format", nil)
}

func isText(b []byte) bool {
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		cut := r == utf8.RuneError && size == 1 && len(b) < utf8.UTFMax // a character cut by the end
		if !cut && (r == utf8.RuneError || r < ' ' && r != '\n' && r != '\r' && r != '\t') {
			return false
		}
		b = b[size:]
	}
	return true
}
