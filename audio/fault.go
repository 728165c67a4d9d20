package audio

import (
	"errors"
	"io/fs"

	"github.com/zhijian-qa/zhijian/call"
)

// The codes of the faults that Open and reading return. Each names one reason why a recording
// cannot be used; they are stable and appear in failure lists.
const (
	FaultNotFound        = "not_found"         // no such file
	FaultDirectory       = "directory"         // a directory, not a file
	FaultNotRegular      = "not_regular"       // a pipe, socket or device
	FaultUnreadable      = "unreadable"        // no permission, or reading failed
	FaultEmpty           = "empty"             // zero bytes
	FaultHeaderOnly      = "header_only"       // a header without one sample behind it
	FaultBadHeader       = "bad_header"        // a WAV header that is broken or cut off
	FaultBadFormatSize   = "bad_fmt_size"      // a format chunk of impossible size
	FaultNoChannels      = "no_channels"       // 0 channels
	FaultTooManyChannels = "too_many_channels" // more than 2 channels
	FaultBadRate         = "bad_rate"          // sampling rate 0 or outside 8 to 48 kHz
	FaultBadBlockAlign   = "bad_block_align"   // frame size, bits and channels contradict each other
	FaultCodec           = "unsupported_codec" // ADPCM and other codings inside WAV
	FaultNotAudio        = "not_audio"         // content of no known audio format
	FaultText            = "text_file"         // text with an audio name
	FaultPlaylist        = "playlist"          // a list of other media: never followed
	FaultNoFFmpeg        = "ffmpeg_missing"    // the container needs ffmpeg, which is not installed
	FaultTranscode       = "transcode_failed"  // ffmpeg could not decode the file
	FaultTimeout         = "transcode_timeout" // ffmpeg took longer than allowed
	FaultTooLarge        = "too_large"         // the file is larger than allowed
)

// fault returns a *call.Fault as an error. Paths are left out of the cause: file names carry telephone
// numbers, and faults are logged.
func fault(code, message string, cause error) error {
	var path *fs.PathError
	if errors.As(cause, &path) {
		cause = path.Err
	}
	return call.NewFault(code, message, cause)
}
